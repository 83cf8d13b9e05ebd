//! Who may do what. Deny by default: what is not written here nobody may.

use std::{fmt, str::FromStr};

/// What a person at the centre or at a hospital is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// A coordinator of one hospital: sees what that hospital sent.
    Hospital,
    /// Reads images of every hospital.
    Reader,
    /// Works with the cohort: counts, tables and the de-identified images of every hospital.
    Researcher,
    /// Runs the machine, sees no content.
    Operator,
    /// Watches over access and withdrawals: sees counts and the audit log, no images.
    PrivacyOfficer,
}

impl Role {
    /// Every role, in the order of the documents.
    pub const ALL: [Self; 5] =
        [Self::Hospital, Self::Reader, Self::Researcher, Self::Operator, Self::PrivacyOfficer];

    /// The word for it on the command line, in tables and in the audit log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Hospital => "hospital",
            Self::Reader => "reader",
            Self::Researcher => "researcher",
            Self::Operator => "operator",
            Self::PrivacyOfficer => "privacy_officer",
        }
    }

    /// Whether this role may do `what`.
    pub fn may(self, what: Permission) -> bool {
        match what {
            Permission::Public | Permission::Known => true,
            Permission::Images => matches!(self, Self::Hospital | Self::Reader | Self::Researcher),
            Permission::Aggregates => matches!(self, Self::Researcher | Self::PrivacyOfficer | Self::Reader),
            Permission::Upload => false,
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Role {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|role| role.as_str() == text)
            .ok_or_else(|| format!("no such role; the roles are {}", Self::ALL.map(Self::as_str).join(", ")))
    }
}

/// What an address of the registry needs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Nothing: the answer tells nothing.
    Public,
    /// A valid token of any kind.
    Known,
    /// Sending sealed objects: sites' machines alone.
    Upload,
    /// Studies, series, instances; a hospital its own.
    Images,
    /// Counts and tables.
    Aggregates,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn roles_read_back_and_no_person_uploads() {
        for role in Role::ALL {
            assert_eq!(role.as_str().parse::<Role>().unwrap(), role);
            assert!(!role.may(Permission::Upload));
        }
        assert!("root".parse::<Role>().unwrap_err().contains("privacy_officer"));
    }
}
