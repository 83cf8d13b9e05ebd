//! Rounding as tables print it: half away from zero, on whole numbers, so that no binary fraction decides.

/// `n / of` rounded to `decimals` places; none when `of` is zero.
pub(crate) fn quotient(n: u64, of: u64, decimals: u32) -> Option<f64> {
    if of == 0 {
        return None;
    }
    let scale = 10_u128.pow(decimals);
    let (n, of) = (u128::from(n), u128::from(of));
    let rounded = (2 * n * scale + of) / (2 * of);
    Some(rounded as f64 / scale as f64)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn halves_go_up_and_nothing_of_nothing_is_no_number() {
        assert_eq!(quotient(1, 8, 2), Some(0.13));
        assert_eq!(quotient(25, 1000, 2), Some(0.03));
        assert_eq!(quotient(1, 3, 1), Some(0.3));
        assert_eq!(quotient(0, 0, 1), None);
    }

    proptest! {
        #[test]
        fn the_rounded_number_is_within_half_a_unit(n in 0_u64..1_000_000, of in 1_u64..1_000_000) {
            let exact = n as f64 / of as f64;
            prop_assert!((quotient(n, of, 1).unwrap() - exact).abs() <= 0.05 + 1e-9);
        }
    }
}
