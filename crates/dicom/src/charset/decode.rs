//! One text: declared character set first, then strict UTF-8, then Korean.

use encoding_rs::{EUC_KR, Encoding, UTF_8};

use super::escapes;

/// Decodes `bytes` by the values of Specific Character Set; what they cannot explain is tried as strict UTF-8,
/// then as CP949 (Korean), then taken byte by byte.
pub fn decode(bytes: &[u8], codes: &[String]) -> String {
    let first = codes.first().and_then(|code| single(code));
    if bytes.contains(&escapes::ESCAPE) {
        return escapes::decode(bytes, first);
    }
    if bytes.is_ascii() {
        return bytes.iter().map(|byte| char::from(*byte)).collect();
    }
    decode_run(bytes, first)
}

/// Decodes bytes without escapes in `encoding`, or as best they can be.
pub(super) fn decode_run(bytes: &[u8], encoding: Option<&'static Encoding>) -> String {
    encoding
        .and_then(|encoding| strictly(encoding, bytes))
        .or_else(|| strictly(UTF_8, bytes))
        .or_else(|| strictly(EUC_KR, bytes))
        .unwrap_or_else(|| bytes.iter().map(|byte| char::from(*byte)).collect())
}

fn strictly(encoding: &'static Encoding, bytes: &[u8]) -> Option<String> {
    encoding.decode_without_bom_handling_and_without_replacement(bytes).map(std::borrow::Cow::into_owned)
}

/// The encoding of a defined term that needs no escapes (PS3.3 C.12.1.1.2); `None` for ASCII and unknown terms.
fn single(code: &str) -> Option<&'static Encoding> {
    let code = code.trim().replace('_', " ");
    let number = code.trim_start_matches("ISO 2022 IR ").trim_start_matches("ISO IR ");
    Some(match number {
        "100" => encoding_rs::WINDOWS_1252,
        "101" => encoding_rs::ISO_8859_2,
        "109" => encoding_rs::ISO_8859_3,
        "110" => encoding_rs::ISO_8859_4,
        "126" => encoding_rs::ISO_8859_7,
        "127" => encoding_rs::ISO_8859_6,
        "138" => encoding_rs::ISO_8859_8,
        "144" => encoding_rs::ISO_8859_5,
        "148" => encoding_rs::WINDOWS_1254,
        "166" => encoding_rs::WINDOWS_874,
        "203" => encoding_rs::ISO_8859_15,
        "13" => encoding_rs::SHIFT_JIS,
        "149" => EUC_KR,
        "58" | "GBK" | "GB2312" => encoding_rs::GBK,
        "GB18030" => encoding_rs::GB18030,
        "192" => UTF_8,
        _ => return None,
    })
}

/// `text` as bare EUC-KR (CP949), as devices write it without declaring it; `None` for other characters.
pub fn encode_korean(text: &str) -> Option<Vec<u8>> {
    let (bytes, _, failed) = EUC_KR.encode(text);
    (!failed).then(|| bytes.into_owned())
}

/// `text` in `\ISO 2022 IR 149`: the escape stands before the first Korean character of each component.
pub fn encode_korean_2022(text: &str) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut designated = false;
    for c in text.chars() {
        if matches!(c, '^' | '=' | '\\' | '\r' | '\n') {
            designated = false;
        }
        if !c.is_ascii() && !designated {
            out.extend_from_slice(b"\x1B$)C");
            designated = true;
        }
        out.extend(encode_korean(c.encode_utf8(&mut [0; 4]))?);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn codes(text: &str) -> Vec<String> {
        text.split('\\').map(str::to_owned).collect()
    }

    #[test]
    fn examples_of_the_standard() {
        // PS3.5 H.3.1, I.2
        let japanese =
            b"Yamada^Tarou=\x1B$B;3ED\x1B(B^\x1B$BB@O:\x1B(B=\x1B$B$d$^$@\x1B(B^\x1B$B$?$m$&\x1B(B";
        assert_eq!(decode(japanese, &codes("\\ISO 2022 IR 87")), "Yamada^Tarou=山田^太郎=やまだ^たろう");
        let korean =
            b"Hong^Gildong=\x1B$)C\xFB\xF3^\x1B$)C\xD1\xCE\xD4\xD7=\x1B$)C\xC8\xAB^\x1B$)C\xB1\xE6\xB5\xBF";
        assert_eq!(decode(korean, &codes("\\ISO 2022 IR 149")), "Hong^Gildong=洪^吉洞=홍^길동");
        let half_width = b"\xD4\xCF\xC0\xDE^\xC0\xDB\xB3";
        assert_eq!(decode(half_width, &codes("ISO_IR 13")), "ﾔﾏﾀ\u{FF9E}^ﾀﾛｳ");
        let chinese = b"Zhang^XiaoDong=\x1B$)A\xD5\xC5^\x1B$)A\xD0\xA1\xB6\xAB";
        assert_eq!(decode(chinese, &codes("\\ISO 2022 IR 58")), "Zhang^XiaoDong=张^小东");
        assert_eq!(decode(b"Buc^J\xE9r\xF4me", &codes("ISO_IR 100")), "Buc^Jérôme");
        let cyrillic = b"\xBB\xEE\xDA\xE1\xD5\xDC\xD1\xE3\xE0\xD3";
        assert_eq!(decode(cyrillic, &codes("ISO_IR 144")), "Люксембург");
    }

    #[test]
    fn undeclared_text_is_utf8_then_korean() {
        for declared in ["", "ISO_IR 6", "no such term"] {
            assert_eq!(decode("홍^길동".as_bytes(), &codes(declared)), "홍^길동");
            assert_eq!(decode(&encode_korean("홍^길동").unwrap(), &codes(declared)), "홍^길동");
        }
        assert_eq!(decode(b"\xFF\xFE\x80", &[]), "\u{FF}\u{FE}\u{80}", "nothing is lost");
    }

    #[test]
    fn korean_without_a_repeated_escape_is_still_korean() {
        let mut bytes = b"=\x1B$)C".to_vec();
        bytes.extend(encode_korean("김^영희").unwrap());
        assert_eq!(decode(&bytes, &codes("\\ISO 2022 IR 149")), "=김^영희");
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes: Vec<u8>, code in "(ISO_IR [0-9]{1,3}|\\\\ISO 2022 IR [0-9]{1,3}|GBK)?") {
            decode(&bytes, &codes(&code));
        }

        #[test]
        fn korean_round_trips(text in "[가-힣A-Z^= ]{0,20}") {
            prop_assert_eq!(&decode(&encode_korean_2022(&text).unwrap(), &codes("\\ISO 2022 IR 149")), &text);
            prop_assert_eq!(&decode(&encode_korean(&text).unwrap(), &codes("ISO 2022 IR 149")), &text);
        }
    }
}
