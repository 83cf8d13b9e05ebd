//! Whole queries: conditions, attributes to return, and the page.

use dicom_core::Tag;
use sumgil_model::{Series, Study, Uid};

use super::{AttributePath, Matching, QueryError, attribute::shown, parameters::parameters};

/// The answer to `fuzzymatching=true` (PS3.18 10.6.1.2.1), as text of a Warning header with code 299.
const NO_FUZZY: &str =
    "the fuzzymatching parameter is not supported, only literal matching has been performed";

/// Page sizes in numbers of matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageLimits {
    /// When the query names none.
    pub default: u32,
    /// The most; a larger `limit` gets this.
    pub most: u32,
}

impl Default for PageLimits {
    fn default() -> Self {
        Self { default: 100, most: 1000 }
    }
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Of what.
    pub attribute: AttributePath,
    /// Which.
    pub matching: Matching,
}

/// Attributes to return beyond the required ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Include {
    /// `includefield=all`.
    All,
    /// These.
    Attributes(Vec<AttributePath>),
}

/// What every search has. All filters must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The conditions, at most one an attribute, in the order of the query string.
    pub filters: Vec<Filter>,
    /// What else to return.
    pub include: Include,
    /// At most so many matches; from 1 to the page limit.
    pub limit: u32,
    /// After so many matches.
    pub offset: u64,
    /// What was asked for and is not done; each one a Warning header with code 299.
    pub warnings: Vec<&'static str>,
}

/// `GET /studies?...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StudyQuery(pub Query);

/// `GET /series?...` or `GET /studies/{study}/series?...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeriesQuery {
    /// Only of this study.
    pub study: Option<Uid<Study>>,
    /// The query string.
    pub query: Query,
}

/// `GET /instances?...`, `GET /studies/{study}/instances?...` or `GET /studies/{study}/series/{series}/instances?...`
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InstanceQuery {
    /// Only of this study.
    pub study: Option<Uid<Study>>,
    /// Only of this series.
    pub series: Option<Uid<Series>>,
    /// The query string.
    pub query: Query,
}

impl StudyQuery {
    /// Reads a raw query string, without the question mark.
    ///
    /// # Errors
    /// [`QueryError`], the answer to which is 400 Bad Request.
    pub fn parse(raw: &str, page: PageLimits) -> Result<Self, QueryError> {
        Query::parse(raw, page).map(Self)
    }
}

impl SeriesQuery {
    /// As [`StudyQuery::parse`], with the study of the path.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn parse(study: Option<Uid<Study>>, raw: &str, page: PageLimits) -> Result<Self, QueryError> {
        Ok(Self { study, query: Query::parse(raw, page)? })
    }
}

impl InstanceQuery {
    /// As [`StudyQuery::parse`], with the study and the series of the path.
    ///
    /// # Errors
    /// [`QueryError`].
    pub fn parse(
        study: Option<Uid<Study>>,
        series: Option<Uid<Series>>,
        raw: &str,
        page: PageLimits,
    ) -> Result<Self, QueryError> {
        Ok(Self { study, series, query: Query::parse(raw, page)? })
    }
}

impl Query {
    /// Reads a raw query string, without the question mark.
    ///
    /// # Errors
    /// [`QueryError`] for names that are no attributes, values that cannot be, and what is given twice.
    pub fn parse(raw: &str, page: PageLimits) -> Result<Self, QueryError> {
        let include = Include::Attributes(Vec::new());
        let mut query = Self { filters: Vec::new(), include, limit: 0, offset: 0, warnings: Vec::new() };
        let (mut limit, mut offset) = (None, None);
        for (name, value) in parameters(raw)? {
            match name.as_str() {
                "limit" => once(&mut limit, &name, &value)?,
                "offset" => once(&mut offset, &name, &value)?,
                "includefield" => query.include.add(&value)?,
                "fuzzymatching" if value == "true" => query.warnings.push(NO_FUZZY),
                // Asked for in other places, or the default anyway.
                "fuzzymatching" | "emptyvaluematching" | "multiplevaluematching" | "accept" | "charset" => {}
                _ => query.filter(&name, &value)?,
            }
        }
        let most = page.most.max(1);
        query.limit = limit.map_or(page.default, |limit| limit.min(u64::from(most)) as u32).clamp(1, most);
        query.offset = offset.unwrap_or(0);
        query.warnings.dedup();
        Ok(query)
    }

    /// What is asked of a top level attribute; `None` when the query does not mention it.
    pub fn matching(&self, tag: Tag) -> Option<&Matching> {
        self.filters
            .iter()
            .find(|filter| filter.attribute.top_level() == Some(tag))
            .map(|filter| &filter.matching)
    }

    /// Takes out and returns the conditions that `supported` does not know; the answer must name them in a Warning
    /// header (PS3.18 8.3.4), or be 400.
    pub fn take_unsupported(&mut self, supported: impl Fn(&AttributePath) -> bool) -> Vec<AttributePath> {
        let (kept, dropped) =
            self.filters.drain(..).partition(|filter: &Filter| supported(&filter.attribute));
        self.filters = kept;
        dropped.into_iter().map(|filter: Filter| filter.attribute).collect()
    }

    fn filter(&mut self, name: &str, value: &str) -> Result<(), QueryError> {
        let attribute = AttributePath::parse(name)?;
        if self.filters.iter().any(|filter| filter.attribute == attribute) {
            return Err(QueryError::Repeated(shown(name)));
        }
        let matching = Matching::parse(name, &attribute, value)?;
        self.filters.push(Filter { attribute, matching });
        Ok(())
    }
}

impl Include {
    /// Whether a top level attribute is asked for.
    pub fn has(&self, tag: Tag) -> bool {
        match self {
            Self::All => true,
            Self::Attributes(paths) => paths.iter().any(|path| path.tags().first() == Some(&tag)),
        }
    }

    fn add(&mut self, value: &str) -> Result<(), QueryError> {
        for name in value.split(',').map(str::trim).filter(|name| !name.is_empty()) {
            match self {
                _ if name == "all" => *self = Self::All,
                // After all there is nothing to add, but nonsense is still nonsense.
                Self::All => drop(AttributePath::parse(name)?),
                Self::Attributes(paths) => paths.push(AttributePath::parse(name)?),
            }
        }
        Ok(())
    }
}

fn once(place: &mut Option<u64>, name: &str, value: &str) -> Result<(), QueryError> {
    let wrong = || QueryError::Value { attribute: shown(name), wanted: "a whole number" };
    // SQL engines count in signed 64 bit.
    let number =
        value.trim().parse::<u64>().ok().filter(|number| *number <= i64::MAX as u64).ok_or_else(wrong)?;
    match place.replace(number) {
        None => Ok(()),
        Some(_) => Err(QueryError::Repeated(shown(name))),
    }
}

#[cfg(test)]
mod tests {
    use dicom_dictionary_std::tags;
    use proptest::prelude::*;

    use super::*;

    fn parse(raw: &str) -> Result<Query, QueryError> {
        Query::parse(raw, PageLimits::default())
    }

    #[test]
    fn a_query_of_a_viewer() {
        let raw = "limit=101&offset=20&fuzzymatching=true&includefield=00081030%2C00080060&includefield=StudyComments\
                   &StudyDate=20200101-20201231&ModalitiesInStudy=CT&00100020=SUB*";
        let query = StudyQuery::parse(raw, PageLimits::default()).unwrap().0;
        assert_eq!((query.limit, query.offset, query.filters.len()), (101, 20, 3));
        assert_eq!(query.warnings, [NO_FUZZY]);
        assert!(query.include.has(tags::MODALITY) && !query.include.has(tags::PATIENT_NAME));
        assert_eq!(query.matching(tags::PATIENT_ID), Some(&Matching::Wildcard("SUB*".to_owned())));
        assert_eq!(query.matching(tags::ACCESSION_NUMBER), None);
    }

    #[test]
    fn pages_are_bounded() {
        assert_eq!((parse("").unwrap().limit, parse("").unwrap().offset), (100, 0));
        assert_eq!(parse("limit=999999999").unwrap().limit, 1000);
        assert_eq!(parse("limit=0").unwrap().limit, 1);
        for bad in ["limit=-1", "limit=ten", "offset=9223372036854775808", "limit="] {
            assert!(matches!(parse(bad), Err(QueryError::Value { .. })), "{bad}");
        }
        assert!(matches!(parse("limit=1&limit=2"), Err(QueryError::Repeated(_))));
    }

    #[test]
    fn nonsense_is_an_error_and_never_a_wider_search() {
        assert!(matches!(parse("PatientIdentifier=1"), Err(QueryError::UnknownAttribute(_))));
        assert!(matches!(parse("patientid=1"), Err(QueryError::UnknownAttribute(_))));
        assert!(matches!(parse("includefield=Nonsense"), Err(QueryError::UnknownAttribute(_))));
        assert!(matches!(parse("includefield=all,Nonsense"), Err(QueryError::UnknownAttribute(_))));
        assert!(matches!(parse("PatientID=1&00100020=2"), Err(QueryError::Repeated(_))));
        assert_eq!(parse("includefield=PatientName,all").unwrap().include, Include::All);
    }

    #[test]
    fn unsupported_conditions_are_taken_out_by_name() {
        let mut query = parse("PatientID=1&ImageComments=x").unwrap();
        let dropped = query.take_unsupported(|path| path.top_level() == Some(tags::PATIENT_ID));
        assert_eq!(dropped.iter().map(ToString::to_string).collect::<Vec<_>>(), ["00204000"]);
        assert_eq!(query.filters.len(), 1);
    }

    proptest! {
        #[test]
        fn any_query_string_is_read_or_refused(raw in "[ -~]{0,200}") {
            if let Ok(query) = parse(&raw) {
                prop_assert!((1..=1000).contains(&query.limit));
            }
        }

        #[test]
        fn any_pairs_of_known_names_are_read_or_refused(
            names in proptest::collection::vec(0usize..8, 0..6),
            values in proptest::collection::vec("[0-9A-Z*?.,%-]{0,20}", 6),
        ) {
            let known = ["limit", "offset", "includefield", "PatientID", "StudyDate", "00080060", "StudyInstanceUID", "x"];
            let pairs: Vec<_> = names.iter().zip(&values).map(|(&at, value)| format!("{}={value}", known[at])).collect();
            let _ = parse(&pairs.join("&"));
        }
    }
}
