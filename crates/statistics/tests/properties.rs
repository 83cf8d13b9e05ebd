//! What holds for every cohort.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test stops where it fails")]

mod hand_made;

use hand_made::{CohortBuilder, exam};
use proptest::prelude::*;
use sumgil_model::ExamKind;
use sumgil_statistics::{Definition, Definitions, Figure, Filter, Measure, Quantifier, Statistic, evaluate};

/// Numbers of CT and CXR exams of each subject.
fn courses() -> impl Strategy<Value = Vec<(usize, usize)>> {
    proptest::collection::vec((0_usize..7, 0_usize..7), 0..40)
}

fn build(courses: &[(usize, usize)]) -> CohortBuilder {
    let mut cohort = CohortBuilder::default();
    for (number, (ct, cxr)) in (1_u64..).zip(courses) {
        let subject = cohort.subject(number);
        let studies = number * 1000..;
        let kinds = std::iter::repeat_n(ExamKind::Ct, *ct).chain(std::iter::repeat_n(ExamKind::Cxr, *cxr));
        subject.exams.extend(studies.zip(kinds).map(|(study, kind)| exam(number, study, kind, 1)));
    }
    cohort
}

fn kicc19(cohort: CohortBuilder) -> Vec<Statistic> {
    evaluate(&Definitions::kicc19().unwrap(), &cohort.build())
}

fn n(statistics: &[Statistic], id: &str) -> u64 {
    match &statistics.iter().find(|s| s.id == id).unwrap().figure {
        Figure::Proportion(p) => p.n,
        Figure::Count { n, .. } | Figure::Ratio { n, .. } => *n,
        other => panic!("{other:?}"),
    }
}

/// Subjects with `quantifier` `count` exams, for each count up to 6, among those with at least one.
fn distribution(kind: ExamKind, quantifier: Quantifier) -> Definitions {
    let mut definitions = Definitions::kicc19().unwrap();
    let exams = |quantifier, count| Filter::Exams { kind, quantifier, count };
    definitions.statistics = (1..=6)
        .map(|count| Definition {
            id: format!("{count}"),
            name: String::new(),
            measure: Measure::Subjects {
                of: exams(Quantifier::AtLeast, 1),
                having: exams(quantifier, count),
            },
        })
        .collect();
    definitions
}

fn proportions(statistics: &[Statistic]) -> Vec<(u64, u64)> {
    let both = |s: &Statistic| match &s.figure {
        Figure::Proportion(p) => (p.n, p.of),
        other => panic!("{other:?}"),
    };
    statistics.iter().map(both).collect()
}

proptest! {
    #[test]
    fn the_exact_counts_add_up_to_their_denominator(courses in courses()) {
        for kind in [ExamKind::Ct, ExamKind::Cxr] {
            let cohort = build(&courses).build();
            let counts = proportions(&evaluate(&distribution(kind, Quantifier::Exactly), &cohort));
            prop_assert_eq!(counts.iter().map(|(n, _)| n).sum::<u64>(), counts[0].1);
        }
    }

    #[test]
    fn at_least_never_grows_and_begins_with_everyone(courses in courses()) {
        let cohort = build(&courses).build();
        let counts = proportions(&evaluate(&distribution(ExamKind::Cxr, Quantifier::AtLeast), &cohort));
        prop_assert_eq!(counts[0].0, counts[0].1);
        prop_assert!(counts.windows(2).all(|pair| pair[0].0 >= pair[1].0));
    }

    #[test]
    fn only_both_and_neither_cover_the_cohort(courses in courses()) {
        let statistics = kicc19(build(&courses));
        let (subjects, ct, cxr) = (n(&statistics, "S1"), n(&statistics, "S9"), n(&statistics, "S10"));
        let (only_ct, only_cxr, both) = (n(&statistics, "S17a"), n(&statistics, "S17b"), n(&statistics, "S17c"));
        prop_assert_eq!(only_ct + only_cxr + both, subjects);
        prop_assert_eq!((only_ct + both, only_cxr + both), (ct, cxr));
    }

    #[test]
    fn removing_one_study_changes_the_figures_that_depend_on_it_and_no_others(
        courses in courses(), pick in any::<prop::sample::Index>(),
    ) {
        let all: Vec<usize> = (0..courses.len()).filter(|i| courses[*i].0 > 0).collect();
        prop_assume!(!all.is_empty());
        let chosen = all[pick.index(all.len())];
        let mut fewer = courses.clone();
        fewer[chosen].0 -= 1;
        let (before, after) = (kicc19(build(&courses)), kicc19(build(&fewer)));
        let (ct, cxr) = courses[chosen];
        prop_assert_eq!(n(&after, "S16a"), n(&before, "S16a") - 1);
        prop_assert_eq!(n(&after, "S16b"), n(&before, "S16b"));
        prop_assert_eq!(n(&after, "S9"), n(&before, "S9") - u64::from(ct == 1));
        prop_assert_eq!(n(&after, "S10"), n(&before, "S10"));
        prop_assert_eq!(n(&after, "S1"), n(&before, "S1") - u64::from(ct == 1 && cxr == 0));
        for (id, count) in [("S11a", 1), ("S11b", 2), ("S11c", 3), ("S11d", 4), ("S11e", 5)] {
            let change = i64::from(count == ct - 1) - i64::from(count == ct);
            prop_assert_eq!(n(&after, id) as i64 - n(&before, id) as i64, change, "{}", id);
        }
    }

    #[test]
    fn the_order_of_rows_does_not_matter(courses in courses()) {
        let mut reversed = build(&courses);
        for number in 1..=courses.len() as u64 {
            reversed.subject(number).exams.reverse();
        }
        prop_assert_eq!(kicc19(build(&courses)), kicc19(reversed));
    }
}
