//! Transfer syntaxes and the media types of frames in them (PS3.18 table 8.7.3-3 and 8.7.3-4).

use sumgil_dicom::declared_transfer_syntax;

/// Explicit VR Little Endian: what native frames are, however the file holds them.
pub(super) const EXPLICIT: &str = "1.2.840.10008.1.2.1";
/// The type that every frame can be had as.
pub(super) const OCTETS: &str = "application/octet-stream";

/// The transfer syntax of a kept file, as text.
pub(super) fn of(part10: &[u8]) -> String {
    declared_transfer_syntax(part10).map_or_else(|| EXPLICIT.to_owned(), |uid| uid.as_str().to_owned())
}

/// The media type that is the frame's own, and the transfer syntax that the frame is sent in.
pub(super) fn of_frames(syntax: &str) -> (&'static str, &str) {
    let own = match syntax {
        "1.2.840.10008.1.2.4.50"
        | "1.2.840.10008.1.2.4.51"
        | "1.2.840.10008.1.2.4.57"
        | "1.2.840.10008.1.2.4.70" => "image/jpeg",
        "1.2.840.10008.1.2.4.80" | "1.2.840.10008.1.2.4.81" => "image/jls",
        "1.2.840.10008.1.2.4.90" | "1.2.840.10008.1.2.4.91" => "image/jp2",
        "1.2.840.10008.1.2.4.92" | "1.2.840.10008.1.2.4.93" => "image/jpx",
        "1.2.840.10008.1.2.4.201" | "1.2.840.10008.1.2.4.202" | "1.2.840.10008.1.2.4.203" => "image/jphc",
        "1.2.840.10008.1.2.4.110" | "1.2.840.10008.1.2.4.111" | "1.2.840.10008.1.2.4.112" => "image/jxl",
        "1.2.840.10008.1.2.4.100" | "1.2.840.10008.1.2.4.101" => "video/mpeg",
        "1.2.840.10008.1.2.4.102"
        | "1.2.840.10008.1.2.4.103"
        | "1.2.840.10008.1.2.4.104"
        | "1.2.840.10008.1.2.4.105"
        | "1.2.840.10008.1.2.4.106" => "video/mp4",
        "1.2.840.10008.1.2.4.107" | "1.2.840.10008.1.2.4.108" => "video/H265",
        "1.2.840.10008.1.2.5" => "image/dicom-rle",
        _ => OCTETS,
    };
    // Implicit VR, big endian and deflated concern the data set; native frames are little endian always.
    let encapsulated = syntax.starts_with("1.2.840.10008.1.2.4.") || syntax == "1.2.840.10008.1.2.5";
    (own, if encapsulated { syntax } else { EXPLICIT })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn native_frames_are_octets_and_codestreams_keep_their_syntax() {
        assert_eq!(of_frames("1.2.840.10008.1.2"), (OCTETS, EXPLICIT));
        assert_eq!(of_frames("1.2.840.10008.1.2.1.99"), (OCTETS, EXPLICIT));
        let lossless = "1.2.840.10008.1.2.4.70";
        assert_eq!(of_frames(lossless), ("image/jpeg", lossless));
        assert_eq!(of_frames("1.2.840.10008.1.2.5"), ("image/dicom-rle", "1.2.840.10008.1.2.5"));
    }
}
