//! Wilson's score interval for a proportion (Wilson 1927), without continuity correction.

/// The two-sided 95 % point of the normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// A 95 % interval, in percent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// Lower end.
    pub low_percent: f64,
    /// Upper end.
    pub high_percent: f64,
}

/// The 95 % interval of `n` in `of`; none when `of` is zero.
pub fn wilson(n: u64, of: u64) -> Option<Interval> {
    if of == 0 {
        return None;
    }
    let (count, total) = (n as f64, of as f64);
    let share = count / total;
    let spread = Z * (share * (1.0 - share) / total + Z * Z / (4.0 * total * total)).sqrt();
    let middle = share + Z * Z / (2.0 * total);
    let scale = 1.0 + Z * Z / total;
    let percent = |end: f64| (100.0 * end / scale).clamp(0.0, 100.0);
    Some(Interval { low_percent: percent(middle - spread), high_percent: percent(middle + spread) })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn agrees_with_published_values() {
        // Newcombe 1998, table I: 81 of 263 and 0 of 20.
        let interval = wilson(81, 263).unwrap();
        assert!((interval.low_percent - 25.53).abs() < 0.01, "{interval:?}");
        assert!((interval.high_percent - 36.62).abs() < 0.01, "{interval:?}");
        let none = wilson(0, 20).unwrap();
        assert!(none.low_percent.abs() < 1e-9 && (none.high_percent - 16.11).abs() < 0.01, "{none:?}");
        assert_eq!(wilson(0, 0), None);
    }

    proptest! {
        #[test]
        fn the_interval_holds_the_proportion(of in 1_u64..100_000, part in 0.0_f64..=1.0) {
            let n = (of as f64 * part) as u64;
            let interval = wilson(n, of).unwrap();
            let percent = 100.0 * n as f64 / of as f64;
            prop_assert!(interval.low_percent <= percent + 1e-9 && percent <= interval.high_percent + 1e-9);
        }
    }
}
