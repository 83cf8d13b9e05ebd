//! Words that no list has and that still are words of medicine: by their ending, by a prefix before a word, by inflection.

use super::lexicon;

/// Endings of medical words; the word has at least [`SHORTEST`] letters.
const ENDINGS: &[&str] = &[
    "itis",
    "osis",
    "ectomy",
    "otomy",
    "ostomy",
    "aemia",
    "emia",
    "opathy",
    "plasty",
    "ography",
    "ographic",
    "oscopy",
    "oscopic",
    "megaly",
    "algia",
    "ectasis",
    "ectasia",
    "trophy",
    "trophic",
    "plegia",
    "rrhage",
    "rrhagic",
    "centesis",
    "lysis",
    "pexy",
    "stenosis",
    "sclerosis",
    "sclerotic",
    "penia",
    "penic",
    "cytosis",
    "cytic",
    "uria",
    "pnea",
    "pnoea",
    "ptysis",
    "malacia",
    "carcinoma",
    "sarcoma",
    "blastoma",
    "adenoma",
    "lymphoma",
    "myoma",
    "angioma",
    "granuloma",
    "ectatic",
    "thorax",
    "cardium",
    "cardiac",
    "pulmonary",
    "vascular",
    "lateral",
    "genic",
    "genous",
    "desis",
    "rrhea",
    "rrhoea",
    "stomy",
    "tomy",
    "gram",
    "graphy",
    "plasia",
    "plastic",
    "philia",
    "philic",
    "phagia",
    "phasia",
    "kinesia",
    "mycosis",
    "bacterial",
    "viral",
    "fungal",
    "static",
    "metastatic",
];
const SHORTEST: usize = 7;
/// Prefixes before a word of four letters and more.
const PREFIXES: &[&str] = &[
    "abdomino", "adeno", "angio", "anti", "antero", "arterio", "arthro", "bi", "broncho", "cardio",
    "cervico", "chondro", "contra", "costo", "cranio", "cysto", "de", "dis", "endo", "epi", "extra", "fibro",
    "hemi", "hemo", "hepato", "hydro", "hyper", "hypo", "infero", "infra", "inter", "intra", "juxta",
    "lympho", "macro", "medio", "micro", "mid", "mis", "mono", "multi", "muscle", "myelo", "myo", "neo",
    "nephro", "neuro", "non", "osteo", "over", "para", "peri", "pleuro", "pneumo", "poly", "post", "postero",
    "pre", "pseudo", "re", "recto", "retro", "semi", "spleno", "sub", "super", "supero", "supra", "tempo",
    "tenso", "thoraco", "thrombo", "trachea", "tracheo", "trans", "tri", "ultra", "un", "uni", "under",
    "vaso", "veno", "vertebro", "xero",
];

/// Whether a word in small letters is one of medicine by its form.
pub(super) fn is_medical(lower: &str) -> bool {
    lower.is_ascii() && (has_ending(lower) || is_inflected(lower) || has_prefix(lower))
}

/// Whether a word is a common one, as it stands or inflected.
pub(super) fn is_common(lower: &str) -> bool {
    lexicon::is_common(lower) || stems(lower).iter().any(|stem| lexicon::is_common(stem))
}

fn has_ending(lower: &str) -> bool {
    lower.len() >= SHORTEST
        && ENDINGS.iter().any(|ending| lower.ends_with(ending) && lower.len() > ending.len() + 1)
}

fn is_inflected(lower: &str) -> bool {
    stems(lower).iter().any(|stem| stem.len() >= 3 && lexicon::is_word(stem) && !lexicon::is_also_name(stem))
}

fn has_prefix(lower: &str) -> bool {
    PREFIXES
        .iter()
        .filter_map(|prefix| lower.strip_prefix(prefix))
        .any(|rest| rest.len() >= 4 && lexicon::is_word(rest) && !lexicon::is_also_name(rest))
}

/// What an inflected form may come from: plural, past, participle, adverb.
fn stems(lower: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut cut = |ending: &str, instead: &str| {
        if let Some(stem) = lower.strip_suffix(ending) {
            out.push(format!("{stem}{instead}"));
        }
    };
    for (ending, instead) in [
        ("s", ""),
        ("es", ""),
        ("ies", "y"),
        ("ae", "a"),
        ("i", "us"),
        ("a", "um"),
        ("ed", ""),
        ("ed", "e"),
        ("ied", "y"),
        ("ing", ""),
        ("ing", "e"),
        ("ly", ""),
        ("ally", ""),
        ("er", ""),
        ("er", "e"),
        ("est", ""),
        ("ness", ""),
        ("ation", "e"),
        ("ion", "e"),
        ("ion", ""),
        ("al", ""),
        ("ic", ""),
        ("ous", ""),
    ] {
        cut(ending, instead);
    }
    let doubled = ["ed", "ing"].iter().filter_map(|ending| lower.strip_suffix(ending)).filter_map(|stem| {
        let last = stem.chars().next_back()?;
        stem.strip_suffix(last).filter(|short| short.ends_with(last)).map(str::to_owned)
    });
    let doubled: Vec<String> = doubled.collect();
    out.extend(doubled);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_of_medicine() {
        for word in [
            "diverticulosis",
            "hydropneumothorax",
            "cannulae",
            "lobectomies",
            "peribronchiolar",
            "granulomatosis",
            "thrombocytopenia",
            "reexpansion",
            "nodules",
            "stapled",
            "retroareolar",
        ] {
            assert!(lexicon::is_word(word) || is_medical(word), "{word}");
        }
        for word in [
            "whitaker",
            "sangwook",
            "hyeonmi",
            "carter",
            "severance",
            "harbour",
            "jihoon",
            "minseo",
            "taeyang",
            "harris",
        ] {
            assert!(!lexicon::is_word(word) && !is_medical(word), "{word}");
        }
    }

    #[test]
    fn common_words_in_their_forms() {
        for word in ["looking", "stopped", "houses", "quickly", "arrived"] {
            assert!(is_common(word) || lexicon::is_word(word) || is_medical(word), "{word}");
        }
    }
}
