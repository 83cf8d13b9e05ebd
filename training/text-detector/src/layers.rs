//! The network forwards with everything kept, and backwards: gradients of all weights.

use ndarray::{ArrayView2, ArrayViewMut2, linalg::general_mat_mul};
use sumgil_deid::pixels::detect::{LAYERS, Layer};

use crate::chance::Chance;

/// Numbers of all layers: for each the kernels of each output, then the biases.
pub fn parameters() -> usize {
    LAYERS.iter().map(Layer::parameters).sum()
}

/// Weights to start from: normal, scaled by the number of taps.
pub fn start(chance: &mut Chance) -> Vec<f32> {
    let mut numbers = Vec::with_capacity(parameters());
    for layer in LAYERS {
        let deviation = (2.0 / layer.taps() as f32).sqrt();
        numbers.extend((0..layer.outputs * layer.taps()).map(|_| deviation * chance.normal()));
        numbers.extend(std::iter::repeat_n(0.0, layer.outputs));
    }
    numbers
}

/// What one layer saw and said.
struct Step {
    rows: usize,
    columns: usize,
    in_rows: usize,
    in_columns: usize,
    gathered: Vec<f32>,
    output: Vec<f32>,
}

/// A pass through all layers, kept for the way back.
pub struct Pass {
    steps: Vec<Step>,
}

impl Pass {
    /// Forwards.
    pub fn forward(numbers: &[f32], window: &[f32], height: usize, width: usize) -> Self {
        let mut steps: Vec<Step> = Vec::with_capacity(LAYERS.len());
        let mut offset = 0;
        for layer in LAYERS {
            let (rows, columns) = steps.last().map_or((height, width), |step| (step.rows, step.columns));
            let input = steps.last().map_or(window, |step| &step.output);
            let own = &numbers[offset..offset + layer.parameters()];
            steps.push(Step::forward(&layer, own, input, rows, columns));
            offset += layer.parameters();
        }
        Self { steps }
    }

    /// What the last layer said, its rows and columns.
    pub fn said(&self) -> (&[f32], usize, usize) {
        let last = &self.steps[self.steps.len() - 1];
        (&last.output, last.rows, last.columns)
    }

    /// Adds the gradients of all weights for a gradient of what was said.
    pub fn backward(&self, numbers: &[f32], mut gradient: Vec<f32>, gradients: &mut [f32]) {
        let mut end = parameters();
        for (index, layer) in LAYERS.iter().enumerate().rev() {
            let range = end - layer.parameters()..end;
            end = range.start;
            let step = &self.steps[index];
            gradient =
                step.backward(layer, &numbers[range.clone()], gradient, &mut gradients[range], index > 0);
        }
    }
}

fn view(values: &[f32], rows: usize, columns: usize) -> ArrayView2<'_, f32> {
    ArrayView2::from_shape((rows, columns), values).expect("sizes agree")
}

fn view_mut(values: &mut [f32], rows: usize, columns: usize) -> ArrayViewMut2<'_, f32> {
    ArrayViewMut2::from_shape((rows, columns), values).expect("sizes agree")
}

impl Step {
    fn forward(layer: &Layer, numbers: &[f32], input: &[f32], in_rows: usize, in_columns: usize) -> Self {
        let (rows, columns) = (layer.outputs_of(0, in_rows), layer.outputs_of(1, in_columns));
        let cells = rows * columns;
        let mut step = Self { rows, columns, in_rows, in_columns, gathered: Vec::new(), output: Vec::new() };
        step.gathered = vec![0.0; layer.taps() * cells];
        for (from, to) in step.links(layer) {
            let (from, to) = (&input[from..], &mut step.gathered[to..to + columns]);
            to.iter_mut().zip(from.iter().step_by(layer.stride)).for_each(|(to, from)| *to = *from);
        }
        let (weights, biases) = numbers.split_at(layer.outputs * layer.taps());
        step.output = biases.iter().flat_map(|&bias| std::iter::repeat_n(bias, cells)).collect();
        let mut output = view_mut(&mut step.output, layer.outputs, cells);
        let weights = view(weights, layer.outputs, layer.taps());
        general_mat_mul(1.0, &weights, &view(&step.gathered, layer.taps(), cells), 1.0, &mut output);
        if layer.rectified {
            step.output.iter_mut().for_each(|v| *v = v.max(0.0));
        }
        step
    }

    /// For each row of what is gathered: where it comes from and where it goes.
    fn links(&self, layer: &Layer) -> Vec<(usize, usize)> {
        let [kernel_rows, kernel_columns] = layer.kernel;
        let link = |tap: usize, row: usize| {
            let channel = tap / (kernel_rows * kernel_columns);
            let y = row * layer.stride + tap / kernel_columns % kernel_rows * layer.dilation;
            let x = tap % kernel_columns * layer.dilation;
            let from = (channel * self.in_rows + y) * self.in_columns + x;
            (from, (tap * self.rows + row) * self.columns)
        };
        (0..layer.taps()).flat_map(|tap| (0..self.rows).map(move |row| link(tap, row))).collect()
    }

    fn backward(
        &self,
        layer: &Layer,
        numbers: &[f32],
        mut gradient: Vec<f32>,
        gradients: &mut [f32],
        onwards: bool,
    ) -> Vec<f32> {
        let cells = self.rows * self.columns;
        if layer.rectified {
            gradient.iter_mut().zip(&self.output).filter(|(_, o)| **o <= 0.0).for_each(|(g, _)| *g = 0.0);
        }
        let (weights, biases) = gradients.split_at_mut(layer.outputs * layer.taps());
        for (bias, row) in biases.iter_mut().zip(gradient.chunks_exact(cells)) {
            *bias += row.iter().sum::<f32>();
        }
        let gathered = view(&self.gathered, layer.taps(), cells);
        let own = view(&gradient, layer.outputs, cells);
        general_mat_mul(1.0, &own, &gathered.t(), 1.0, &mut view_mut(weights, layer.outputs, layer.taps()));
        if !onwards {
            return Vec::new();
        }
        let mut back = vec![0.0; layer.taps() * cells];
        let kernels = view(&numbers[..layer.outputs * layer.taps()], layer.outputs, layer.taps());
        general_mat_mul(1.0, &kernels.t(), &own, 0.0, &mut view_mut(&mut back, layer.taps(), cells));
        let mut input = vec![0.0; layer.inputs * self.in_rows * self.in_columns];
        for (to, from) in self.links(layer) {
            let (from, to) = (&back[from..from + self.columns], &mut input[to..]);
            to.iter_mut().step_by(layer.stride).zip(from).for_each(|(to, from)| *to += *from);
        }
        input
    }
}

#[cfg(test)]
mod tests {
    use sumgil_deid::pixels::detect::{HEADS, Network};

    use super::*;

    fn window(chance: &mut Chance, height: usize, width: usize) -> Vec<f32> {
        (0..height * width).map(|_| chance.normal()).collect()
    }

    #[test]
    fn gradients_agree_with_small_steps() {
        let mut chance = Chance::new(5, 0);
        let mut numbers = start(&mut chance);
        let (height, width) = (41, 77);
        let window = window(&mut chance, height, width);
        let pass = Pass::forward(&numbers, &window, height, width);
        let (said, rows, columns) = pass.said();
        assert_eq!((rows, columns, said.len()), (3, 4, HEADS * 12));
        let weights: Vec<f32> = said.iter().map(|_| chance.normal()).collect();
        let mut gradients = vec![0.0; numbers.len()];
        pass.backward(&numbers, weights.clone(), &mut gradients);
        let value = |numbers: &[f32]| -> f64 {
            let pass = Pass::forward(numbers, &window, height, width);
            pass.said().0.iter().zip(&weights).map(|(a, b)| f64::from(a * b)).sum()
        };
        let indices: Vec<usize> = (0..numbers.len()).step_by(97).collect();
        let mut agreeing = 0;
        for &index in &indices {
            let (kept, small) = (numbers[index], 3e-4);
            numbers[index] = kept + small;
            let above = value(&numbers);
            numbers[index] = kept - small;
            let below = value(&numbers);
            numbers[index] = kept;
            let measured = (above - below) / f64::from(2.0 * small);
            let error = (measured - f64::from(gradients[index])).abs();
            agreeing += usize::from(error < 0.05 * measured.abs().max(1.0));
        }
        // A step may cross the corner of a rectifier, where there is no gradient to agree with.
        assert!(50 * agreeing >= 49 * indices.len(), "{agreeing} of {}", indices.len());
    }

    #[test]
    fn the_shipped_way_forward_says_the_same() {
        let mut chance = Chance::new(6, 0);
        let numbers = start(&mut chance);
        let window = window(&mut chance, 65, 129);
        let pass = Pass::forward(&numbers, &window, 65, 129);
        let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
        let (said, rows, columns) = Network::from_bytes(&bytes).unwrap().look(window, 65, 129);
        assert_eq!((rows, columns), (pass.said().1, pass.said().2));
        assert!(said.iter().zip(pass.said().0).all(|(a, b)| (a - b).abs() < 1e-3 * b.abs().max(1.0)));
    }
}
