//! The schema: described once, its DDL generated for each engine, changed by numbered forward-only migrations.

mod catalogue;
mod clinical;
mod describe;
mod imaging;
mod keyring;
mod migrate;
mod statements;

pub(crate) use describe::{Change, Column, Reference, Table};
pub(crate) use migrate::{Migration, create_namespace, migrate};

/// The migrations of the registry's database, oldest first. A landed one is never edited.
pub(crate) const REGISTRY: &[Migration] = &[FIRST, STATEMENTS];

const FIRST: Migration = Migration {
    version: 1,
    name: "first schema",
    changes: &[
        Change::Create(&catalogue::SETTING),
        Change::Create(&catalogue::PROTOCOL),
        Change::Create(&catalogue::SITE),
        Change::Create(&catalogue::SITE_PROTOCOL),
        Change::Create(&catalogue::USER_ACCOUNT),
        Change::Create(&catalogue::CREDENTIAL),
        Change::Create(&catalogue::ENROL_TOKEN),
        Change::Create(&catalogue::SUBJECT),
        Change::Create(&catalogue::SUBJECT_PROTOCOL),
        Change::Create(&catalogue::OBJECT),
        Change::Create(&catalogue::UPLOAD),
        Change::Create(&catalogue::AUDIT),
        Change::Create(&imaging::STUDY),
        Change::Create(&imaging::SERIES),
        Change::Create(&imaging::INSTANCE),
        Change::Create(&clinical::CLINICAL_RECORD),
        Change::Create(&clinical::STAY),
        Change::Create(&clinical::OBSERVATION),
        Change::Create(&clinical::EXAM_NOTE),
    ],
};

const STATEMENTS: Migration = Migration {
    version: 2,
    name: "statements of sites: recalls, linkage, self-tests, approvals",
    changes: &[
        Change::Create(&statements::STATEMENT),
        Change::Create(&statements::RECALL),
        Change::Create(&statements::RECALLED_OBJECT),
        Change::Create(&statements::RELEASED_OBJECT),
        Change::Create(&statements::SUBJECT_LINK),
        Change::Create(&statements::SELF_TEST),
        Change::Create(&statements::APPROVAL),
    ],
};

/// The migrations of the keyring's database.
pub(crate) const KEYRING: &[Migration] = &[Migration {
    version: 1,
    name: "first schema",
    changes: &[Change::Create(&keyring::RING_KEY), Change::Create(&keyring::SUBJECT_KEY)],
}];
