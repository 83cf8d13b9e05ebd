//! The description of a table, and the DDL that each engine gets from it.

use std::fmt::Write as _;

/// A column's type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Integer,
    Real,
    Text,
    Blob,
}

/// A column. Not null unless said so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Column {
    pub(crate) name: &'static str,
    kind: Kind,
    optional: bool,
}

impl Column {
    const fn new(name: &'static str, kind: Kind) -> Self {
        Self { name, kind, optional: false }
    }
    pub(crate) const fn integer(name: &'static str) -> Self {
        Self::new(name, Kind::Integer)
    }
    pub(crate) const fn real(name: &'static str) -> Self {
        Self::new(name, Kind::Real)
    }
    pub(crate) const fn text(name: &'static str) -> Self {
        Self::new(name, Kind::Text)
    }
    pub(crate) const fn blob(name: &'static str) -> Self {
        Self::new(name, Kind::Blob)
    }
    /// May be NULL.
    pub(crate) const fn optional(mut self) -> Self {
        self.optional = true;
        self
    }
}

/// A foreign key of one column.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reference {
    pub(crate) column: &'static str,
    pub(crate) table: &'static str,
    pub(crate) key: &'static str,
}

/// A table: columns, keys and indexes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Table {
    pub(crate) name: &'static str,
    pub(crate) columns: &'static [Column],
    pub(crate) primary_key: &'static [&'static str],
    pub(crate) unique: &'static [&'static [&'static str]],
    pub(crate) references: &'static [Reference],
    pub(crate) indexes: &'static [&'static [&'static str]],
}

/// One change of the schema.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Change {
    /// A new table with its indexes.
    Create(&'static Table),
    /// A new column, which must be optional: there are rows already.
    #[allow(dead_code, reason = "for the migrations to come")]
    Add { table: &'static str, column: Column },
    /// A new index.
    #[allow(dead_code, reason = "for the migrations to come")]
    Index { table: &'static str, columns: &'static [&'static str] },
}

/// Which DDL to write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Dialect {
    Sqlite,
    Postgres,
}

impl Dialect {
    fn column_type(self, kind: Kind) -> &'static str {
        match (self, kind) {
            (Self::Sqlite, Kind::Integer) => "INTEGER",
            (Self::Sqlite, Kind::Real) => "REAL",
            (Self::Sqlite, Kind::Text) => "TEXT",
            (Self::Sqlite, Kind::Blob) => "BLOB",
            (Self::Postgres, Kind::Integer) => "BIGINT",
            (Self::Postgres, Kind::Real) => "DOUBLE PRECISION",
            // Bytes in order, as SQLite sorts: the same pages on both engines, and LIKE 'x%' finds the index.
            (Self::Postgres, Kind::Text) => "TEXT COLLATE \"C\"",
            (Self::Postgres, Kind::Blob) => "BYTEA",
        }
    }
}

impl Change {
    /// The statements that make this change.
    pub(crate) fn ddl(&self, dialect: Dialect) -> Vec<String> {
        match self {
            Self::Create(table) => table.ddl(dialect),
            Self::Add { table, column } => {
                vec![format!("ALTER TABLE {table} ADD COLUMN {}", column_ddl(column, dialect))]
            }
            Self::Index { table, columns } => vec![index_ddl(table, columns)],
        }
    }
}

impl Table {
    fn ddl(&self, dialect: Dialect) -> Vec<String> {
        let mut parts: Vec<String> = self.columns.iter().map(|c| column_ddl(c, dialect)).collect();
        parts.push(format!("PRIMARY KEY ({})", self.primary_key.join(", ")));
        parts.extend(self.unique.iter().map(|columns| format!("UNIQUE ({})", columns.join(", "))));
        parts.extend(
            self.references
                .iter()
                .map(|r| format!("FOREIGN KEY ({}) REFERENCES {} ({})", r.column, r.table, r.key)),
        );
        let mut create = format!("CREATE TABLE {} (\n  {}\n)", self.name, parts.join(",\n  "));
        if dialect == Dialect::Sqlite {
            let _ = write!(create, " STRICT");
        }
        let indexes = self.indexes.iter().map(|columns| index_ddl(self.name, columns));
        std::iter::once(create).chain(indexes).collect()
    }
}

fn column_ddl(column: &Column, dialect: Dialect) -> String {
    let null = if column.optional { "" } else { " NOT NULL" };
    format!("{} {}{null}", column.name, dialect.column_type(column.kind))
}

fn index_ddl(table: &str, columns: &[&str]) -> String {
    format!("CREATE INDEX {table}_by_{} ON {table} ({})", columns.join("_"), columns.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema::{KEYRING, REGISTRY};

    const NOTE: Table = Table {
        name: "note",
        columns: &[Column::text("id"), Column::integer("n").optional(), Column::real("x"), Column::blob("b")],
        primary_key: &["id"],
        unique: &[&["n", "x"]],
        references: &[Reference { column: "n", table: "site", key: "id" }],
        indexes: &[&["x"]],
    };

    #[test]
    fn each_engine_gets_its_own_ddl_from_one_description() {
        assert_eq!(
            Change::Create(&NOTE).ddl(Dialect::Sqlite),
            [
                "CREATE TABLE note (\n  id TEXT NOT NULL,\n  n INTEGER,\n  x REAL NOT NULL,\n  b BLOB NOT NULL,\n  \
                 PRIMARY KEY (id),\n  UNIQUE (n, x),\n  FOREIGN KEY (n) REFERENCES site (id)\n) STRICT",
                "CREATE INDEX note_by_x ON note (x)",
            ]
        );
        let postgres = Change::Create(&NOTE).ddl(Dialect::Postgres).concat();
        for part in ["n BIGINT,", "x DOUBLE PRECISION NOT NULL", "b BYTEA NOT NULL", "COLLATE \"C\" NOT NULL"]
        {
            assert!(postgres.contains(part), "{part}");
        }
    }

    #[test]
    fn later_changes_add_and_never_remove() {
        let add = Change::Add { table: "note", column: Column::text("more").optional() };
        assert_eq!(add.ddl(Dialect::Sqlite), ["ALTER TABLE note ADD COLUMN more TEXT"]);
        let index = Change::Index { table: "note", columns: &["n", "x"] };
        assert_eq!(index.ddl(Dialect::Postgres), ["CREATE INDEX note_by_n_x ON note (n, x)"]);
    }

    #[test]
    fn versions_count_from_one_without_a_gap() {
        for migrations in [REGISTRY, KEYRING] {
            assert!(migrations.iter().zip(1..).all(|(migration, version)| migration.version == version));
        }
    }
}
