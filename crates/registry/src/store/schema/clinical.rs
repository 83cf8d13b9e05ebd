//! What the clinical tables say. Days are shifted, in ISO form. Each part remembers the revision that set it.

use super::{Column as C, Reference, Table};

const SUBJECT: Reference = Reference { column: "subject_id", table: "subject", key: "id" };

pub(crate) const CLINICAL_RECORD: Table = Table {
    name: "clinical_record",
    columns: &[
        C::text("object_digest"),
        C::text("subject_id"),
        C::integer("revision"),
        C::integer("received_at"),
    ],
    primary_key: &["object_digest"],
    unique: &[],
    references: &[SUBJECT, Reference { column: "object_digest", table: "object", key: "digest" }],
    indexes: &[&["subject_id", "revision"]],
};

pub(crate) const STAY: Table = Table {
    name: "stay",
    columns: &[
        C::text("subject_id"),
        C::text("admission"),
        C::text("discharge").optional(),
        C::integer("revision"),
    ],
    primary_key: &["subject_id"],
    unique: &[],
    references: &[SUBJECT],
    indexes: &[],
};

/// `number`, `answer`, `code` or `missing` is set: one of the four. `ordinal` tells several values of one
/// variable apart, in the order of the record.
pub(crate) const OBSERVATION: Table = Table {
    name: "observation",
    columns: &[
        C::text("subject_id"),
        C::text("variable"),
        C::integer("ordinal"),
        C::integer("revision"),
        C::real("number").optional(),
        C::integer("answer").optional(),
        C::text("code").optional(),
        C::text("missing").optional(),
        C::text("unit").optional(),
        C::real("reference_low").optional(),
        C::real("reference_high").optional(),
        C::text("at").optional(),
        C::text("source").optional(),
    ],
    primary_key: &["subject_id", "variable", "ordinal"],
    unique: &[],
    references: &[SUBJECT],
    indexes: &[&["variable"]],
};

/// `indications` holds codes, separated by `;`. The study need not have arrived yet.
pub(crate) const EXAM_NOTE: Table = Table {
    name: "exam_note",
    columns: &[
        C::text("study_uid"),
        C::text("subject_id"),
        C::integer("revision"),
        C::text("indications"),
        C::text("setting").optional(),
        C::integer("portable").optional(),
    ],
    primary_key: &["subject_id", "study_uid"],
    unique: &[],
    references: &[SUBJECT],
    indexes: &[&["study_uid"]],
};
