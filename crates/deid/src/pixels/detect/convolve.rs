//! Convolution as a product of matrices, a few rows at a time so that everything stays near the processor.

use ndarray::{ArrayView2, ArrayViewMut2, Axis, Slice, linalg::general_mat_mul};

use super::network::Layer;

/// Numbers that are gathered at a time.
const GATHERED: usize = 1 << 16;

/// Channels of equal size, one after the other, each row by row.
pub(crate) struct Maps {
    pub(crate) rows: usize,
    pub(crate) columns: usize,
    pub(crate) values: Vec<f32>,
}

/// One layer over `input`. Empty when the input is smaller than the kernel.
pub(crate) fn convolve(layer: &Layer, weights: &[f32], biases: &[f32], input: &Maps) -> Maps {
    let (rows, columns) = (layer.outputs_of(0, input.rows), layer.outputs_of(1, input.columns));
    let cells = rows * columns;
    let mut output = Maps { rows, columns, values: vec![0.0; layer.outputs * cells] };
    if cells == 0 {
        return Maps { rows: 0, columns: 0, values: Vec::new() };
    }
    for (map, bias) in output.values.chunks_exact_mut(cells).zip(biases) {
        map.fill(*bias);
    }
    let step = (GATHERED / (layer.taps() * columns)).clamp(1, rows);
    let mut gathered = vec![0.0; layer.taps() * step * columns];
    for first in (0..rows).step_by(step) {
        let last = (first + step).min(rows);
        let part = &mut gathered[..layer.taps() * (last - first) * columns];
        gather(layer, input, first..last, columns, part);
        multiply(layer, weights, part, &mut output.values, cells, first * columns..last * columns);
    }
    if layer.rectified {
        output.values.iter_mut().for_each(|value| *value = value.max(0.0));
    }
    output
}

/// Adds the product of the kernels and what was gathered to a range of cells.
fn multiply(
    layer: &Layer,
    weights: &[f32],
    gathered: &[f32],
    output: &mut [f32],
    cells: usize,
    range: std::ops::Range<usize>,
) {
    let shapes = (
        ArrayView2::from_shape((layer.outputs, layer.taps()), weights),
        ArrayView2::from_shape((layer.taps(), range.len()), gathered),
        ArrayViewMut2::from_shape((layer.outputs, cells), output),
    );
    if let (Ok(weights), Ok(gathered), Ok(mut output)) = shapes {
        let mut part = output.slice_axis_mut(Axis(1), Slice::from(range));
        general_mat_mul(1.0, &weights, &gathered, 1.0, &mut part);
    }
}

/// For each kernel element a row of the inputs that it meets in the output rows `range`.
fn gather(layer: &Layer, input: &Maps, range: std::ops::Range<usize>, columns: usize, gathered: &mut [f32]) {
    let [kernel_rows, kernel_columns] = layer.kernel;
    for (tap, line) in gathered.chunks_exact_mut(range.len() * columns).enumerate() {
        let channel = tap / (kernel_rows * kernel_columns);
        let down = tap / kernel_columns % kernel_rows * layer.dilation;
        let right = tap % kernel_columns * layer.dilation;
        for (part, row) in line.chunks_exact_mut(columns).zip(range.clone()) {
            let start = (channel * input.rows + row * layer.stride + down) * input.columns + right;
            copy(&input.values[start..], layer.stride, part);
        }
    }
}

fn copy(from: &[f32], stride: usize, to: &mut [f32]) {
    match stride {
        1 => to.copy_from_slice(&from[..to.len()]),
        _ => to.iter_mut().zip(from.iter().step_by(stride)).for_each(|(to, from)| *to = *from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Straight from the definition.
    fn plain(layer: &Layer, weights: &[f32], biases: &[f32], input: &Maps, at: [usize; 3]) -> f32 {
        let [output, row, column] = at;
        let mut sum = biases[output];
        for tap in 0..layer.taps() {
            let [kernel_rows, kernel_columns] = layer.kernel;
            let channel = tap / (kernel_rows * kernel_columns);
            let y = row * layer.stride + tap / kernel_columns % kernel_rows * layer.dilation;
            let x = column * layer.stride + tap % kernel_columns * layer.dilation;
            sum += weights[output * layer.taps() + tap]
                * input.values[(channel * input.rows + y) * input.columns + x];
        }
        if layer.rectified { sum.max(0.0) } else { sum }
    }

    #[test]
    fn every_kind_of_layer_does_what_its_definition_says() {
        for layer in super::super::network::LAYERS {
            let some = |count: usize| (0..count).map(|i| ((i * 37 + 11) % 17) as f32 / 8.0 - 1.0).collect();
            let weights: Vec<f32> = some(layer.outputs * layer.taps());
            let biases: Vec<f32> = some(layer.outputs);
            let input = Maps { rows: 14, columns: 19, values: some(layer.inputs * 14 * 19) };
            let output = convolve(&layer, &weights, &biases, &input);
            for (index, value) in output.values.iter().enumerate() {
                let cells = output.rows * output.columns;
                let at = [index / cells, index % cells / output.columns, index % output.columns];
                assert!((value - plain(&layer, &weights, &biases, &input, at)).abs() < 1e-3, "{at:?}");
            }
        }
    }
}
