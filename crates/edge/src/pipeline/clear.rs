//! One held instance through the only door: cleared and sealed, or kept with its reasons.

use sumgil_custody::sha256;
use sumgil_deid::{Identified, Outcome, Patient, Profile, Reason, deidentify};
use sumgil_dicom::{Limits, pixels::Region, read};

use crate::{
    Edge, EdgeError,
    config::Policy,
    intake::Facts,
    spool::{HeldInstance, LookUp, State},
};

use super::seal::{SealedObject, Sealer, headers_of};

/// A held instance that has been looked at.
pub(super) struct Looked {
    pub(super) held: HeldInstance,
    pub(super) facts: Facts,
    /// In clear, where there was room to keep it; else it is opened again.
    pub(super) plain: Option<Vec<u8>>,
    /// A person has taken its study, or itself, back.
    pub(super) taken_back: bool,
}

/// What became of it.
pub(super) enum Product {
    /// With the places where its pixels were blacked out.
    Sealed(Box<SealedObject>, Vec<Region>),
    Kept(State, Vec<String>),
}

/// What every instance is treated with.
pub(super) struct Treatment<'a> {
    pub(super) edge: &'a Edge,
    pub(super) policy: &'a Policy,
    pub(super) profile: &'a Profile,
    pub(super) sealer: &'a Sealer,
    pub(super) limits: &'a Limits,
}

impl Treatment<'_> {
    /// # Errors
    /// Only what may be different next time: the disk. Everything about the instance itself is a product.
    pub(super) fn apply(&self, looked: &mut Looked, patient: &Patient) -> Result<Product, EdgeError> {
        if let Some(waits) = self.policy.verdict(&looked.facts) {
            return Ok(Product::Kept(State::Waiting, vec![waits.code().to_owned()]));
        }
        if looked.taken_back && !looked.held.overrule.releases(TAKEN_BACK) {
            return Ok(Product::Kept(State::Quarantined, vec![TAKEN_BACK.to_owned()]));
        }
        if looked.facts.modality.is_empty() && !looked.held.overrule.releases(NO_MODALITY) {
            return Ok(Product::Kept(State::Quarantined, vec![NO_MODALITY.to_owned()]));
        }
        let plain = match looked.plain.take() {
            Some(plain) => plain,
            None => self.edge.open_held(&looked.held)?,
        };
        let file = match read(&plain, self.limits) {
            Ok(file) => file,
            Err(refusal) => return Ok(Product::Kept(State::Refused, vec![refusal.code().to_owned()])),
        };
        drop(plain);
        let overrule = &looked.held.overrule;
        let key = &self.edge.secrets.pseudonym;
        match deidentify(Identified::new(file), patient, key, self.profile, overrule) {
            Outcome::Cleared(cleared) => {
                let instance = cleared.get();
                let key = self.cleared_key(&instance.bytes, &looked.held, &instance.hidden);
                let hidden = instance.hidden.clone();
                Ok(Product::Sealed(Box::new(self.sealer.instance(&cleared, &key)?), hidden))
            }
            Outcome::Quarantine(reasons) => Ok(Product::Kept(State::Quarantined, codes(&reasons))),
            Outcome::Refused(reason) => Ok(Product::Kept(State::Refused, codes(&[reason]))),
        }
    }
}

impl Treatment<'_> {
    /// The fingerprint of what was cleared. The pixels are known by what they were and by what was blacked out, and
    /// need no second hash.
    fn cleared_key(&self, file: &[u8], held: &HeldInstance, hidden: &[Region]) -> LookUp {
        let hidden = if hidden.is_empty() { String::new() } else { serde_json::json!(hidden).to_string() };
        let pixels = held.pixel_key.as_str().as_bytes();
        let content = [&sha256(headers_of(file)), pixels, hidden.as_bytes()].concat();
        self.edge.db.look_up_bytes("cleared content", &content)
    }
}

/// Nobody can say whether the policy wants an instance without a modality.
const NO_MODALITY: &str = "no-modality";

/// It arrives again after a person has taken it back: a person has to say that it may go.
const TAKEN_BACK: &str = "taken-back";

fn codes(reasons: &[Reason]) -> Vec<String> {
    let mut codes: Vec<String> = reasons.iter().map(|r| r.code.to_owned()).collect();
    codes.sort();
    codes.dedup();
    codes
}
