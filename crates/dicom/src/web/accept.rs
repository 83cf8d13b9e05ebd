//! Content negotiation (RFC 9110 section 12.5.1, PS3.18 section 8.7): which of the forms that we have does a client take?

/// Longest list of media ranges that is looked at.
const MOST_RANGES: usize = 64;

/// Whether bodies come alone or as parts of a multipart/related body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Framing {
    /// One body of the media type itself.
    Single,
    /// A multipart/related body with parts of the media type.
    Multipart,
}

/// One form in which something can be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Offer<'a> {
    /// Alone or as parts.
    pub framing: Framing,
    /// The media type, of the parts where there are parts; without parameters: `application/dicom`.
    pub media_type: &'a str,
    /// The transfer syntax, where the media type has them.
    pub transfer_syntax: Option<&'a str>,
}

/// What a client takes, from its Accept header fields or the `accept` query parameter (PS3.18 8.3.3.1).
#[derive(Clone, Debug)]
pub struct Accept(Vec<Range>);

#[derive(Clone, Debug, PartialEq)]
struct Range {
    framing: Option<Framing>,
    media_type: String,
    transfer_syntax: Option<String>,
    /// Thousandths.
    quality: u16,
}

impl Accept {
    /// Reads any number of field values; none at all means that everything is accepted. What cannot be read accepts
    /// nothing; parameters other than `type`, `transfer-syntax` and `q` are ignored.
    pub fn parse<'a>(fields: impl IntoIterator<Item = &'a str>) -> Self {
        let mut fields = fields.into_iter().peekable();
        if fields.peek().is_none() {
            return Self(vec![Range {
                framing: None,
                media_type: "*/*".to_owned(),
                transfer_syntax: None,
                quality: 1000,
            }]);
        }
        Self(fields.flat_map(|field| split(field, ',')).filter_map(Range::parse).take(MOST_RANGES).collect())
    }

    /// The position of the offer that the client likes best, the first of equals; `None`: 406 Not Acceptable.
    pub fn best(&self, offers: &[Offer<'_>]) -> Option<usize> {
        let rated = offers.iter().enumerate().map(|(index, offer)| (self.quality(offer), index));
        let rated = rated.filter(|(quality, _)| *quality > 0);
        rated.max_by_key(|(quality, index)| (*quality, std::cmp::Reverse(*index))).map(|(_, index)| index)
    }

    /// How much one offer is liked, in thousandths; 0: not accepted.
    pub fn quality(&self, offer: &Offer<'_>) -> u16 {
        let rated = self.0.iter().filter_map(|range| Some((range.closeness(offer)?, range.quality)));
        rated.max().map_or(0, |(_, quality)| quality)
    }
}

impl Range {
    fn parse(text: &str) -> Option<Self> {
        let mut pieces = split(text, ';');
        let media_type = pieces.next()?.trim().to_ascii_lowercase();
        let mut range =
            Self { framing: Some(Framing::Single), media_type, transfer_syntax: None, quality: 1000 };
        let mut part_type = None;
        for (name, value) in pieces.filter_map(|piece| piece.split_once('=')) {
            let value = value.trim().trim_matches('"').trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "type" => part_type = Some(value.to_ascii_lowercase()),
                "transfer-syntax" if value != "*" => range.transfer_syntax = Some(value.to_owned()),
                "q" => range.quality = quality(value)?,
                _ => {}
            }
        }
        match range.media_type.as_str() {
            "*/*" => range.framing = None,
            "multipart/related" | "multipart/*" => {
                range.framing = Some(Framing::Multipart);
                range.media_type = part_type.unwrap_or_else(|| "*/*".to_owned());
            }
            _ => {}
        }
        range.media_type.contains('/').then_some(range)
    }

    /// How specifically this range names the offer, if it does.
    fn closeness(&self, offer: &Offer<'_>) -> Option<u8> {
        let framing = match self.framing {
            None => 0,
            Some(framing) if framing == offer.framing => 1,
            Some(_) => return None,
        };
        let media_type = match self.media_type.split_once('/')? {
            ("*", "*") => 0,
            (kind, "*") if offer.media_type.split('/').next() == Some(kind) => 2,
            _ if self.media_type == offer.media_type => 4,
            _ => return None,
        };
        let transfer_syntax = match (&self.transfer_syntax, offer.transfer_syntax) {
            (None, _) => 0,
            (Some(wanted), Some(offered)) if wanted == offered => 8,
            _ => return None,
        };
        Some(framing + media_type + transfer_syntax)
    }
}

/// Pieces of a field value at `separator`, but not inside quotes.
fn split(text: &str, separator: char) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    text.split(move |c| {
        quoted ^= c == '"';
        c == separator && !quoted
    })
}

/// A weight of RFC 9110 12.4.2 in thousandths.
fn quality(text: &str) -> Option<u16> {
    let number: f32 = text.parse().ok()?;
    (0.0..=1.0).contains(&number).then_some((number * 1000.0).round() as u16)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const JLS: &str = "1.2.840.10008.1.2.4.80";

    fn offer<'a>(framing: Framing, media_type: &'a str, transfer_syntax: Option<&'a str>) -> Offer<'a> {
        Offer { framing, media_type, transfer_syntax }
    }

    #[test]
    fn what_viewers_and_clients_really_ask_for() {
        let parts = offer(Framing::Multipart, "application/dicom", Some(JLS));
        let alone = offer(Framing::Single, "application/dicom", Some(JLS));
        let frames = offer(Framing::Multipart, "application/octet-stream", Some(JLS));
        let json = offer(Framing::Single, "application/dicom+json", None);
        for (header, offers, wanted) in [
            ("multipart/related; type=\"application/dicom\"; transfer-syntax=*", vec![alone, parts], Some(1)),
            ("multipart/related;type=application/dicom", vec![alone, parts], Some(1)),
            ("application/dicom", vec![parts, alone], Some(1)),
            (
                "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.1",
                vec![parts],
                None,
            ),
            (
                "multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.1, \
              multipart/related; type=\"application/dicom\"; transfer-syntax=1.2.840.10008.1.2.4.80;q=0.5",
                vec![parts],
                Some(0),
            ),
            ("multipart/related; type=application/octet-stream; transfer-syntax=*", vec![frames], Some(0)),
            ("multipart/related", vec![alone, frames], Some(1)),
            ("application/json, application/dicom+json", vec![json], Some(0)),
            ("*/*", vec![parts, alone], Some(0)),
            ("application/*;q=0.2, */*;q=0.1", vec![parts, json], Some(1)),
            ("application/dicom+json;q=0, */*", vec![json, parts], Some(1)),
            ("text/html", vec![json, parts], None),
            ("application/dicom; q=two", vec![alone], None),
            ("", vec![alone], None),
        ] {
            assert_eq!(Accept::parse([header]).best(&offers), wanted, "{header}");
        }
        assert_eq!(Accept::parse([]).best(&[json]), Some(0), "no header: everything");
        assert_eq!(
            Accept::parse(["text/html", "application/dicom+json"]).best(&[json]),
            Some(0),
            "two header lines"
        );
    }

    proptest! {
        #[test]
        fn any_header_is_read_or_accepts_nothing(header in ".{0,200}") {
            let offers = [offer(Framing::Single, "application/dicom", Some(JLS))];
            let accept = Accept::parse([header.as_str()]);
            prop_assert!(accept.quality(&offers[0]) <= 1000);
            prop_assert_eq!(accept.best(&offers).is_some(), accept.quality(&offers[0]) > 0);
        }
    }
}
