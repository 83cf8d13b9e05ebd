//! Who and what the registry knows: protocols, sites, users, subjects, objects, uploads, the audit log.

use super::{Column as C, Reference, Table};

const fn reference(column: &'static str, table: &'static str, key: &'static str) -> Reference {
    Reference { column, table, key }
}

pub(crate) const SETTING: Table = Table {
    name: "setting",
    columns: &[C::text("name"), C::text("value")],
    primary_key: &["name"],
    unique: &[],
    references: &[],
    indexes: &[],
};

pub(crate) const PROTOCOL: Table = Table {
    name: "protocol",
    columns: &[
        C::text("id"),
        C::text("name"),
        C::text("codebook"),
        C::text("eligibility"),
        C::text("profile"),
        C::integer("created_at"),
        C::integer("closed_at").optional(),
    ],
    primary_key: &["id"],
    unique: &[],
    references: &[],
    indexes: &[],
};

pub(crate) const SITE: Table = Table {
    name: "site",
    columns: &[
        C::text("id"),
        C::text("name"),
        C::blob("edge_key").optional(),
        C::integer("created_at"),
        C::integer("enrolled_at").optional(),
        C::integer("closed_at").optional(),
    ],
    primary_key: &["id"],
    unique: &[],
    references: &[],
    indexes: &[],
};

pub(crate) const SITE_PROTOCOL: Table = Table {
    name: "site_protocol",
    columns: &[C::text("site_id"), C::text("protocol_id"), C::integer("added_at")],
    primary_key: &["site_id", "protocol_id"],
    unique: &[],
    references: &[reference("site_id", "site", "id"), reference("protocol_id", "protocol", "id")],
    indexes: &[&["protocol_id"]],
};

pub(crate) const USER_ACCOUNT: Table = Table {
    name: "user_account",
    columns: &[
        C::text("name"),
        C::text("role"),
        C::text("site_id").optional(),
        C::integer("created_at"),
        C::integer("disabled_at").optional(),
    ],
    primary_key: &["name"],
    unique: &[],
    references: &[reference("site_id", "site", "id")],
    indexes: &[],
};

pub(crate) const CREDENTIAL: Table = Table {
    name: "credential",
    columns: &[
        C::blob("hash"),
        C::text("user_name").optional(),
        C::text("site_id").optional(),
        C::text("label"),
        C::integer("created_at"),
        C::integer("expires_at").optional(),
        C::integer("revoked_at").optional(),
    ],
    primary_key: &["hash"],
    unique: &[],
    references: &[reference("user_name", "user_account", "name"), reference("site_id", "site", "id")],
    indexes: &[&["user_name"], &["site_id"]],
};

pub(crate) const ENROL_TOKEN: Table = Table {
    name: "enrol_token",
    columns: &[
        C::blob("hash"),
        C::text("site_id"),
        C::integer("created_at"),
        C::integer("expires_at"),
        C::integer("used_at").optional(),
    ],
    primary_key: &["hash"],
    unique: &[],
    references: &[reference("site_id", "site", "id")],
    indexes: &[&["site_id"]],
};

pub(crate) const SUBJECT: Table = Table {
    name: "subject",
    columns: &[
        C::text("id"),
        C::text("site_id"),
        C::text("sex").optional(),
        C::integer("sex_revision"),
        C::integer("age_years").optional(),
        C::integer("age_revision"),
        C::integer("created_at"),
        C::integer("withdrawn_at").optional(),
    ],
    primary_key: &["id"],
    unique: &[],
    references: &[reference("site_id", "site", "id")],
    indexes: &[&["site_id"]],
};

pub(crate) const SUBJECT_PROTOCOL: Table = Table {
    name: "subject_protocol",
    columns: &[C::text("subject_id"), C::text("protocol_id"), C::integer("enrolled_at")],
    primary_key: &["subject_id", "protocol_id"],
    unique: &[],
    references: &[reference("subject_id", "subject", "id"), reference("protocol_id", "protocol", "id")],
    indexes: &[&["protocol_id", "subject_id"]],
};

/// A sealed object. `wrapped_key` is the object key under the subject's key: the only form that is kept.
/// `content_digest` tells whether two objects, sealed under different keys, hold the same bytes.
pub(crate) const OBJECT: Table = Table {
    name: "object",
    columns: &[
        C::text("digest"),
        C::text("site_id"),
        C::text("subject_id"),
        C::text("kind"),
        C::text("uid"),
        C::integer("version"),
        C::text("profile"),
        C::text("state"),
        C::text("reason").optional(),
        C::integer("size_bytes"),
        C::integer("sequence"),
        C::blob("content_digest"),
        C::blob("wrapped_key"),
        C::integer("received_at"),
        C::integer("audit_sequence"),
    ],
    primary_key: &["digest"],
    unique: &[&["site_id", "kind", "uid", "version"]],
    references: &[reference("site_id", "site", "id"), reference("subject_id", "subject", "id")],
    indexes: &[&["subject_id"], &["state"]],
};

pub(crate) const UPLOAD: Table = Table {
    name: "upload",
    columns: &[
        C::text("digest"),
        C::text("site_id"),
        C::text("manifest"),
        C::integer("size_bytes"),
        C::integer("offset_bytes"),
        C::integer("started_at"),
        C::integer("updated_at"),
    ],
    primary_key: &["digest"],
    unique: &[],
    references: &[reference("site_id", "site", "id")],
    indexes: &[&["updated_at"]],
};

pub(crate) const AUDIT: Table = Table {
    name: "audit",
    columns: &[C::integer("sequence"), C::integer("at"), C::text("line"), C::blob("hash")],
    primary_key: &["sequence"],
    unique: &[],
    references: &[],
    indexes: &[&["at"]],
};
