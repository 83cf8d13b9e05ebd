//! The network: its layers, its weights, and what it says of a region.

use super::convolve::{Maps, convolve};

/// One convolution without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layer {
    /// Channels in.
    pub inputs: usize,
    /// Channels out.
    pub outputs: usize,
    /// Rows and columns of the kernel, both odd.
    pub kernel: [usize; 2],
    /// Pixels from one output to the next.
    pub stride: usize,
    /// Pixels from one kernel element to the next.
    pub dilation: usize,
    /// Whether negative outputs become 0.
    pub rectified: bool,
}

impl Layer {
    const fn new(inputs: usize, outputs: usize, kernel: [usize; 2], stride: usize, dilation: usize) -> Self {
        Self { inputs, outputs, kernel, stride, dilation, rectified: true }
    }

    /// Kernel elements over all input channels.
    pub const fn taps(&self) -> usize {
        self.inputs * self.kernel[0] * self.kernel[1]
    }

    /// Weights and biases.
    pub const fn parameters(&self) -> usize {
        self.outputs * (self.taps() + 1)
    }

    /// Outputs along an axis (0 rows, 1 columns) that has `size` inputs.
    pub fn outputs_of(&self, axis: usize, size: usize) -> usize {
        let reach = (self.kernel[axis] - 1) * self.dilation + 1;
        if size < reach { 0 } else { (size - reach) / self.stride + 1 }
    }
}

/// Pixels from one cell of the output to the next.
pub const CELL: usize = 4;
/// What is said of each cell: text (a logit), then the distances from its middle to the line's top, bottom,
/// left and right edge in units of [`REACH`].
pub const HEADS: usize = 5;
/// Pixels for a distance of 1.
pub const REACH: f32 = 16.0;

/// From pixels to cells.
pub const LAYERS: [Layer; 6] = [
    Layer::new(1, 8, [5, 5], 2, 1),
    Layer::new(8, 16, [3, 3], 2, 1),
    Layer::new(16, 24, [3, 3], 1, 1),
    Layer::new(24, 24, [3, 3], 1, 2),
    Layer::new(24, 32, [1, 5], 1, 2),
    Layer { rectified: false, ..Layer::new(32, HEADS, [1, 1], 1, 1) },
];

/// Pixels from the first pixel along an axis (0 rows, 1 columns) to the middle of the first cell.
pub fn lead(axis: usize) -> usize {
    let step = |(lead, jump): (usize, usize), layer: &Layer| {
        (lead + jump * (layer.kernel[axis] - 1) / 2 * layer.dilation, jump * layer.stride)
    };
    LAYERS.iter().fold((0, 1), step).0
}

/// Weights that do not fit the layers.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the weights hold {found} numbers, the layers of this network need {needed}")]
pub struct WeightsError {
    found: usize,
    needed: usize,
}

/// A network with its weights: for each layer the kernels of each output, then the biases.
#[derive(Clone, Debug)]
pub struct Network {
    layers: Vec<(Layer, Vec<f32>, Vec<f32>)>,
}

impl Network {
    /// From the numbers of all layers, little-endian 32-bit.
    ///
    /// # Errors
    /// [`WeightsError`] when there are too many or too few.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, WeightsError> {
        let numbers: Vec<f32> =
            bytes.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect();
        let needed = LAYERS.iter().map(Layer::parameters).sum();
        if numbers.len() != needed || bytes.len() != 4 * needed {
            return Err(WeightsError { found: bytes.len() / 4, needed });
        }
        Ok(Self::from_numbers(&numbers))
    }

    fn from_numbers(mut numbers: &[f32]) -> Self {
        let mut layers = Vec::with_capacity(LAYERS.len());
        for layer in LAYERS {
            let (own, rest) = numbers.split_at(layer.parameters());
            let (weights, biases) = own.split_at(layer.outputs * layer.taps());
            layers.push((layer, weights.to_vec(), biases.to_vec()));
            numbers = rest;
        }
        Self { layers }
    }

    /// What it says of a window of relative pixels: [`HEADS`] maps of `rows` by `columns` cells.
    /// Too small a window gives no cells.
    pub fn look(&self, window: Vec<f32>, height: usize, width: usize) -> (Vec<f32>, usize, usize) {
        let mut maps = Maps { rows: height, columns: width, values: window };
        for (layer, weights, biases) in &self.layers {
            maps = convolve(layer, weights, biases, &maps);
        }
        (maps.values, maps.rows, maps.columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_cell_lies_where_lead_says() {
        assert_eq!((lead(0), lead(1)), (16, 32));
        let sizes = |axis, size| LAYERS.iter().fold(size, |size, layer| layer.outputs_of(axis, size));
        assert_eq!((sizes(0, 33), sizes(1, 65)), (1, 1));
        assert_eq!((sizes(0, 32), sizes(1, 64)), (0, 0));
        assert_eq!(sizes(0, 33 + 4 * 7), 8);
    }

    #[test]
    fn weights_of_another_network_are_refused() {
        assert!(Network::from_bytes(&[0; 40]).is_err());
        let needed: usize = LAYERS.iter().map(Layer::parameters).sum();
        let network = Network::from_bytes(&vec![0; 4 * needed]).unwrap();
        assert_eq!(network.look(vec![1.0; 33 * 65], 33, 65), (vec![0.0; HEADS], 1, 1));
        assert!(network.look(vec![1.0; 6], 2, 3).0.is_empty());
        assert!(Network::from_bytes(&vec![0; 4 * needed + 1]).is_err());
    }
}
