//! Documents inside DICOM: a PDF with a compressed stream of text. They may be left out altogether.

use std::io::Write;

use flate2::{Compression, write::ZlibEncoder};
use sumgil_dicom::{
    dicom_core::{PrimitiveValue, VR},
    dictionary::tags,
};

use super::{
    header::{Place, class, header},
    key::{Action, Item},
    sheet::Sheet,
    spelling::compact,
};

/// An encapsulated PDF.
pub(super) fn document(place: &Place<'_>) -> anyhow::Result<Sheet> {
    let mut sheet = header(place, class::PDF);
    let person = &place.record.person;
    let lines = [
        ("name", format!("{} {}", person.name.latin.0, person.name.latin.1)),
        ("id", place.record.patient_id.clone()),
        ("date", compact(person.birth)),
        ("rrn", person.resident_number.clone()),
        ("phone", person.phone.clone()),
    ];
    for (kind, value) in &lines {
        sheet.line(Item::new("@pdf", kind, value, Action::BytesRemoved));
    }
    let mut bytes = pdf(&lines.map(|line| line.1))?;
    bytes.resize(bytes.len().next_multiple_of(2), b'\n');
    sheet
        .text(tags::CONVERSION_TYPE, "WSD")
        .text(tags::BURNED_IN_ANNOTATION, "YES")
        .text(tags::DOCUMENT_TITLE, "Referral letter")
        .text(tags::MIME_TYPE_OF_ENCAPSULATED_DOCUMENT, "application/pdf")
        .value(tags::ENCAPSULATED_DOCUMENT, VR::OB, PrimitiveValue::U8(bytes.into()));
    Ok(sheet)
}

/// One page with the lines.
fn pdf(lines: &[String]) -> anyhow::Result<Vec<u8>> {
    let text: String = lines.iter().map(|line| format!("0 -18 Td ({line}) Tj\n")).collect();
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(format!("BT /F1 12 Tf 60 780 Td\n{text}ET").as_bytes())?;
    let stream = encoder.finish()?;
    let mut out = b"%PDF-1.4\n".to_vec();
    let objects: [&[u8]; 4] = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 5 0 R/Resources<</Font<</F1 4 0 R>>>>>>",
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ];
    for (number, object) in objects.iter().enumerate() {
        out.extend(format!("{} 0 obj\n", number + 1).into_bytes());
        out.extend(*object);
        out.extend(b"\nendobj\n");
    }
    out.extend(format!("5 0 obj\n<</Length {}/Filter/FlateDecode>>\nstream\n", stream.len()).into_bytes());
    out.extend(stream);
    out.extend(b"\nendstream\nendobj\ntrailer\n<</Root 1 0 R/Size 6>>\n%%EOF");
    Ok(out)
}
