//! Frames as pictures for the eye, and how many are made at once.

use std::sync::Arc;

use sumgil_dicom::{
    DataSet, Part10,
    dictionary::tags,
    pixels::{PixelLimits, Pixels, PixelsError, Region, decode},
};
use tokio::{
    sync::{Mutex, Semaphore, SemaphorePermit},
    task::spawn_blocking,
};

use crate::EdgeError;

use super::Case;

/// Pictures that are made at once.
const AT_ONCE: usize = 2;
/// Decoded instances that are remembered for the next frame.
const REMEMBERED: usize = 3;
/// Larger ones are decoded anew each time: pixels of all frames.
const REMEMBERED_PIXELS: usize = 32 << 20;
/// Bounds on what is decoded for a picture.
const LIMITS: PixelLimits = PixelLimits { max_pixels: 1 << 27, max_bytes: 2 << 30 };

/// Which side of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Side {
    /// As it was received.
    Before,
    /// As it would leave, with these masks; `None`: where the detector finds text.
    After(Option<Vec<Region>>),
}

/// A frame as a PNG file, and what it is part of.
#[derive(Clone, Debug)]
pub struct Picture {
    /// The PNG file.
    pub png: Vec<u8>,
    /// Frames of the instance.
    pub frames: usize,
}

/// Why there is no picture.
#[derive(Debug, thiserror::Error)]
pub enum NoPicture {
    /// It has no pixels, or they cannot be decoded.
    #[error("{0}")]
    Pixels(#[from] PixelsError),
    /// It has no such frame.
    #[error("no such frame")]
    NoSuchFrame,
    /// Nothing would leave.
    #[error("no result")]
    NoResult,
    /// The copy does not open.
    #[error("{0}")]
    Edge(#[from] EdgeError),
}

/// Decoded pixels with the header that says how they are shown.
struct Decoded {
    pixels: Pixels,
    header: DataSet,
}

type Key = (i64, Side);

/// Makes pictures, a few at once, and remembers what it decoded last.
pub struct Gallery {
    permits: Semaphore,
    last: Mutex<Vec<(Key, Arc<Decoded>)>>,
}

impl Default for Gallery {
    fn default() -> Self {
        Self { permits: Semaphore::new(AT_ONCE), last: Mutex::new(Vec::new()) }
    }
}

impl Gallery {
    /// One frame of one side of a case.
    ///
    /// # Errors
    /// [`NoPicture`].
    pub async fn picture(&self, case: &Case, side: Side, frame: usize) -> Result<Picture, NoPicture> {
        let stopped = |_| EdgeError::Stopped("the gallery");
        let _turn = self.turn().await?;
        let decoded = self.decoded(case, side).await?;
        spawn_blocking(move || draw(&decoded, frame)).await.map_err(stopped)?
    }

    /// Waits for a turn at other heavy work on an instance.
    ///
    /// # Errors
    /// [`EdgeError::Stopped`] when the program ends.
    pub async fn turn(&self) -> Result<SemaphorePermit<'_>, EdgeError> {
        self.permits.acquire().await.map_err(|_| EdgeError::Stopped("the gallery"))
    }

    async fn decoded(&self, case: &Case, side: Side) -> Result<Arc<Decoded>, NoPicture> {
        let key = (case.kept().id, side.clone());
        if let Some(known) = self.last.lock().await.iter().find(|(k, _)| *k == key) {
            return Ok(Arc::clone(&known.1));
        }
        let case = case.clone();
        let decoded = spawn_blocking(move || decode_side(&case, &side))
            .await
            .map_err(|_| EdgeError::Stopped("the gallery"))??;
        let decoded = Arc::new(decoded);
        let pixels = &decoded.pixels;
        if pixels.frames() * pixels.rows() * pixels.columns() <= REMEMBERED_PIXELS {
            let mut last = self.last.lock().await;
            last.insert(0, (key, Arc::clone(&decoded)));
            last.truncate(REMEMBERED);
        }
        Ok(decoded)
    }

    /// Forgets an instance that was decided about.
    pub async fn forget(&self, id: i64) {
        self.last.lock().await.retain(|((known, ..), _)| *known != id);
    }
}

fn decode_side(case: &Case, side: &Side) -> Result<Decoded, NoPicture> {
    let part = match side {
        Side::Before => case.original()?,
        Side::After(masks) => case.result(masks.as_deref())?.part,
    };
    decode_part(part.ok_or(NoPicture::NoResult)?)
}

fn decode_part(part: Part10) -> Result<Decoded, NoPicture> {
    let pixels = decode(&part.data_set, &part.transfer_syntax, &LIMITS)?;
    let mut header = part.data_set;
    header.remove_element(tags::PIXEL_DATA);
    Ok(Decoded { pixels, header })
}

fn draw(decoded: &Decoded, frame: usize) -> Result<Picture, NoPicture> {
    let frames = decoded.pixels.frames();
    if frame >= frames {
        return Err(NoPicture::NoSuchFrame);
    }
    let seen = decoded.pixels.rendered(frame, &decoded.header);
    let png = encode(seen.width, seen.height, &seen.pixels).ok_or(NoPicture::NoSuchFrame)?;
    Ok(Picture { png, frames })
}

/// An 8-bit RGB picture as a PNG file; grey ones take one sample a pixel.
fn encode(width: usize, height: usize, rgb: &[u8]) -> Option<Vec<u8>> {
    let is_grey = rgb.chunks_exact(3).all(|p| p[0] == p[1] && p[1] == p[2]);
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width as u32, height as u32);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_color(if is_grey { png::ColorType::Grayscale } else { png::ColorType::Rgb });
    let mut writer = encoder.write_header().ok()?;
    if is_grey {
        let grey: Vec<u8> = rgb.chunks_exact(3).map(|p| p[0]).collect();
        writer.write_image_data(&grey).ok()?;
    } else {
        writer.write_image_data(rgb).ok()?;
    }
    writer.finish().ok()?;
    Some(file)
}
