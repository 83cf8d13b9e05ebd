//! `deid profile`: the profiles, printed so that a privacy officer can read and sign them.

use std::{collections::BTreeMap, fmt::Write, fs};

use anyhow::{Context, Result, bail};
use clap::{Subcommand, ValueEnum};
use sumgil_deid::Profile;
use sumgil_dicom::confidentiality::{self, Action, Compound};

use super::super::cli::say;

/// The profiles.
#[derive(Subcommand, Debug)]
pub(super) enum ProfileCommand {
    /// The names of the shipped profiles.
    List,
    /// A profile as a table: its options, and what becomes of each attribute.
    Show {
        /// default, strict, or a TOML file of your own.
        #[arg(value_name = "NAME|FILE", default_value = "default")]
        profile: String,
        /// The language of the table.
        #[arg(long, value_enum, default_value_t = Language::En)]
        lang: Language,
    },
}

/// The languages of the table.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Language {
    /// English.
    En,
    /// Korean.
    Ko,
}

/// Runs the command.
pub(super) fn run(command: &ProfileCommand) -> Result<()> {
    match command {
        ProfileCommand::List => Profile::names().iter().for_each(|name| say(name)),
        ProfileCommand::Show { profile, lang } => say(&table(&find(profile)?, *lang)),
    }
    Ok(())
}

/// A shipped profile by its name, or the one that a file states.
pub(super) fn find(name: &str) -> Result<Profile> {
    if let Some(profile) = Profile::named(name) {
        return Ok(profile);
    }
    if !name.ends_with(".toml") {
        bail!("there is no profile '{name}': there are {}, or name a TOML file", Profile::names().join(", "));
    }
    let text = fs::read_to_string(name).with_context(|| format!("cannot read the profile {name}"))?;
    Profile::from_toml(&text).with_context(|| format!("the profile {name}"))
}

fn table(profile: &Profile, lang: Language) -> String {
    let say = |en: &'static str, ko: &'static str| match lang {
        Language::En => en,
        Language::Ko => ko,
    };
    let title = match lang {
        Language::En => profile.title(),
        Language::Ko => profile.title_ko(),
    };
    let mut out = format!("{} {}: {title}\n", say("Profile", "프로파일"), profile.version());
    let _ = writeln!(out, "DICOM PS3.15 Annex E, {} {}\n", say("edition", "판"), confidentiality::EDITION);
    options(&mut out, profile, lang);
    actions(&mut out, profile, lang);
    out.trim_end().to_owned()
}

fn options(out: &mut String, profile: &Profile, lang: Language) {
    let on = profile.options();
    let rows = [
        (true, "113100", "Basic profile", "기본 프로파일"),
        (
            on.clean_pixel_data,
            "113101",
            "Clean pixel data: burned-in text is blacked out",
            "픽셀 정리: 영상에 새겨진 글자를 가림",
        ),
        (
            on.clean_graphics,
            "113103",
            "Clean graphics: overlays and presentation states",
            "그래픽 정리: 오버레이와 표시 상태",
        ),
        (
            on.clean_structured_content,
            "113104",
            "Clean structured content: reports by concept",
            "구조화 보고서 정리: 개념별로",
        ),
        (
            on.clean_descriptors,
            "113105",
            "Clean descriptors: safe words stay",
            "서술문 정리: 안전한 낱말만 남김",
        ),
        (
            on.retain_modified_dates,
            "113107",
            "Dates moved by one shift a patient",
            "날짜를 환자마다 일정한 일수만큼 옮김",
        ),
        (
            on.retain_patient_characteristics,
            "113108",
            "Sex, age, size and weight stay",
            "성별, 나이, 키, 몸무게 유지",
        ),
        (on.retain_device_identity, "113109", "The device stays", "장비 정보 유지"),
        (on.retain_safe_private, "113111", "Safe private attributes stay", "안전한 비공개 속성 유지"),
    ];
    for (on, code, en, ko) in rows {
        let (mark, text) = match lang {
            Language::En => (if on { "yes" } else { "no" }, en),
            Language::Ko => (if on { "예" } else { "아니요" }, ko),
        };
        let _ = writeln!(out, "{code}  {text}: {mark}");
    }
    if let Some(cap) = profile.cap_years() {
        let _ = match lang {
            Language::En => writeln!(out, "Ages above {cap} years are written as {cap}."),
            Language::Ko => writeln!(out, "{cap}세를 넘는 나이는 {cap}세로 적음."),
        };
    }
    out.push('\n');
}

fn actions(out: &mut String, profile: &Profile, lang: Language) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut lines = String::new();
    for row in confidentiality::rows() {
        let word = word(confidentiality::resolve(row, profile.options()), lang);
        *counts.entry(word).or_default() += 1;
        let tag = match row.tag {
            "private" => "(odd,xxxx)".to_owned(),
            tag => format!("({},{})", tag[..4].to_uppercase(), tag[4..].to_uppercase()),
        };
        let _ = writeln!(lines, "{tag}  {word}  {}", row.name);
    }
    for (word, count) in counts {
        let _ = writeln!(out, "{count:>5}  {word}");
    }
    let rest = match lang {
        Language::En => "Attributes that are not listed: numbers and terms stay, of texts what is technique.",
        Language::Ko => "목록에 없는 속성: 숫자와 용어는 유지, 글은 검사 기술에 관한 것만 남김.",
    };
    let _ = writeln!(out, "{rest}\n\n{lines}");
}

fn word(action: Action, lang: Language) -> &'static str {
    let (en, ko) = match action {
        Action::Remove => ("removed", "삭제"),
        Action::Empty => ("emptied", "비움"),
        Action::Dummy => ("dummy value", "대체값"),
        Action::Replace(Compound::RemoveOrEmpty) => {
            ("removed, or emptied where it must be there", "삭제(필수이면 비움)")
        }
        Action::Replace(Compound::RemoveOrDummy) => {
            ("removed, or a dummy where it must be there", "삭제(필수이면 대체값)")
        }
        Action::Replace(Compound::EmptyOrDummy) => {
            ("emptied, or a dummy where it must say something", "비움(필수이면 대체값)")
        }
        Action::Replace(Compound::RemoveEmptyOrDummy) => {
            ("removed, emptied or a dummy, as the object needs", "삭제, 비움 또는 대체값")
        }
        Action::Replace(Compound::RemoveEmptyOrUids) => ("kept with other UIDs", "UID를 바꾸어 유지"),
        Action::Keep => ("kept", "유지"),
        Action::Clean => ("cleaned: safe words stay", "정리: 안전한 낱말만 유지"),
        Action::ShiftDate => ("dates moved, times kept", "날짜 이동, 시각 유지"),
        Action::Uid => ("another UID", "다른 UID로 바꿈"),
    };
    match lang {
        Language::En => en,
        Language::Ko => ko,
    }
}
