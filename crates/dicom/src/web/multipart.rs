//! Bodies of type multipart/related (RFC 2387, PS3.18 section 8.6.1.2): the frame around parts that are streamed.

/// One multipart/related body. Its bytes are, for each part, [`part_header`](Self::part_header), the part's own bytes
/// and [`PART_END`](Self::PART_END); after the last part [`end`](Self::end).
#[derive(Clone, Debug)]
pub struct Multipart {
    boundary: String,
    root_type: String,
}

impl Multipart {
    /// What follows each part's bytes.
    pub const PART_END: &'static [u8] = b"\r\n";

    /// A body whose parts are of `root_type`, as in `application/dicom`. `random` must be unpredictable to whoever
    /// wrote the parts, for then no part can contain the boundary.
    pub fn new(root_type: &str, random: u128) -> Self {
        Self { boundary: format!("sumgil-{random:032x}"), root_type: header_safe(root_type) }
    }

    /// Value of the Content-Type header of the whole.
    pub fn content_type(&self) -> String {
        format!("multipart/related; type=\"{}\"; boundary={}", self.root_type, self.boundary)
    }

    /// What goes before a part's bytes. `content_type` is the part's own, for example with
    /// `; transfer-syntax=...`; `location` is where the part can be had alone. Line breaks are taken out.
    pub fn part_header(
        &self,
        content_type: &str,
        location: Option<&str>,
        length_bytes: Option<u64>,
    ) -> Vec<u8> {
        let mut header = format!("--{}\r\nContent-Type: {}\r\n", self.boundary, header_safe(content_type));
        if let Some(length) = length_bytes {
            header.push_str(&format!("Content-Length: {length}\r\n"));
        }
        if let Some(location) = location {
            header.push_str(&format!("Content-Location: {}\r\n", header_safe(location)));
        }
        header.push_str("\r\n");
        header.into_bytes()
    }

    /// What goes after the last part.
    pub fn end(&self) -> Vec<u8> {
        format!("--{}--\r\n", self.boundary).into_bytes()
    }
}

/// Without control characters: nothing put into a header can begin another one.
fn header_safe(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Takes a body apart the way RFC 2046 says.
    fn parts(content_type: &str, body: &[u8]) -> Vec<(String, Vec<u8>)> {
        let boundary = content_type.split("boundary=").nth(1).unwrap();
        let delimiter = format!("\r\n--{boundary}").into_bytes();
        let mut rest = [b"\r\n", body].concat();
        let mut parts = Vec::new();
        loop {
            assert!(rest.starts_with(&delimiter));
            rest.drain(..delimiter.len());
            if rest.starts_with(b"--") {
                assert_eq!(rest, b"--\r\n");
                return parts;
            }
            let end = rest.windows(delimiter.len()).position(|window| window == delimiter).unwrap();
            let part: Vec<u8> = rest.drain(..end).collect();
            let blank = part.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
            let header = String::from_utf8(part[2..blank].to_vec()).unwrap();
            parts.push((header, part[blank + 4..].to_vec()));
        }
    }

    proptest! {
        #[test]
        fn what_is_framed_is_found_again(
            bodies in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..200), 0..5),
            random: u128,
            location in ".{0,40}",
        ) {
            let multipart = Multipart::new("application/dicom", random);
            let mut whole = Vec::new();
            for body in &bodies {
                let length = Some(body.len() as u64);
                whole.extend(multipart.part_header("application/dicom", Some(&location), length));
                whole.extend(body);
                whole.extend(Multipart::PART_END);
            }
            whole.extend(multipart.end());
            let found = parts(&multipart.content_type(), &whole);
            prop_assert_eq!(found.len(), bodies.len());
            for ((header, found), body) in found.iter().zip(&bodies) {
                prop_assert_eq!(found, body);
                prop_assert_eq!(header.split("\r\n").count(), 3, "three headers, whatever the location holds");
            }
        }
    }

    #[test]
    fn the_type_is_quoted_because_it_has_a_slash() {
        let multipart = Multipart::new("application/dicom", 5);
        let expected =
            "multipart/related; type=\"application/dicom\"; boundary=sumgil-00000000000000000000000000000005";
        assert_eq!(multipart.content_type(), expected);
    }
}
