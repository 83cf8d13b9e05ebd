//! The DICOM index. Dates and times keep the form of DA and TM, empty where the header has none, so that
//! both engines sort them alike. Free text of the headers is not indexed.

use super::{Column as C, Reference, Table};

pub(crate) const STUDY: Table = Table {
    name: "study",
    columns: &[
        C::text("uid"),
        C::text("subject_id"),
        C::text("site_id"),
        C::text("study_date"),
        C::text("study_time"),
        C::text("accession_number"),
        C::text("study_id"),
        C::text("patient_sex"),
        C::integer("received_at"),
    ],
    primary_key: &["uid"],
    unique: &[],
    references: &[
        Reference { column: "subject_id", table: "subject", key: "id" },
        Reference { column: "site_id", table: "site", key: "id" },
    ],
    indexes: &[
        &["study_date", "uid"],
        &["subject_id", "study_date", "uid"],
        &["site_id", "study_date", "uid"],
        &["accession_number"],
    ],
};

pub(crate) const SERIES: Table = Table {
    name: "series",
    columns: &[
        C::text("uid"),
        C::text("study_uid"),
        C::text("modality"),
        C::integer("series_number").optional(),
        C::text("series_date"),
        C::text("series_time"),
        C::text("body_part_examined"),
        C::text("laterality"),
        C::text("manufacturer"),
        C::text("manufacturer_model_name"),
        C::text("station_name"),
        C::text("device_serial_number"),
        C::text("software_versions"),
        C::integer("received_at"),
    ],
    primary_key: &["uid"],
    unique: &[],
    references: &[Reference { column: "study_uid", table: "study", key: "uid" }],
    indexes: &[&["study_uid", "uid"], &["modality", "study_uid"], &["manufacturer_model_name"]],
};

pub(crate) const INSTANCE: Table = Table {
    name: "instance",
    columns: &[
        C::text("uid"),
        C::text("series_uid"),
        C::text("study_uid"),
        C::text("object_digest"),
        C::text("sop_class"),
        C::text("transfer_syntax"),
        C::integer("instance_number").optional(),
        // What it shows.
        C::text("image_type"),
        C::text("view_position"),
        C::text("view_code"),
        C::text("patient_orientation"),
        C::text("image_laterality"),
        // What made it.
        C::text("manufacturer"),
        C::text("manufacturer_model_name"),
        // When.
        C::text("acquisition_date"),
        C::text("acquisition_time"),
        C::text("content_date"),
        C::text("content_time"),
        // How.
        C::integer("rows_px").optional(),
        C::integer("columns_px").optional(),
        C::integer("frames").optional(),
        C::integer("bits_allocated").optional(),
        C::text("pixel_spacing"),
        C::real("slice_thickness_mm").optional(),
        C::real("kvp").optional(),
        C::real("tube_current_ma").optional(),
        C::real("exposure_mas").optional(),
        C::text("convolution_kernel"),
        C::text("contrast_agent"),
        C::integer("received_at"),
    ],
    primary_key: &["uid"],
    unique: &[&["object_digest"]],
    references: &[
        Reference { column: "series_uid", table: "series", key: "uid" },
        Reference { column: "study_uid", table: "study", key: "uid" },
        Reference { column: "object_digest", table: "object", key: "digest" },
    ],
    indexes: &[&["series_uid", "uid"], &["study_uid", "series_uid", "uid"], &["sop_class"]],
};
