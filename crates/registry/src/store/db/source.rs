//! Statements run the same way on the pool and inside a transaction.

use sqlx::{
    AssertSqlSafe, Executor, Postgres, Sqlite, postgres::PgArguments, query::Query, sqlite::SqliteArguments,
};

use super::{Db, Param, Row, Tx};
use crate::store::StoreError;

/// The text of a statement: a named constant, or fragments of constants put together by the query builder.
/// Values never stand in it; they are bound.
pub(crate) enum Sql {
    /// A constant.
    Constant(&'static str),
    /// Made of constants.
    Composed(String),
}

impl From<&'static str> for Sql {
    fn from(text: &'static str) -> Self {
        Self::Constant(text)
    }
}

impl From<String> for Sql {
    fn from(text: String) -> Self {
        Self::Composed(text)
    }
}

macro_rules! bind {
    ($engine:ty, $arguments:ty, $name:ident) => {
        fn $name<'q>(sql: Sql, params: Vec<Param>) -> Query<'q, $engine, $arguments> {
            let query = match sql {
                Sql::Constant(text) => sqlx::query::<$engine>(text),
                Sql::Composed(text) => sqlx::query::<$engine>(AssertSqlSafe(text)),
            };
            params.into_iter().fold(query, |query, param| match param {
                Param::Integer(value) => query.bind(value),
                Param::Real(value) => query.bind(value),
                Param::Text(value) => query.bind(value),
                Param::Blob(value) => query.bind(value),
            })
        }
    };
}
bind!(Sqlite, SqliteArguments, for_sqlite);
bind!(Postgres, PgArguments, for_postgres);

/// Where statements can run: `&Db` (each alone) or `&mut Tx` (all or none). Sealed: only those two.
#[allow(private_interfaces)]
pub trait Source: Send + private::Sealed {
    /// Every row of the answer.
    #[doc(hidden)]
    fn all(self, sql: Sql, params: Vec<Param>) -> impl Future<Output = Result<Vec<Row>, StoreError>> + Send;

    /// The first row of the answer, if there is one.
    #[doc(hidden)]
    fn first(
        self,
        sql: Sql,
        params: Vec<Param>,
    ) -> impl Future<Output = Result<Option<Row>, StoreError>> + Send;
}

mod private {
    pub trait Sealed {}
    impl Sealed for &super::Db {}
    impl Sealed for &mut super::Tx {}
}

#[allow(private_interfaces)]
impl Source for &Db {
    async fn all(self, sql: Sql, params: Vec<Param>) -> Result<Vec<Row>, StoreError> {
        match self {
            Db::Sqlite(engine) => sqlite_all(&engine.readers, sql, params).await,
            Db::Postgres(engine) => postgres_all(&engine.readers, sql, params).await,
        }
    }

    async fn first(self, sql: Sql, params: Vec<Param>) -> Result<Option<Row>, StoreError> {
        match self {
            Db::Sqlite(engine) => sqlite_first(&engine.readers, sql, params).await,
            Db::Postgres(engine) => postgres_first(&engine.readers, sql, params).await,
        }
    }
}

#[allow(private_interfaces)]
impl Source for &mut Tx {
    async fn all(self, sql: Sql, params: Vec<Param>) -> Result<Vec<Row>, StoreError> {
        match self {
            Tx::Sqlite(connection) => sqlite_all(&mut **connection, sql, params).await,
            Tx::Postgres(connection) => postgres_all(&mut **connection, sql, params).await,
        }
    }

    async fn first(self, sql: Sql, params: Vec<Param>) -> Result<Option<Row>, StoreError> {
        match self {
            Tx::Sqlite(connection) => sqlite_first(&mut **connection, sql, params).await,
            Tx::Postgres(connection) => postgres_first(&mut **connection, sql, params).await,
        }
    }
}

impl Tx {
    /// Runs a statement that changes rows; says how many.
    pub(crate) async fn execute(&mut self, sql: &'static str, params: Vec<Param>) -> Result<u64, StoreError> {
        self.execute_sql(Sql::Constant(sql), params).await
    }

    /// As [`Tx::execute`], for a composed text: the schema's DDL.
    pub(crate) async fn execute_sql(&mut self, sql: Sql, params: Vec<Param>) -> Result<u64, StoreError> {
        Ok(match self {
            Self::Sqlite(connection) => {
                for_sqlite(sql, params).execute(&mut **connection).await?.rows_affected()
            }
            Self::Postgres(connection) => {
                for_postgres(sql, params).execute(&mut **connection).await?.rows_affected()
            }
        })
    }
}

async fn sqlite_all<'c>(
    on: impl Executor<'c, Database = Sqlite>,
    sql: Sql,
    params: Vec<Param>,
) -> Result<Vec<Row>, StoreError> {
    Ok(for_sqlite(sql, params).fetch_all(on).await?.into_iter().map(Row::Sqlite).collect())
}

async fn sqlite_first<'c>(
    on: impl Executor<'c, Database = Sqlite>,
    sql: Sql,
    params: Vec<Param>,
) -> Result<Option<Row>, StoreError> {
    Ok(for_sqlite(sql, params).fetch_optional(on).await?.map(Row::Sqlite))
}

async fn postgres_all<'c>(
    on: impl Executor<'c, Database = Postgres>,
    sql: Sql,
    params: Vec<Param>,
) -> Result<Vec<Row>, StoreError> {
    Ok(for_postgres(sql, params).fetch_all(on).await?.into_iter().map(Row::Postgres).collect())
}

async fn postgres_first<'c>(
    on: impl Executor<'c, Database = Postgres>,
    sql: Sql,
    params: Vec<Param>,
) -> Result<Option<Row>, StoreError> {
    Ok(for_postgres(sql, params).fetch_optional(on).await?.map(Row::Postgres))
}
