//! What sites state beside their objects, and what came of it.

use super::{Column as C, Reference, Table};

const SITE: Reference = Reference { column: "site_id", table: "site", key: "id" };

/// A statement as it came, and its signed answer; none while an erasure is under way.
pub(crate) const STATEMENT: Table = Table {
    name: "statement",
    columns: &[
        C::text("site_id"),
        C::integer("number"),
        C::text("kind"),
        C::text("digest"),
        C::text("body"),
        C::integer("received_at"),
        C::integer("audit_sequence"),
        C::text("answer").optional(),
    ],
    primary_key: &["site_id", "number"],
    unique: &[],
    references: &[SITE],
    indexes: &[],
};

/// A recall, named by the number of the statement that made it.
pub(crate) const RECALL: Table = Table {
    name: "recall",
    columns: &[
        C::text("site_id"),
        C::integer("number"),
        C::text("reason"),
        C::text("note"),
        C::text("who"),
        C::integer("recalled_at"),
        C::integer("erased_at").optional(),
        C::text("erased_by").optional(),
    ],
    primary_key: &["site_id", "number"],
    unique: &[],
    references: &[SITE],
    indexes: &[],
};

/// The tombstone of an object, or of one that was recalled before it came (`held` is 0). No key to `object`.
pub(crate) const RECALLED_OBJECT: Table = Table {
    name: "recalled_object",
    columns: &[
        C::text("site_id"),
        C::text("digest"),
        C::integer("recall_number"),
        C::integer("held"),
        C::integer("recalled_at"),
        C::integer("erased_at").optional(),
        C::integer("file_gone_at").optional(),
        C::text("superseded_by").optional(),
    ],
    primary_key: &["site_id", "digest"],
    unique: &[],
    references: &[SITE],
    indexes: &[&["site_id", "recall_number"]],
};

/// Which objects a release holds: whoever publishes one writes these rows.
pub(crate) const RELEASED_OBJECT: Table = Table {
    name: "released_object",
    columns: &[C::integer("release_number"), C::text("digest"), C::integer("released_at")],
    primary_key: &["release_number", "digest"],
    unique: &[],
    references: &[],
    indexes: &[&["digest"]],
};

/// The token of a subject's national number. The subject's first object may come later.
pub(crate) const SUBJECT_LINK: Table = Table {
    name: "subject_link",
    columns: &[
        C::text("site_id"),
        C::text("subject_id"),
        C::text("secret_id"),
        C::text("token"),
        C::integer("number"),
        C::integer("received_at"),
    ],
    primary_key: &["site_id", "subject_id"],
    unique: &[],
    references: &[SITE],
    indexes: &[&["secret_id", "token"]],
};

pub(crate) const SELF_TEST: Table = Table {
    name: "self_test",
    columns: &[
        C::text("site_id"),
        C::integer("number"),
        C::integer("ran_at"),
        C::text("profile"),
        C::text("software"),
        C::integer("files"),
        C::integer("cleared"),
        C::integer("kept"),
        C::integer("planted"),
        C::integer("hidden"),
        C::integer("should_stay"),
        C::integer("stayed"),
    ],
    primary_key: &["site_id", "number"],
    unique: &[],
    references: &[SITE],
    indexes: &[],
};

pub(crate) const APPROVAL: Table = Table {
    name: "approval",
    columns: &[
        C::text("site_id"),
        C::integer("number"),
        C::text("irb_number"),
        C::text("valid_from"),
        C::text("valid_until"),
        C::text("basis"),
        C::integer("received_at"),
    ],
    primary_key: &["site_id", "number"],
    unique: &[],
    references: &[SITE],
    indexes: &[],
};
