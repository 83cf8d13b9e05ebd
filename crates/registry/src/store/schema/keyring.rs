//! The keyring's own database: keys under keys, never in the clear, never beside the objects.

use super::{Column as C, Reference, Table};

pub(crate) const RING_KEY: Table = Table {
    name: "ring_key",
    columns: &[
        C::text("id"),
        C::blob("wrapped"),
        C::integer("created_at"),
        C::integer("retired_at").optional(),
    ],
    primary_key: &["id"],
    unique: &[],
    references: &[],
    indexes: &[],
};

/// Without its `wrapped` key a subject's objects can be read by nobody: that is what destroying means.
pub(crate) const SUBJECT_KEY: Table = Table {
    name: "subject_key",
    columns: &[
        C::text("subject_id"),
        C::text("ring_id"),
        C::blob("wrapped").optional(),
        C::integer("created_at"),
        C::integer("destroyed_at").optional(),
    ],
    primary_key: &["subject_id"],
    unique: &[],
    references: &[Reference { column: "ring_id", table: "ring_key", key: "id" }],
    indexes: &[&["ring_id"]],
};
