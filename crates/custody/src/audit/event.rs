//! One event and its line.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::merkle::{Hash, leaf_hash};
use crate::error::CustodyError;

/// What happened, before it has its place in the log. Texts are codes, pseudonyms and digests: never an
/// identity, never content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// When, by the server's clock. It annotates; the sequence number orders.
    pub at: Timestamp,
    /// Who: a user's name, `site:CODE` or `system`.
    pub actor: String,
    /// In which role.
    pub role: String,
    /// From which network address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub origin: Option<String>,
    /// What was done, as a dotted code: `object.commit`, `dicomweb.search`, `user.add` ...
    pub action: String,
    /// To what: a kind and an id, such as `study 2.25.1`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<String>,
    /// Whose data, by pseudonym.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// What for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub purpose: Option<String>,
    /// `ok`, or the code of what went wrong.
    pub outcome: String,
    /// The value before, or its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// The value after, or its digest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// The request that caused it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Entry {
    /// An entry with outcome `ok` and nothing optional.
    pub fn new(at: Timestamp, actor: &str, role: &str, action: &str) -> Self {
        Self {
            at,
            actor: actor.to_owned(),
            role: role.to_owned(),
            origin: None,
            action: action.to_owned(),
            object: None,
            subject: None,
            purpose: None,
            outcome: "ok".to_owned(),
            before: None,
            after: None,
            request: None,
        }
    }
}

/// An entry at its place in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Counted from 0 without a gap.
    pub sequence: u64,
    /// The leaf hash of the line before; zeros for the first.
    pub previous: Hash,
    /// What happened.
    pub entry: Entry,
}

impl Event {
    /// The canonical line, without a line feed: JSON with sorted keys, without white space, absent fields left
    /// out.
    ///
    /// # Errors
    /// [`CustodyError::Text`] when the entry cannot be written as JSON.
    pub fn to_line(&self) -> Result<String, CustodyError> {
        let mut fields = match serde_json::to_value(&self.entry) {
            Ok(serde_json::Value::Object(fields)) => fields,
            _ => return Err(CustodyError::Text("audit entry")),
        };
        fields.insert("previous".to_owned(), hex::encode(self.previous).into());
        fields.insert("sequence".to_owned(), self.sequence.into());
        let mut fields: Vec<_> = fields.into_iter().collect();
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        let fields: Vec<String> = fields.iter().map(|(key, value)| format!("\"{key}\":{value}")).collect();
        Ok(format!("{{{}}}", fields.join(",")))
    }

    /// Reads a line, which must be canonical to the byte.
    ///
    /// # Errors
    /// [`CustodyError::Text`] otherwise.
    pub fn from_line(line: &str) -> Result<Self, CustodyError> {
        let wrong = CustodyError::Text("audit line");
        let mut value: serde_json::Value = serde_json::from_str(line).map_err(|_| wrong.clone())?;
        let fields = value.as_object_mut().ok_or_else(|| wrong.clone())?;
        let sequence = fields.remove("sequence").and_then(|v| v.as_u64()).ok_or_else(|| wrong.clone())?;
        let mut previous = [0; 32];
        let text = fields.remove("previous").ok_or_else(|| wrong.clone())?;
        hex::decode_to_slice(text.as_str().unwrap_or_default(), &mut previous).map_err(|_| wrong.clone())?;
        let entry = serde_json::from_value(value).map_err(|_| wrong.clone())?;
        let event = Self { sequence, previous, entry };
        if event.to_line()? == line { Ok(event) } else { Err(wrong) }
    }

    /// The leaf hash of the line.
    ///
    /// # Errors
    /// As [`Self::to_line`].
    pub fn hash(&self) -> Result<Hash, CustodyError> {
        Ok(leaf_hash(self.to_line()?.as_bytes()))
    }
}
