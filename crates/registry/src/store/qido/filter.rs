//! What a search may ask for, and the condition that each question becomes.

use sumgil_model::{ProtocolId, SiteId};

use crate::store::{StoreError, db::Param};

/// Most values that one list may hold.
pub const MOST_VALUES: usize = 1000;

/// The levels of the DICOM information model that can be searched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Studies.
    Study,
    /// Series.
    Series,
    /// Instances.
    Instance,
}

macro_rules! attributes {
    ($($(#[$doc:meta])* $name:ident = $level:ident, $column:literal;)+) => {
        /// An attribute that a search can filter by.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Attribute { $($(#[$doc])* $name,)+ }

        impl Attribute {
            /// Every attribute.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The level that it belongs to. On a search above its level it asks: is there one such?
            pub fn level(self) -> Level {
                match self { $(Self::$name => Level::$level,)+ }
            }

            fn column(self) -> &'static str {
                match self { $(Self::$name => $column,)+ }
            }
        }
    };
}

attributes! {
    /// Study Instance UID (0020,000D).
    StudyInstanceUid = Study, "st.uid";
    /// Patient ID (0010,0020): the subject.
    PatientId = Study, "st.subject_id";
    /// Patient's Sex (0010,0040).
    PatientSex = Study, "st.patient_sex";
    /// Study Date (0008,0020).
    StudyDate = Study, "st.study_date";
    /// Study Time (0008,0030).
    StudyTime = Study, "st.study_time";
    /// Accession Number (0008,0050).
    AccessionNumber = Study, "st.accession_number";
    /// Study ID (0020,0010).
    StudyId = Study, "st.study_id";
    /// The contributing site's code; as Clinical Trial Site ID (0012,0030).
    SiteId = Study, "st.site_id";
    /// Series Instance UID (0020,000E).
    SeriesInstanceUid = Series, "se.uid";
    /// Modality (0008,0060); on a search for studies also Modalities in Study (0008,0061).
    Modality = Series, "se.modality";
    /// Series Number (0020,0011).
    SeriesNumber = Series, "CAST(se.series_number AS TEXT)";
    /// Series Date (0008,0021).
    SeriesDate = Series, "se.series_date";
    /// Series Time (0008,0031).
    SeriesTime = Series, "se.series_time";
    /// Body Part Examined (0018,0015).
    BodyPartExamined = Series, "se.body_part_examined";
    /// Laterality (0020,0060).
    Laterality = Series, "se.laterality";
    /// Manufacturer (0008,0070).
    Manufacturer = Series, "se.manufacturer";
    /// Manufacturer's Model Name (0008,1090).
    ManufacturerModelName = Series, "se.manufacturer_model_name";
    /// Station Name (0008,1010).
    StationName = Series, "se.station_name";
    /// SOP Instance UID (0008,0018).
    SopInstanceUid = Instance, "i.uid";
    /// SOP Class UID (0008,0016).
    SopClassUid = Instance, "i.sop_class";
    /// Instance Number (0020,0013).
    InstanceNumber = Instance, "CAST(i.instance_number AS TEXT)";
    /// View Position (0018,5101).
    ViewPosition = Instance, "i.view_position";
    /// Acquisition Date (0008,0022).
    AcquisitionDate = Instance, "i.acquisition_date";
    /// Content Date (0008,0023).
    ContentDate = Instance, "i.content_date";
}

/// How a filter compares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// Exactly this text.
    Equal(String),
    /// DICOM wildcards: `*` for any text, `?` for one character.
    Wildcard(String),
    /// One of a list, as for UIDs.
    OneOf(Vec<String>),
    /// From and to, both included, as for dates and times; an absent end is open. Finds no empty values.
    Range {
        /// Earliest.
        from: Option<String>,
        /// Latest.
        to: Option<String>,
    },
}

/// One condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// Of what.
    pub attribute: Attribute,
    /// Which.
    pub test: Test,
}

/// A search: every filter must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    /// The conditions.
    pub filters: Vec<Filter>,
    /// Only this site's, for a user of one site.
    pub site: Option<SiteId>,
    /// Only of subjects enrolled in this protocol.
    pub protocol: Option<ProtocolId>,
    /// At most so many matches.
    pub limit: u32,
    /// After so many matches; the order is stable.
    pub offset: u64,
}

impl Default for Query {
    fn default() -> Self {
        Self { filters: Vec::new(), site: None, protocol: None, limit: 100, offset: 0 }
    }
}

impl Query {
    /// Adds a condition.
    #[must_use]
    pub fn with(mut self, attribute: Attribute, test: Test) -> Self {
        self.filters.push(Filter { attribute, test });
        self
    }
}

const IN_PROTOCOL: &str = "EXISTS (SELECT 1 FROM subject_protocol sp \
    WHERE sp.subject_id = st.subject_id AND sp.protocol_id = ";
/// "Is there one such below?" in two forms. Where many studies have one, looking below each study of the page
/// ends early; where few have, collecting those few first spares looking below every study.
const SOME_SERIES: &str = "EXISTS (SELECT 1 FROM series se WHERE se.study_uid = st.uid AND ";
const SOME_INSTANCE_OF_STUDY: &str = "EXISTS (SELECT 1 FROM instance i WHERE i.study_uid = st.uid AND ";
const SOME_INSTANCE_OF_SERIES: &str = "EXISTS (SELECT 1 FROM instance i WHERE i.series_uid = se.uid AND ";
const FEW_SERIES: &str = "st.uid IN (SELECT se.study_uid FROM series se WHERE ";
const FEW_INSTANCES_OF_STUDY: &str = "st.uid IN (SELECT i.study_uid FROM instance i WHERE ";
const FEW_INSTANCES_OF_SERIES: &str = "se.uid IN (SELECT i.series_uid FROM instance i WHERE ";

impl Attribute {
    /// Whether a value of it is usually shared by many studies.
    fn is_common(self) -> bool {
        matches!(self, Self::Modality | Self::BodyPartExamined | Self::SopClassUid | Self::ViewPosition)
    }

    /// What goes around its condition on a search above its level.
    fn below(self, level: Level) -> Option<&'static str> {
        Some(match (level, self.level(), self.is_common()) {
            (Level::Study, Level::Series, true) => SOME_SERIES,
            (Level::Study, Level::Series, false) => FEW_SERIES,
            (Level::Study, Level::Instance, true) => SOME_INSTANCE_OF_STUDY,
            (Level::Study, Level::Instance, false) => FEW_INSTANCES_OF_STUDY,
            (Level::Series, Level::Instance, true) => SOME_INSTANCE_OF_SERIES,
            (Level::Series, Level::Instance, false) => FEW_INSTANCES_OF_SERIES,
            _ => return None,
        })
    }
}

/// A WHERE clause under way: constants joined, values bound.
pub(super) struct Conditions {
    text: String,
    params: Vec<Param>,
}

impl Conditions {
    /// The conditions of `query` for a search on `level`.
    pub(super) fn of(query: &Query, level: Level) -> Result<Self, StoreError> {
        let mut conditions = Self { text: String::from("1 = 1"), params: Vec::new() };
        if let Some(site) = &query.site {
            let place = conditions.bind(site.as_str());
            conditions.and(&format!("st.site_id = {place}"));
        }
        if let Some(protocol) = &query.protocol {
            let place = conditions.bind(protocol.as_str());
            conditions.and(&format!("{IN_PROTOCOL}{place})"));
        }
        for filter in &query.filters {
            conditions.add(filter, level)?;
        }
        Ok(conditions)
    }

    /// The clause, the values, and the places of limit and offset after them.
    pub(super) fn finish(mut self, query: &Query) -> (String, String, Vec<Param>) {
        self.params.push(Param::from(query.limit));
        let limit = self.params.len();
        self.params.push(Param::from(query.offset));
        (self.text, format!("LIMIT ${limit} OFFSET ${}", limit + 1), self.params)
    }

    fn add(&mut self, filter: &Filter, level: Level) -> Result<(), StoreError> {
        let condition = self.condition(filter)?;
        match filter.attribute.below(level) {
            Some(around) => self.and(&format!("{around}{condition})")),
            None => self.and(&condition),
        }
        Ok(())
    }

    fn condition(&mut self, Filter { attribute, test }: &Filter) -> Result<String, StoreError> {
        let column = attribute.column();
        Ok(match test {
            Test::Equal(value) => format!("{column} = {}", self.bind(value)),
            Test::Wildcard(pattern) => format!("{column} LIKE {} ESCAPE '!'", self.bind(&like(pattern))),
            Test::OneOf(values) if values.len() > MOST_VALUES => {
                return Err(StoreError::Conflict("a filter lists more than 1000 values"));
            }
            Test::OneOf(values) if values.is_empty() => "1 = 0".to_owned(),
            Test::OneOf(values) => {
                let places: Vec<String> = values.iter().map(|value| self.bind(value)).collect();
                format!("{column} IN ({})", places.join(", "))
            }
            Test::Range { from, to } => {
                let mut parts = vec![format!("{column} <> ''")];
                parts.extend(from.as_ref().map(|from| format!("{column} >= {}", self.bind(from))));
                parts.extend(to.as_ref().map(|to| format!("{column} <= {}", self.bind(to))));
                parts.join(" AND ")
            }
        })
    }

    fn bind(&mut self, value: &str) -> String {
        self.params.push(Param::from(value));
        format!("${}", self.params.len())
    }

    fn and(&mut self, condition: &str) {
        self.text.push_str(" AND ");
        self.text.push_str(condition);
    }
}

/// A DICOM wildcard pattern as a pattern of LIKE, with `!` as its escape.
fn like(pattern: &str) -> String {
    let mut like = String::with_capacity(pattern.len() + 8);
    for character in pattern.chars() {
        match character {
            '*' => like.push('%'),
            '?' => like.push('_'),
            '%' | '_' | '!' => like.extend(['!', character]),
            _ => like.push(character),
        }
    }
    like
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wildcards_become_like_and_its_own_signs_are_escaped() {
        assert_eq!(like("A*B?C%_!"), "A%B_C!%!_!!");
    }

    #[test]
    fn values_are_bound_and_never_stand_in_the_text() {
        let query = Query::default()
            .with(Attribute::PatientId, Test::Equal("x' OR 1=1 --".to_owned()))
            .with(Attribute::SopClassUid, Test::OneOf(vec!["1.2".to_owned(), "3.4".to_owned()]))
            .with(Attribute::SopInstanceUid, Test::Equal("5.6".to_owned()));
        let (text, page, params) = Conditions::of(&query, Level::Study).unwrap().finish(&query);
        assert_eq!(
            text,
            "1 = 1 AND st.subject_id = $1 AND EXISTS (SELECT 1 FROM instance i WHERE i.study_uid = st.uid AND \
             i.sop_class IN ($2, $3)) AND st.uid IN (SELECT i.study_uid FROM instance i WHERE i.uid = $4)"
        );
        assert_eq!((page.as_str(), params.len()), ("LIMIT $5 OFFSET $6", 6));
    }
}
