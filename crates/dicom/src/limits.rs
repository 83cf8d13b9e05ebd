//! How much of a stranger's file is looked at.

/// Bounds on one data set. What exceeds them is refused before anything big is allocated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Longest file, in bytes.
    pub max_bytes: usize,
    /// Deepest nesting: 1 is an item of a sequence in the main data set.
    pub max_depth: usize,
    /// Most data elements, items and fragments together.
    pub max_elements: usize,
    /// Most text values together (a multi-valued element has one for each backslash, and one more).
    pub max_values: usize,
    /// Longest data set after inflating, in bytes.
    pub max_inflated_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            max_bytes: 2 << 30,
            max_depth: 16,
            max_elements: 100_000,
            max_values: 2_000_000,
            max_inflated_bytes: 512 << 20,
        }
    }
}
