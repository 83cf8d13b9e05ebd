//! Who may use the local page: accounts, failed log-ins, and sessions.

use std::time::Duration;

use sqlx::Row;
use sumgil_custody::CredentialDigest;

use crate::EdgeError;

use super::Db;

/// An account of the local page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Account {
    /// The name, lower case.
    pub name: String,
    /// The role's word.
    pub role: String,
    /// The password's hash in PHC form.
    pub password: String,
    /// When it was made, microseconds UTC.
    pub made_at: i64,
    /// When the password was set, microseconds UTC.
    pub changed_at: i64,
    /// Whether it may not log in.
    pub disabled: bool,
}

/// A session as it was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    /// The account.
    pub account: String,
    /// The account's role.
    pub role: String,
    /// When it began, microseconds UTC.
    pub made_at: i64,
    /// When it was last used, microseconds UTC.
    pub seen_at: i64,
}

const ADD: &str = "
INSERT INTO accounts (name, role, password, made_at, changed_at) VALUES (?1, ?2, ?3, ?4, ?4)
ON CONFLICT (name) DO NOTHING";
const ONE: &str = "
SELECT name, role, password, made_at, changed_at, disabled FROM accounts WHERE name = ?1";
const ALL: &str = "
SELECT name, role, password, made_at, changed_at, disabled FROM accounts ORDER BY name";
const SET_PASSWORD: &str = "UPDATE accounts SET password = ?2, changed_at = ?3 WHERE name = ?1";
const SET_DISABLED: &str = "UPDATE accounts SET disabled = ?2 WHERE name = ?1";
const ANY: &str = "SELECT count(*) FROM accounts WHERE disabled = 0";

const FAILURES: &str = "SELECT failures FROM attempts WHERE name_key = ?1 AND last_at > ?2";
const FAILED: &str = "
INSERT INTO attempts (name_key, failures, last_at) VALUES (?1, 1, ?2)
ON CONFLICT (name_key) DO UPDATE SET last_at = excluded.last_at,
  failures = CASE WHEN last_at > ?3 THEN failures + 1 ELSE 1 END
RETURNING failures";
const FORGIVE: &str = "DELETE FROM attempts WHERE name_key = ?1";
const TIDY_ATTEMPTS: &str = "
DELETE FROM attempts WHERE name_key IN (SELECT name_key FROM attempts ORDER BY last_at DESC LIMIT -1 OFFSET 10000)";

const BEGIN: &str = "INSERT INTO sessions (digest, account, made_at, seen_at) VALUES (?1, ?2, ?3, ?3)";
const FIND: &str = "
SELECT s.account, a.role, s.made_at, s.seen_at FROM sessions s JOIN accounts a ON a.name = s.account
WHERE s.digest = ?1 AND a.disabled = 0 AND s.seen_at > ?2 AND s.made_at > ?3";
const SEEN: &str = "UPDATE sessions SET seen_at = ?2 WHERE digest = ?1";
const END: &str = "DELETE FROM sessions WHERE digest = ?1";
const END_ALL: &str = "DELETE FROM sessions WHERE account = ?1";
const TIDY_SESSIONS: &str = "DELETE FROM sessions WHERE seen_at <= ?1 OR made_at <= ?2";

/// Failed log-ins count for so long after the last of them.
pub const FAILURES_COUNT_FOR: Duration = Duration::from_secs(15 * 60);
/// A session that is not used for so long has ended.
pub const IDLE: Duration = Duration::from_secs(20 * 60);
/// A session ends after so long in any case.
pub const LONGEST: Duration = Duration::from_secs(10 * 60 * 60);

fn ago(now: i64, duration: Duration) -> i64 {
    now.saturating_sub(duration.as_micros() as i64)
}

impl Db {
    /// Adds an account. False when there is one of that name.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn add_account(
        &self,
        name: &str,
        role: &str,
        password: &str,
        now: i64,
    ) -> Result<bool, EdgeError> {
        let done = sqlx::query(ADD).bind(name).bind(role).bind(password).bind(now);
        Ok(done.execute(self.writer()).await?.rows_affected() == 1)
    }

    /// The account of that name.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn account(&self, name: &str) -> Result<Option<Account>, EdgeError> {
        let row = sqlx::query(ONE).bind(name).fetch_optional(self.reader()).await?;
        Ok(row.as_ref().map(account))
    }

    /// Every account.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn accounts(&self) -> Result<Vec<Account>, EdgeError> {
        Ok(sqlx::query(ALL).fetch_all(self.reader()).await?.iter().map(account).collect())
    }

    /// Whether anybody can log in.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn has_accounts(&self) -> Result<bool, EdgeError> {
        Ok(sqlx::query_scalar::<_, i64>(ANY).fetch_one(self.reader()).await? > 0)
    }

    /// Sets a password, ends every session of the account and forgets its failures. False when there is none.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn set_password(&self, name: &str, password: &str, now: i64) -> Result<bool, EdgeError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(SET_PASSWORD).bind(name).bind(password).bind(now).execute(&mut *tx).await?;
        sqlx::query(END_ALL).bind(name).execute(&mut *tx).await?;
        sqlx::query(FORGIVE).bind(self.attempts_key(name)).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Lets an account log in or not; its sessions end. False when there is none.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn set_disabled(&self, name: &str, disabled: bool) -> Result<bool, EdgeError> {
        let mut tx = self.begin().await?;
        let done = sqlx::query(SET_DISABLED).bind(name).bind(disabled).execute(&mut *tx).await?;
        sqlx::query(END_ALL).bind(name).execute(&mut *tx).await?;
        sqlx::query(FORGIVE).bind(self.attempts_key(name)).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(done.rows_affected() == 1)
    }

    /// Failed log-ins under this name lately, whether there is such an account or not.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn failures(&self, name: &str, now: i64) -> Result<u64, EdgeError> {
        let since = ago(now, FAILURES_COUNT_FOR);
        let key = self.attempts_key(name);
        let found: Option<i64> =
            sqlx::query_scalar(FAILURES).bind(key).bind(since).fetch_optional(self.reader()).await?;
        Ok(found.unwrap_or(0) as u64)
    }

    /// Counts a failed log-in. Returns how many there are now.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn count_failure(&self, name: &str, now: i64) -> Result<u64, EdgeError> {
        let mut tx = self.begin().await?;
        let key = self.attempts_key(name);
        let since = ago(now, FAILURES_COUNT_FOR);
        let n: i64 = sqlx::query_scalar(FAILED).bind(key).bind(now).bind(since).fetch_one(&mut *tx).await?;
        sqlx::query(TIDY_ATTEMPTS).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(n as u64)
    }

    /// Begins a session; forgets the account's failures, and sessions that have ended.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn begin_session(
        &self,
        digest: &CredentialDigest,
        account: &str,
        now: i64,
    ) -> Result<(), EdgeError> {
        let mut tx = self.begin().await?;
        sqlx::query(TIDY_SESSIONS).bind(ago(now, IDLE)).bind(ago(now, LONGEST)).execute(&mut *tx).await?;
        sqlx::query(FORGIVE).bind(self.attempts_key(account)).execute(&mut *tx).await?;
        sqlx::query(BEGIN).bind(digest.as_str()).bind(account).bind(now).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The session with this digest, if it has not ended. Its use is noted, at most twice a minute.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn session(&self, digest: &CredentialDigest, now: i64) -> Result<Option<Session>, EdgeError> {
        let row = sqlx::query(FIND)
            .bind(digest.as_str())
            .bind(ago(now, IDLE))
            .bind(ago(now, LONGEST))
            .fetch_optional(self.reader())
            .await?;
        let Some(row) = row else { return Ok(None) };
        let session = Session {
            account: row.get("account"),
            role: row.get("role"),
            made_at: row.get("made_at"),
            seen_at: row.get("seen_at"),
        };
        if session.seen_at <= ago(now, Duration::from_secs(30)) {
            sqlx::query(SEEN).bind(digest.as_str()).bind(now).execute(self.writer()).await?;
        }
        Ok(Some(session))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`EdgeError::Database`].
    pub async fn end_session(&self, digest: &CredentialDigest) -> Result<(), EdgeError> {
        sqlx::query(END).bind(digest.as_str()).execute(self.writer()).await?;
        Ok(())
    }

    /// Names that were tried are kept as fingerprints: people type passwords into the wrong field.
    fn attempts_key(&self, name: &str) -> String {
        self.look_up("log-in", &[name]).to_string()
    }
}

fn account(row: &sqlx::sqlite::SqliteRow) -> Account {
    Account {
        name: row.get("name"),
        role: row.get("role"),
        password: row.get("password"),
        made_at: row.get("made_at"),
        changed_at: row.get("changed_at"),
        disabled: row.get("disabled"),
    }
}
