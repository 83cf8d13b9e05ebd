//! A raw query string as pairs of names and values (application/x-www-form-urlencoded).

use super::QueryError;

/// Longest query string that is read, in bytes.
const LONGEST: usize = 64 * 1024;
const MOST_PARAMETERS: usize = 256;

/// Decoded pairs in their order; empty pieces are skipped.
pub(super) fn parameters(raw: &str) -> Result<Vec<(String, String)>, QueryError> {
    if raw.len() > LONGEST {
        return Err(QueryError::TooLong);
    }
    let mut pairs = Vec::new();
    for piece in raw.split('&').filter(|piece| !piece.is_empty()) {
        if pairs.len() == MOST_PARAMETERS {
            return Err(QueryError::TooLong);
        }
        let (name, value) = piece.split_once('=').unwrap_or((piece, ""));
        pairs.push((decode(name)?, decode(value)?));
    }
    Ok(pairs)
}

fn decode(text: &str) -> Result<String, QueryError> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'+' => b' ',
            b'%' => {
                let mut digit = || rest.next().and_then(|byte| char::from(byte).to_digit(16));
                let (high, low) =
                    (digit().ok_or(QueryError::Encoding)?, digit().ok_or(QueryError::Encoding)?);
                (high * 16 + low) as u8
            }
            other => other,
        });
    }
    String::from_utf8(bytes).map_err(|_| QueryError::Encoding)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn broken_encoding_is_refused() {
        for bad in ["a=%", "a=%4", "a=%zz", "a=%ff", "%e1=1", "a=%+1"] {
            assert_eq!(parameters(bad), Err(QueryError::Encoding), "{bad}");
        }
        assert_eq!(parameters(&"a&".repeat(300)), Err(QueryError::TooLong));
        assert_eq!(parameters(&"a".repeat(LONGEST + 1)), Err(QueryError::TooLong));
        assert_eq!(
            parameters("&a&&b=%20+c=d&").unwrap(),
            [("a".into(), "".into()), ("b".into(), "  c=d".into())]
        );
    }

    proptest! {
        #[test]
        fn what_is_encoded_is_decoded(name in ".{1,20}", value in ".{0,40}") {
            let encode = |text: &str| text.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
            let raw = format!("{}={}", encode(&name), encode(&value));
            prop_assert_eq!(parameters(&raw).unwrap(), [(name, value)]);
        }

        #[test]
        fn any_text_is_read_or_refused(raw in ".{0,200}") {
            let _ = parameters(&raw);
        }
    }
}
