//! How large an image may become.

/// Bounds on decoded pixels, held before anything is allocated for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PixelLimits {
    /// Most pixels of one frame: rows times columns.
    pub max_pixels: u64,
    /// Most bytes of all frames together, decoded.
    pub max_bytes: u64,
}

impl Default for PixelLimits {
    fn default() -> Self {
        Self { max_pixels: 1 << 28, max_bytes: 4 << 30 }
    }
}
