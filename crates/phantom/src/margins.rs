//! The published margins of the KICC-19 cohort, and the same margins for another number of subjects.
//!
//! Source: J Korean Med Sci 2020;35(46):e413 and what follows from its totals. These are the generator's
//! targets; nothing here is read by the statistics.

/// How many subjects and exams of each kind a cohort has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Margins {
    /// Subjects with at least one CT or radiograph.
    pub subjects: u32,
    /// Men.
    pub men: u32,
    /// Sum of ages in years.
    pub age_sum: u32,
    /// Youngest and oldest in years; drawn only when there are at least 20 subjects.
    pub age_range: (u16, u16),
    /// Any underlying disease.
    pub underlying: u32,
    /// Fever.
    pub fever: u32,
    /// Cough.
    pub cough: u32,
    /// Lymphocytes below the site's range at admission.
    pub lymphocytopenia: u32,
    /// Platelets below the site's range at admission.
    pub thrombocytopenia: u32,
    /// CRP above the site's range at admission.
    pub raised_crp: u32,
    /// Nasal oxygen.
    pub oxygen: u32,
    /// Subjects without an oxygen record.
    pub oxygen_missing: u32,
    /// Mechanical ventilation.
    pub ventilation: u32,
    /// Admitted to intensive care.
    pub icu: u32,
    /// Died.
    pub death: u32,
    /// With CT and radiograph; with CT only; with radiograph only.
    pub imaged: [u32; 3],
    /// Subjects with exactly 1 to 5 CT exams.
    pub ct: [u32; 5],
    /// Subjects with exactly 1, 2, 3 and with 4 or more radiograph exams.
    pub cxr: [u32; 4],
    /// Radiograph exams of the subjects with 4 or more.
    pub cxr_tail_exams: u32,
    /// CT exams by maker: Siemens, GE, Canon, Philips.
    pub ct_makers: [u32; 4],
    /// Radiographs that count and lack BurnedInAnnotation.
    pub unmarked: u32,
}

impl Margins {
    /// The published cohort of 522.
    pub fn published() -> Self {
        Self {
            subjects: 522,
            men: 239,
            age_sum: 27_301,
            age_range: (11, 97),
            underlying: 201,
            fever: 292,
            cough: 245,
            lymphocytopenia: 151,
            thrombocytopenia: 86,
            raised_crp: 227,
            oxygen: 121,
            oxygen_missing: 5,
            ventilation: 38,
            icu: 49,
            death: 21,
            imaged: [440, 25, 57],
            ct: [326, 97, 32, 8, 2],
            cxr: [273, 71, 44, 109],
            cxr_tail_exams: 928,
            ct_makers: [569, 59, 18, 12],
            unmarked: 20,
        }
    }

    /// The same proportions for `subjects`: partitions by largest remainder, single counts rounded.
    pub fn scaled(subjects: u32) -> Self {
        let all = Self::published();
        let part = |count: u32| round_ratio(count, subjects, all.subjects);
        let imaged = apportion(&all.imaged, subjects);
        let ct: [u32; 5] = apportion(&all.ct, imaged[0] + imaged[1]);
        let cxr: [u32; 4] = apportion(&all.cxr, imaged[0] + imaged[2]);
        let oxygen_missing = part(all.oxygen_missing);
        Self {
            subjects,
            men: part(all.men),
            age_sum: part(all.age_sum),
            age_range: all.age_range,
            underlying: part(all.underlying),
            fever: part(all.fever),
            cough: part(all.cough),
            lymphocytopenia: part(all.lymphocytopenia),
            thrombocytopenia: part(all.thrombocytopenia),
            raised_crp: part(all.raised_crp),
            oxygen: part(all.oxygen),
            oxygen_missing,
            ventilation: part(all.ventilation),
            icu: part(all.icu),
            death: part(all.death),
            cxr_tail_exams: round_ratio(all.cxr_tail_exams, cxr[3], all.cxr[3]),
            ct_makers: apportion(&all.ct_makers, exams(&ct)),
            unmarked: part(all.unmarked).min(imaged[0] + imaged[2]),
            imaged,
            ct,
            cxr,
        }
    }

    /// CT exams.
    pub fn ct_exams(&self) -> u32 {
        exams(&self.ct)
    }

    /// Radiograph exams.
    pub fn cxr_exams(&self) -> u32 {
        self.cxr[0] + 2 * self.cxr[1] + 3 * self.cxr[2] + self.cxr_tail_exams
    }
}

fn exams(subjects_with: &[u32; 5]) -> u32 {
    subjects_with.iter().zip(1..).map(|(subjects, exams)| subjects * exams).sum()
}

fn round_ratio(count: u32, part: u32, whole: u32) -> u32 {
    ((2 * u64::from(count) * u64::from(part) + u64::from(whole)) / (2 * u64::from(whole))) as u32
}

/// `total` shared out in the proportions of `weights` by largest remainder.
pub(crate) fn apportion<const K: usize>(weights: &[u32; K], total: u32) -> [u32; K] {
    let sum: u64 = weights.iter().map(|&w| u64::from(w)).sum::<u64>().max(1);
    let share = weights.map(|w| u64::from(w) * u64::from(total));
    let mut parts = share.map(|s| (s / sum) as u32);
    let mut order: Vec<usize> = (0..K).collect();
    order.sort_by_key(|&i| (std::cmp::Reverse(share[i] % sum), i));
    let left = total - parts.iter().sum::<u32>();
    for &i in order.iter().cycle().take(left as usize) {
        parts[i] += 1;
    }
    parts
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_published_size_gives_the_published_margins() {
        let margins = Margins::scaled(522);
        assert_eq!(margins, Margins::published());
        assert_eq!((margins.ct_exams(), margins.cxr_exams()), (658, 1475));
        assert_eq!(margins.ct_makers.iter().sum::<u32>(), 658);
    }

    proptest! {
        #[test]
        fn scaled_margins_stay_feasible(subjects in 1_u32..3000) {
            let m = Margins::scaled(subjects);
            prop_assert_eq!(m.imaged.iter().sum::<u32>(), subjects);
            prop_assert_eq!(m.ct.iter().sum::<u32>(), m.imaged[0] + m.imaged[1]);
            prop_assert_eq!(m.cxr.iter().sum::<u32>(), m.imaged[0] + m.imaged[2]);
            prop_assert!(m.cxr_tail_exams >= 4 * m.cxr[3]);
            prop_assert!(m.ventilation <= m.icu && m.icu <= m.oxygen);
            prop_assert!(m.oxygen + m.oxygen_missing <= subjects);
        }
    }
}
