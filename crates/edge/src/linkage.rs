//! Linkage, where a consortium has agreed on it: national numbers that headers and tables state become tokens for the
//! centre. Off unless edge.toml names a secret.

use std::{fs, os::unix::fs::MetadataExt, path::Path};

use sumgil_deid::linkage::{LinkageSecret, NationalNumber, national_numbers};
use sumgil_dicom::DataSet;
use sumgil_model::SubjectId;
use sumgil_transfer::statement::{Linkage as Tokens, LinkedSubject, MAX_PAIRS};
use zeroize::Zeroizing;

use crate::{
    Edge, EdgeError,
    config::LinkageConfig,
    spool::{LinkageRow, LookUp},
};

/// The secret, and whose numbers count.
pub struct Linkage {
    secret: LinkageSecret,
    issuers: Vec<String>,
}

impl Linkage {
    /// Reads the secret that the configuration names.
    ///
    /// # Errors
    /// [`EdgeError::Config`] when the file is absent, malformed, or may be read by others than its owner.
    pub fn load(config: &LinkageConfig) -> Result<Self, EdgeError> {
        let wrong =
            |reason: &str| EdgeError::Config { file: config.secret_file.clone(), reason: reason.to_owned() };
        only_its_owners(&config.secret_file).map_err(wrong)?;
        let text = Zeroizing::new(
            fs::read_to_string(&config.secret_file).map_err(|_| wrong("the file cannot be read"))?,
        );
        let secret = LinkageSecret::from_hex(&text).map_err(|error| wrong(&error.to_string()))?;
        Ok(Self { secret, issuers: config.issuers.clone() })
    }

    /// The national numbers that a header states of its patient.
    pub fn numbers(&self, data_set: &DataSet) -> Vec<NationalNumber> {
        national_numbers(data_set, &self.issuers)
    }
}

fn only_its_owners(path: &Path) -> Result<(), &'static str> {
    let about = fs::metadata(path).map_err(|_| "the file with the linkage secret cannot be read")?;
    match about.mode() & 0o077 {
        0 => Ok(()),
        _ => Err("the linkage secret may be read by others than its owner: set its mode to 0600"),
    }
}

/// Keeps what a header or table states; the token goes to the centre by itself. Two different numbers of one patient are
/// an alarm: a person has to say which is right.
///
/// # Errors
/// [`EdgeError::Database`].
pub(crate) async fn learn_numbers(
    edge: &Edge,
    patient: &LookUp,
    subject: &str,
    numbers: &[NationalNumber],
) -> Result<(), EdgeError> {
    for number in numbers {
        if !edge.db.save_national_number(patient, subject, number.expose()).await? {
            edge.db.raise("two-national-numbers", None, subject).await?;
        }
    }
    Ok(())
}

/// Keeps statements with the tokens that the centre has not been told; after a change of the secret, all of them.
///
/// # Errors
/// [`EdgeError::Database`].
pub(crate) async fn state_tokens(edge: &Edge) -> Result<(), EdgeError> {
    let Some(linkage) = &edge.linkage else { return Ok(()) };
    let secret_id = linkage.secret.id();
    loop {
        let rows = edge.db.untold_numbers(secret_id.as_str(), MAX_PAIRS).await?;
        if rows.is_empty() {
            return Ok(());
        }
        let subjects = rows.iter().map(|row| linked(linkage, row)).collect::<Result<_, _>>()?;
        let patients: Vec<LookUp> = rows.into_iter().map(|row| row.patient_key).collect();
        let tokens = Tokens { secret_id: secret_id.clone(), subjects };
        edge.db.state_linkage(&tokens, &patients).await?;
    }
}

fn linked(linkage: &Linkage, row: &LinkageRow) -> Result<LinkedSubject, EdgeError> {
    let number = NationalNumber::stored(&row.number);
    Ok(LinkedSubject {
        subject: SubjectId::parse(&row.subject).map_err(|_| EdgeError::Damaged("a subject's row"))?,
        token: linkage.secret.token(&number),
    })
}
