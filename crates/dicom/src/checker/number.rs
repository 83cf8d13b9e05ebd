//! Numbers that identify whoever they are written for, by their form alone.

/// Forms of resident registration numbers and of mobile telephone numbers: `9` is any digit.
const FORMS: [&str; 3] = ["999999-9999999", "019-9999-9999", "019-999-9999"];

/// Whether a resident registration or mobile telephone number stands in the text by itself.
pub(super) fn has_personal_number(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.contains(&b'-') && FORMS.iter().any(|form| has_form(bytes, form.as_bytes()))
}

fn has_form(bytes: &[u8], form: &[u8]) -> bool {
    let fits = |(byte, form): (&u8, &u8)| byte == form || (*form == b'9' && byte.is_ascii_digit());
    let is_joined = |byte: Option<&u8>| byte.is_some_and(|byte| byte.is_ascii_digit() || *byte == b'-');
    bytes.windows(form.len()).enumerate().any(|(at, window)| {
        let before = at.checked_sub(1).and_then(|before| bytes.get(before));
        window.iter().zip(form).all(fits) && !is_joined(before) && !is_joined(bytes.get(at + form.len()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_numbers_count() {
        for text in ["970819-2242037", "주민 970819-2242037.", "tel 010-7159-3050", "016-715-3050"] {
            assert!(has_personal_number(text), "{text}");
        }
        for text in
            ["1970819-2242037", "970819-22420371", "2018-03-15", "970819-224203", "1.2-3", "", "02-715-3050"]
        {
            assert!(!has_personal_number(text), "{text}");
        }
    }
}
