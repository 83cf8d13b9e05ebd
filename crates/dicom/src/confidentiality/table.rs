//! Table E.1-1, read once from the text file beside the code.

use std::{collections::HashMap, sync::OnceLock};

use dicom_core::Tag;

/// The edition of PS3.15 that the table is of.
pub const EDITION: &str = "2026c";

const TEXT: &str = include_str!("../../data/confidentiality.tsv");
const COLUMNS: usize = 14;

/// One row: what the profile and its options say of an attribute. Cells hold `X`, `Z`, `D`, `U`, `K`, `C`, a
/// compound such as `X/Z/D`, `-` (nothing) or `?` (not known for this edition).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// Eight hexadecimal digits, `x` for any digit, or `private`.
    pub tag: &'static str,
    /// Name of the attribute.
    pub name: &'static str,
    /// `Y` when the attribute is in a standard composite IOD.
    pub standard_iod: &'static str,
    /// Basic Application Level Confidentiality Profile.
    pub basic: &'static str,
    /// Retain Safe Private Option.
    pub safe_private: &'static str,
    /// Retain UIDs Option.
    pub uids: &'static str,
    /// Retain Device Identity Option.
    pub device: &'static str,
    /// Retain Institution Identity Option.
    pub institution: &'static str,
    /// Retain Patient Characteristics Option.
    pub patient: &'static str,
    /// Retain Longitudinal Temporal Information With Full Dates Option.
    pub full_dates: &'static str,
    /// Retain Longitudinal Temporal Information With Modified Dates Option.
    pub modified_dates: &'static str,
    /// Clean Descriptors Option.
    pub descriptors: &'static str,
    /// Clean Structured Content Option.
    pub structured: &'static str,
    /// Clean Graphics Option.
    pub graphics: &'static str,
}

struct Table {
    rows: Vec<Row>,
    /// Row numbers by `group << 16 | element`.
    exact: HashMap<u32, usize>,
    /// Rows of repeating groups: mask, value under the mask, row number.
    repeating: Vec<(u32, u32, usize)>,
    private: Option<usize>,
}

/// All rows of the table.
pub fn rows() -> &'static [Row] {
    &table().rows
}

/// The row of an attribute; the row of private attributes for every odd group. `None` when it is not listed.
pub fn row(tag: Tag) -> Option<&'static Row> {
    let table = table();
    let number = u32::from(tag.0) << 16 | u32::from(tag.1);
    let found = table.exact.get(&number).copied();
    let found = found.or_else(|| table.private.filter(|_| tag.0 % 2 == 1));
    let found = found.or_else(|| {
        let matches = |row: &&(u32, u32, usize)| number & row.0 == row.1;
        table.repeating.iter().find(matches).map(|row| row.2)
    });
    table.rows.get(found?)
}

fn table() -> &'static Table {
    static TABLE: OnceLock<Table> = OnceLock::new();
    TABLE.get_or_init(build)
}

fn build() -> Table {
    let rows: Vec<Row> =
        TEXT.lines().filter(|line| !line.starts_with('#')).skip(1).filter_map(parse_row).collect();
    let mut table = Table { exact: HashMap::new(), repeating: Vec::new(), private: None, rows };
    for (index, row) in table.rows.iter().enumerate() {
        match (row.tag, u32::from_str_radix(row.tag, 16)) {
            ("private", _) => table.private = Some(index),
            (_, Ok(number)) => {
                table.exact.insert(number, index);
            }
            (pattern, Err(_)) => {
                let (mask, value) = mask_of(pattern);
                table.repeating.push((mask, value, index));
            }
        }
    }
    table
}

fn mask_of(pattern: &str) -> (u32, u32) {
    pattern.chars().fold((0, 0), |(mask, value), digit| match digit.to_digit(16) {
        Some(digit) => (mask << 4 | 0xF, value << 4 | digit),
        None => (mask << 4, value << 4),
    })
}

fn parse_row(line: &'static str) -> Option<Row> {
    let cells: Vec<&str> = line.split('\t').collect();
    let cells: [&str; COLUMNS] = cells.try_into().ok()?;
    let [tag, name, standard_iod, basic, rest @ ..] = cells;
    let [safe_private, uids, device, institution, patient, rest @ ..] = rest;
    let [full_dates, modified_dates, descriptors, structured, graphics] = rest;
    Some(Row {
        tag,
        name,
        standard_iod,
        basic,
        safe_private,
        uids,
        device,
        institution,
        patient,
        full_dates,
        modified_dates,
        descriptors,
        structured,
        graphics,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_line_is_a_row() {
        let lines = TEXT.lines().filter(|line| !line.starts_with('#')).count();
        assert_eq!(rows().len(), lines - 1);
        assert_eq!(rows().len(), 656);
        assert_eq!(rows().iter().filter(|row| row.basic == "?").count(), 0);
    }

    #[test]
    fn exact_repeating_and_private_rows_are_found() {
        assert_eq!(row(Tag(0x0010, 0x0010)).map(|row| row.name), Some("Patient's Name"));
        assert_eq!(row(Tag(0x0010, 0x0012)).map(|row| row.name), Some("Name to Use"));
        assert_eq!(row(Tag(0x5004, 0x1234)).map(|row| row.name), Some("Curve Data"));
        assert_eq!(row(Tag(0x60FE, 0x4000)).map(|row| row.name), Some("Overlay Comments"));
        assert_eq!(row(Tag(0x6000, 0x0010)), None);
        assert_eq!(row(Tag(0x0029, 0x1010)).map(|row| row.tag), Some("private"));
        assert_eq!(row(Tag(0x0028, 0x0010)), None);
    }
}
