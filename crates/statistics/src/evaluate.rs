//! The general evaluator: definitions and rows in, figures out.

use std::collections::BTreeMap;

use sumgil_model::ExamKind;

use crate::{
    Cohort, Definitions, ExamRow, Figure, Filter, Measure, Numeric, Proportion, Quantifier, RankBy, Ranked,
    Statistic, Unit, cohort::Member, round::quotient,
};

/// Every statistic of `definitions` over `cohort`, in the order of the definitions.
pub fn evaluate(definitions: &Definitions, cohort: &Cohort) -> Vec<Statistic> {
    let population = select(cohort.members.iter(), &definitions.population);
    definitions
        .statistics
        .iter()
        .map(|definition| Statistic {
            id: definition.id.clone(),
            name: definition.name.clone(),
            figure: measure(&definition.measure, &population),
        })
        .collect()
}

fn measure(measure: &Measure, population: &[&Member]) -> Figure {
    match measure {
        Measure::Count { of } => {
            let n = select(population.iter().copied(), of).len() as u64;
            Figure::Count { n, unit: Unit::Subject }
        }
        Measure::Subjects { of, having } => {
            let denominator = select(population.iter().copied(), of);
            let answers = denominator.iter().map(|member| having.answer(member));
            Figure::Proportion(proportion(answers, Unit::Subject, having.quantifier()))
        }
        Measure::Exams { of, by_maker } => {
            let answers = exams(population, *of).map(|exam| {
                let maker = exam.equipment.maker.as_str();
                (!maker.is_empty()).then(|| maker == by_maker)
            });
            Figure::Proportion(proportion(answers, Unit::Exam, Quantifier::Any))
        }
        Measure::Summary { of: Numeric::AgeYears } => {
            summary(population.iter().map(|member| member.row.age_years.map(u64::from)), Unit::Year)
        }
        Measure::Rank { of, by: RankBy::Device } => rank_devices(population, *of),
        Measure::Rank { of, by: RankBy::Indication } => rank_indications(population, *of),
        Measure::PerImagedSubject { of } => per_imaged_subject(population, *of),
    }
}

fn select<'m>(members: impl Iterator<Item = &'m Member>, filter: &Filter) -> Vec<&'m Member> {
    members.filter(|member| filter.answer(member) == Some(true)).collect()
}

fn exams<'m>(population: &[&'m Member], kind: ExamKind) -> impl Iterator<Item = &'m ExamRow> {
    population.iter().flat_map(move |member| member.exams_of(kind))
}

fn proportion(answers: impl Iterator<Item = Option<bool>>, unit: Unit, quantifier: Quantifier) -> Proportion {
    let empty = Proportion { n: 0, of: 0, unit, quantifier, missing: 0 };
    answers.fold(empty, |mut sum, answer| {
        match answer {
            Some(yes) => {
                sum.of += 1;
                sum.n += u64::from(yes);
            }
            None => sum.missing += 1,
        }
        sum
    })
}

fn summary(values: impl Iterator<Item = Option<u64>>, unit: Unit) -> Figure {
    let all: Vec<Option<u64>> = values.collect();
    let known: Vec<u64> = all.iter().copied().flatten().collect();
    let n = known.len() as u64;
    Figure::Summary {
        mean: quotient(known.iter().sum(), n, 1),
        min: known.iter().copied().min(),
        max: known.iter().copied().max(),
        unit,
        n,
        missing: all.len() as u64 - n,
    }
}

fn rank_devices(population: &[&Member], kind: ExamKind) -> Figure {
    let exposures = || exams(population, kind).flat_map(|exam| &exam.exposures);
    let nameless =
        |device: &&sumgil_model::Equipment| device.maker.as_str().is_empty() && device.model.is_empty();
    let missing = exposures().filter(nameless).count() as u64;
    let names = exposures().filter(|device| !nameless(device)).map(ToString::to_string);
    Figure::Rank {
        rank: ranked(names),
        unit: Unit::Exposure,
        of: exposures().count() as u64 - missing,
        missing,
    }
}

fn rank_indications(population: &[&Member], kind: ExamKind) -> Figure {
    let noted = || exams(population, kind).filter_map(|exam| exam.indications.as_ref());
    let names = noted().flatten().map(|indication| indication.label().to_owned());
    let of = noted().count() as u64;
    Figure::Rank {
        rank: ranked(names),
        unit: Unit::Exam,
        of,
        missing: exams(population, kind).count() as u64 - of,
    }
}

fn ranked(names: impl Iterator<Item = String>) -> Vec<Ranked> {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for name in names {
        *counts.entry(name).or_default() += 1;
    }
    let mut rank: Vec<Ranked> = counts.into_iter().map(|(name, n)| Ranked { name, n }).collect();
    // Stable: equal counts stay in the order of their names.
    rank.sort_by_key(|line| std::cmp::Reverse(line.n));
    rank
}

fn per_imaged_subject(population: &[&Member], kind: ExamKind) -> Figure {
    let counts: Vec<u64> =
        population.iter().map(|member| member.count(kind) as u64).filter(|count| *count > 0).collect();
    let (n, per) = (counts.iter().sum(), counts.len() as u64);
    Figure::Ratio { n, unit: Unit::Exam, per, ratio: quotient(n, per, 2) }
}
