//! The key hierarchy: every key opens with its parent at its place, and nowhere else.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod support;

use proptest::prelude::*;
use sumgil_custody::{
    Credential, CustodyError, LocalKey, ObjectContext, ObjectKey, Place, ReceivingKey, Remedy, RingKey,
    RootKey, Secret, SigningKey, SubjectKey, Wrapped, WrappedForCentre, Wraps, open, rewrap, rotate, seal,
};
use sumgil_model::SubjectId;
use support::{context, key, rng};

#[test]
fn an_object_key_travels_from_the_edge_to_its_subjects_key() {
    let mut rng = rng(1);
    let (root, ring) = (RootKey::generate(&mut rng), RingKey::generate(&mut rng));
    let (subject, receiving) = (SubjectKey::generate(&mut rng), ReceivingKey::generate(&mut rng));
    let context = context();

    let object_key = ObjectKey::generate(&mut rng);
    let object = seal::<()>(b"image", &context, &object_key, &mut rng).unwrap();
    let travelling = receiving.public().unwrap().wrap(&object_key, &context, &mut rng).unwrap();

    let place = Place::object(object.digest());
    let (kept, _) = rewrap(&receiving, &travelling, &context, &subject, &place, &mut rng).unwrap();
    let kept_subject = ring.wrap(&subject, &Place::subject(&context.subject, 3), &mut rng).unwrap();
    let kept_ring = root.wrap(&ring, &Place::ring(3), &mut rng).unwrap();
    drop((ring, subject, object_key));

    let ring: RingKey = root.unwrap(&kept_ring, &Place::ring(3)).unwrap();
    let subject = ring.unwrap(&kept_subject, &Place::subject(&context.subject, 3)).unwrap();
    let key = subject.unwrap(&kept, &place).unwrap();
    assert_eq!(open(object.bytes(), &context, &key).unwrap(), b"image");
}

#[test]
fn a_wrap_opens_at_its_own_place_only() {
    let mut rng = rng(2);
    let ring = RingKey::generate(&mut rng);
    let (one, other) = (SubjectId::from_bytes([1; 10]), SubjectId::from_bytes([2; 10]));
    let wrapped = ring.wrap(&SubjectKey::generate(&mut rng), &Place::subject(&one, 1), &mut rng).unwrap();
    assert!(ring.unwrap(&wrapped, &Place::subject(&one, 1)).is_ok());
    for place in
        [Place::subject(&other, 1), Place::subject(&one, 2), Place::new("other_table", one.as_str(), 1)]
    {
        assert_eq!(ring.unwrap(&wrapped, &place).err(), Some(CustodyError::Unwrap), "{place:?}");
    }
    let other_ring = RingKey::generate(&mut rng);
    assert!(other_ring.unwrap(&wrapped, &Place::subject(&one, 1)).is_err());
}

#[test]
fn the_ring_is_rotated_without_touching_what_lies_below() {
    let mut rng = rng(12);
    let (old, new) = (RingKey::generate(&mut rng), RingKey::generate(&mut rng));
    let subject = SubjectId::from_bytes([1; 10]);
    let (before, after) = (Place::subject(&subject, 1), Place::subject(&subject, 2));
    let key = SubjectKey::generate(&mut rng);
    let wrapped = old.wrap(&key, &before, &mut rng).unwrap();
    let rotated = rotate(&wrapped, (&old, &before), (&new, &after), &mut rng).unwrap();
    assert_eq!(new.unwrap(&rotated, &after).unwrap().expose(), key.expose());
    assert!(old.unwrap(&rotated, &after).is_err() && new.unwrap(&rotated, &before).is_err());
    assert!(rotate(&wrapped, (&new, &before), (&new, &after), &mut rng).is_err());
}

/// Two answers to `answers::<T>()`, one of them only for a `T` that can be printed or written out: a secret that
/// could be makes the call ambiguous, and this file no longer compiles.
macro_rules! cannot {
    ($trait:path: $($secret:ty),*) => {{
        trait One<Which> {
            fn answers() {}
        }
        struct Second;
        impl<T: ?Sized> One<()> for T {}
        impl<T: ?Sized + $trait> One<Second> for T {}
        $(<$secret as One<_>>::answers();)*
    }};
}

#[test]
fn no_secret_can_be_printed_or_serialized() {
    cannot!(std::fmt::Debug: RootKey, RingKey, SubjectKey, ObjectKey, ReceivingKey, SigningKey, LocalKey, Credential);
    cannot!(std::fmt::Display: RootKey, RingKey, SubjectKey, ObjectKey, ReceivingKey, SigningKey, LocalKey, Credential);
    cannot!(serde::Serialize: RootKey, RingKey, SubjectKey, ObjectKey, ReceivingKey, SigningKey, LocalKey, Credential);
}

#[test]
fn a_wrapped_key_of_one_kind_is_not_taken_for_another() {
    let mut rng = rng(3);
    let root = RootKey::generate(&mut rng);
    let place = Place::new("registry_key", "x", 1);
    let wrapped = root.wrap(&SigningKey::generate(&mut rng), &place, &mut rng).unwrap();
    let as_receiving = Wrapped::<ReceivingKey>::from_bytes(wrapped.as_bytes()).unwrap();
    assert_eq!(root.unwrap(&as_receiving, &place).err(), Some(CustodyError::Unwrap));
}

#[test]
fn wrapped_keys_round_trip_as_bytes_and_json() {
    let mut rng = rng(4);
    let subject = SubjectKey::generate(&mut rng);
    let wrapped = subject.wrap(&key(9), &Place::new("t", "r", 1), &mut rng).unwrap();
    assert_eq!(wrapped.as_bytes().len(), 61);
    assert_eq!(Wrapped::from_bytes(wrapped.as_bytes()).unwrap(), wrapped);
    let json = serde_json::to_string(&wrapped).unwrap();
    assert_eq!(serde_json::from_str::<Wrapped<ObjectKey>>(&json).unwrap(), wrapped);
    assert!(Wrapped::<ObjectKey>::from_bytes(&wrapped.as_bytes()[1..]).is_err());
}

#[test]
fn only_the_receiving_key_and_the_context_open_what_travels() {
    let mut rng = rng(5);
    let receiving = ReceivingKey::generate(&mut rng);
    let public = receiving.public().unwrap();
    let wrapped = public.wrap(&key(7), &context(), &mut rng).unwrap();
    assert_eq!(wrapped.key_id(), public.id());
    assert_eq!(receiving.unwrap(&wrapped, &context()).unwrap().expose(), key(7).expose());
    let other = ObjectContext { uid: "2.25.1".to_owned(), ..context() };
    assert_eq!(receiving.unwrap(&wrapped, &other).err(), Some(CustodyError::Unwrap));
    let stranger = ReceivingKey::generate(&mut rng);
    assert_eq!(stranger.unwrap(&wrapped, &context()).err(), Some(CustodyError::Unwrap));
    let json = serde_json::to_string(&wrapped).unwrap();
    assert!(serde_json::from_str::<WrappedForCentre>(&json).unwrap() == wrapped);
    assert_eq!(format!("{wrapped:?}"), "WrappedForCentre(..)");
}

#[test]
fn secrets_have_a_text_form_of_their_kind_that_notices_errors() {
    let root = RootKey::generate(&mut rng(6));
    let text = root.to_text();
    assert!(text.starts_with("sumgil-root-key-1:"));
    assert_eq!(RootKey::from_text(&format!("{}\n", text.as_str())).unwrap().expose(), root.expose());
    let other_kind = RingKey::from_text(&text).err().unwrap();
    assert_eq!(other_kind.remedy(), Remedy::Reject);
    assert!(LocalKey::from_text(&text.replace("root", "local")).is_err());
    for at in 18..text.len() {
        let mut changed = text.as_bytes().to_vec();
        changed[at] = if changed[at] == b'x' { b'y' } else { b'x' };
        assert!(RootKey::from_text(&String::from_utf8(changed).unwrap()).is_err(), "{at}");
    }
}

#[test]
fn credentials_are_known_by_their_digest() {
    let credential = Credential::generate(&mut rng(7));
    let read = Credential::from_text(&credential.reveal()).unwrap();
    assert!(read.fits(&credential.digest()));
    assert!(!Credential::generate(&mut rng(8)).fits(&credential.digest()));
    assert_eq!(credential.reveal().len(), 43);
    assert!(Credential::from_text("short").is_err());
}

proptest! {
    #[test]
    fn any_change_of_a_wrap_is_noticed(at in 0usize..61, bit in 0u32..8) {
        let mut rng = rng(9);
        let (subject, place) = (SubjectKey::generate(&mut rng), Place::new("t", "r", 1));
        let mut bytes = subject.wrap(&key(1), &place, &mut rng).unwrap().as_bytes().to_vec();
        bytes[at] ^= 1 << bit;
        let opened = Wrapped::from_bytes(&bytes).and_then(|w| subject.unwrap(&w, &place));
        prop_assert!(opened.is_err());
    }

    #[test]
    fn any_change_of_what_travels_is_noticed(at in 0usize..89, bit in 0u32..8) {
        let mut rng = rng(10);
        let receiving = ReceivingKey::generate(&mut rng);
        let wrapped = receiving.public().unwrap().wrap(&key(1), &context(), &mut rng).unwrap();
        let mut bytes = wrapped.as_bytes().to_vec();
        bytes[at] ^= 1 << bit;
        let opened = WrappedForCentre::from_bytes(&bytes).and_then(|w| receiving.unwrap(&w, &context()));
        // X25519 ignores the highest bit of a public value, but HPKE binds the encoding too.
        prop_assert!(opened.is_err());
    }
}
