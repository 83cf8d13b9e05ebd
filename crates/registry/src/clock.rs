//! The wall clock, as precise as the rows keep it.

use jiff::Timestamp;

/// Now, to the microsecond: what a row keeps is what a receipt says.
pub fn now() -> Timestamp {
    let now = Timestamp::now();
    Timestamp::from_microsecond(now.as_microsecond()).unwrap_or(now)
}
