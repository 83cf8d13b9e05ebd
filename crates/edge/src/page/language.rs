//! Korean or English: by the reader's choice, else by what the browser asks for.

use axum::http::{HeaderMap, header};

use super::cookies::cookie;

/// The cookie that keeps the choice.
pub(super) const COOKIE: &str = "sumgil_language";

/// A language of the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    /// English.
    English,
    /// 한국어.
    Korean,
}

impl Language {
    /// Its tag in HTML.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Korean => "ko",
        }
    }

    /// The language with this tag.
    pub fn of(tag: &str) -> Option<Self> {
        [Self::English, Self::Korean].into_iter().find(|language| language.tag() == tag)
    }

    /// The language of a request.
    pub(super) fn of_request(headers: &HeaderMap) -> Self {
        cookie(headers, COOKIE).and_then(Self::of).unwrap_or_else(|| {
            let wanted = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok());
            preferred(wanted.unwrap_or_default())
        })
    }
}

/// The first of our languages with the greatest weight.
fn preferred(accept: &str) -> Language {
    let mut best = (0.0, Language::English);
    for part in accept.split(',').take(20) {
        let (tag, rest) = part.split_once(';').unwrap_or((part, ""));
        let weight =
            rest.trim().strip_prefix("q=").map_or(Some(1.0), |q| q.parse::<f32>().ok()).unwrap_or(0.0);
        let main = tag.trim().split('-').next().unwrap_or_default().to_ascii_lowercase();
        if let Some(language) = Language::of(&main)
            && weight > best.0
        {
            best = (weight, language);
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_browser_is_asked_and_the_choice_wins() {
        assert_eq!(preferred("ko-KR,ko;q=0.9,en-US;q=0.8"), Language::Korean);
        assert_eq!(preferred("en-GB,en;q=0.9,ko;q=0.8"), Language::English);
        assert_eq!(preferred("de, ko;q=0.5, en;q=0.4"), Language::Korean);
        assert_eq!(preferred("fr;q=x,,;;"), Language::English);
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT_LANGUAGE, "en".parse().unwrap());
        headers.insert(header::COOKIE, "a=b; sumgil_language=ko".parse().unwrap());
        assert_eq!(Language::of_request(&headers), Language::Korean);
    }
}
