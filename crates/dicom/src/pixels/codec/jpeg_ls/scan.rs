//! Lines of a scan: regular samples and runs (T.87 A.7), components interleaved or not (B.2).

use super::{
    Interleave,
    bits::Bits,
    model::Model,
    parameters::Parameters,
    sample::{Decoder, Neighbours},
};

/// Lengths of run segments, as powers of two (T.87 table A.1).
const RUN_ORDERS: [u32; 32] =
    [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15];

/// The line above and the line being decoded, with a sample more at either end.
struct Lines {
    above: Vec<i32>,
    current: Vec<i32>,
}

impl Lines {
    fn new(columns: usize) -> Self {
        Self { above: vec![0; columns + 2], current: vec![0; columns + 2] }
    }

    /// Goes on to the next line.
    fn advance(&mut self) {
        std::mem::swap(&mut self.above, &mut self.current);
        let last = self.above.len() - 1;
        self.above[last] = self.above[last - 1];
        self.current[0] = self.above[1];
    }

    fn neighbours(&self, at: usize) -> Neighbours {
        Neighbours {
            left: self.current[at - 1],
            above: self.above[at],
            corner: self.above[at - 1],
            ahead: self.above[at + 1],
        }
    }
}

/// A scan in progress.
pub(super) struct Scan<'a> {
    decoder: Decoder<'a>,
    columns: usize,
    components: Vec<Lines>,
    /// Place in the table of run lengths, by component.
    run_orders: Vec<usize>,
}

impl<'a> Scan<'a> {
    pub(super) fn new(parameters: Parameters, coded: &'a [u8], columns: usize, components: usize) -> Self {
        Self {
            decoder: Decoder { bits: Bits::new(coded), model: Model::new(&parameters), parameters },
            columns,
            components: (0..components).map(|_| Lines::new(columns)).collect(),
            run_orders: vec![0; components],
        }
    }

    /// Decodes a line of all components of the scan into `line`, whose pixels have `samples` samples.
    pub(super) fn line(
        &mut self,
        interleave: Interleave,
        line: &mut [u16],
        targets: &[usize],
        samples: usize,
    ) -> Option<()> {
        self.components.iter_mut().for_each(Lines::advance);
        if interleave == Interleave::Sample {
            self.pixels()?;
        } else {
            (0..self.components.len()).try_for_each(|component| self.component_line(component))?;
        }
        for (lines, target) in self.components.iter().zip(targets) {
            let decoded = lines.current.iter().skip(1);
            line.iter_mut()
                .skip(*target)
                .step_by(samples)
                .zip(decoded)
                .for_each(|(to, from)| *to = *from as u16);
        }
        Some(())
    }

    /// A line of one component.
    fn component_line(&mut self, component: usize) -> Option<()> {
        let near = self.decoder.parameters.near;
        let mut at = 1;
        while at <= self.columns {
            let neighbours = self.components[component].neighbours(at);
            let gradient = neighbours.gradient(&self.decoder.parameters);
            if gradient != 0 {
                let sample = self.decoder.regular(&neighbours, gradient)?;
                self.components[component].current[at] = sample;
                at += 1;
                continue;
            }
            let (length, order) = self.run(component, self.columns + 1 - at)?;
            let lines = &mut self.components[component];
            lines.current[at..at + length].fill(neighbours.left);
            at += length;
            if let Some(order) = order {
                let above = lines.above[at];
                let kind = usize::from((neighbours.left - above).abs() <= near);
                lines.current[at] = self.decoder.run_end(neighbours.left, above, kind, order)?;
                at += 1;
            }
        }
        Some(())
    }

    /// A line of whole pixels: they run together, and where they end, neighbours never count as alike.
    fn pixels(&mut self) -> Option<()> {
        let mut at = 1;
        while at <= self.columns {
            let around: Vec<Neighbours> = self.components.iter().map(|lines| lines.neighbours(at)).collect();
            let gradients = around.iter().map(|one| one.gradient(&self.decoder.parameters));
            let gradients: Vec<i32> = gradients.collect();
            if gradients.iter().any(|gradient| *gradient != 0) {
                for ((lines, one), gradient) in self.components.iter_mut().zip(&around).zip(gradients) {
                    lines.current[at] = self.decoder.regular(one, gradient)?;
                }
                at += 1;
                continue;
            }
            let (length, order) = self.run(0, self.columns + 1 - at)?;
            for (lines, one) in self.components.iter_mut().zip(&around) {
                lines.current[at..at + length].fill(one.left);
            }
            at += length;
            if let Some(order) = order {
                for (lines, one) in self.components.iter_mut().zip(&around) {
                    lines.current[at] = self.decoder.run_end(one.left, lines.above[at], 0, order)?;
                }
                at += 1;
            }
        }
        Some(())
    }

    /// The length of a run of at most `left` samples; the order of its last segment unless the line ends it.
    fn run(&mut self, component: usize, left: usize) -> Option<(usize, Option<u32>)> {
        let place = &mut self.run_orders[component];
        let mut length = 0;
        while self.decoder.bits.take(1)? == 1 {
            let segment = 1 << RUN_ORDERS[*place];
            if length + segment <= left {
                *place = (*place + 1).min(RUN_ORDERS.len() - 1);
            }
            length = (length + segment).min(left);
            if length == left {
                return Some((length, None));
            }
        }
        let order = RUN_ORDERS[*place];
        length += self.decoder.bits.take(order)? as usize;
        *place = place.saturating_sub(1);
        (length < left).then_some((length, Some(order)))
    }
}
