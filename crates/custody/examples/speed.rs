//! How fast objects are sealed and opened here: `cargo run --release -p sumgil-custody --example speed`.
#![allow(clippy::print_stdout, clippy::unwrap_used, reason = "a measuring program")]

use std::time::Instant;

use rand::SeedableRng;
use sumgil_custody::{
    LocalKey, ObjectContext, ObjectKey, ObjectKind, Place, ReceivingKey, Secret, SigningKey, SubjectKey,
    Wraps, open, seal, sha256,
};
use sumgil_model::{SiteId, SubjectId};

fn main() {
    let mut rng = rand::rngs::StdRng::from_os_rng();
    let key = ObjectKey::generate(&mut rng);
    let local = LocalKey::generate(&mut rng);
    let context = ObjectContext {
        site: SiteId::parse("hosp-01").unwrap(),
        subject: SubjectId::from_bytes([0; 10]),
        uid: "2.25.1".to_owned(),
        kind: ObjectKind::Instance,
        profile: "sumgil-default-1".to_owned(),
    };
    keys(&context, &mut rng);
    for size in [10_000, 526_000, 16_000_000] {
        let plain = vec![0x5a; size];
        let sealed = seal::<()>(&plain, &context, &key, &mut rng).unwrap();
        let held = local.encrypt("hold", "1", &plain, &mut rng).unwrap();
        println!("{size} bytes:");
        measure("seal, with digest", size, || drop(seal::<()>(&plain, &context, &key, &mut rng.clone())));
        measure("open", size, || drop(open(sealed.bytes(), &context, &key)));
        measure("local encrypt", size, || drop(local.encrypt("hold", "1", &plain, &mut rng.clone())));
        measure("local decrypt", size, || drop(local.decrypt("hold", "1", &held)));
        measure("SHA-256 alone", size, || {
            std::hint::black_box(sha256(&plain));
        });
    }
}

/// What each object costs besides its bytes.
fn keys(context: &ObjectContext, rng: &mut rand::rngs::StdRng) {
    let (key, receiving) = (ObjectKey::generate(rng), ReceivingKey::generate(rng));
    let (public, subject) = (receiving.public().unwrap(), SubjectKey::generate(rng));
    let wrapped = public.wrap(&key, context, rng).unwrap();
    let signing = SigningKey::generate(rng);
    let (verifying, signature) = (signing.verifying_key().unwrap(), signing.sign(b"manifest").unwrap());
    let place = Place::new("object_key", "row", 1);
    each("wrap for the centre", || drop(public.wrap(&key, context, &mut rng.clone())));
    each("unwrap at the centre", || drop(receiving.unwrap(&wrapped, context)));
    each("wrap under the subject", || drop(subject.wrap(&key, &place, &mut rng.clone())));
    each("sign", || drop(signing.sign(b"manifest")));
    each("verify", || drop(verifying.verify(b"manifest", &signature)));
}

fn each(what: &str, mut run: impl FnMut()) {
    let start = Instant::now();
    (0..2000).for_each(|_| run());
    println!("{what:<22} {:>8.1?}", start.elapsed() / 2000);
}

fn measure(what: &str, size: usize, mut run: impl FnMut()) {
    let rounds = (400_000_000 / size).max(3);
    let start = Instant::now();
    (0..rounds).for_each(|_| run());
    let each = start.elapsed() / rounds as u32;
    println!("  {what:<18} {:>7.0} MB/s {each:>10.1?} each", size as f64 / each.as_secs_f64() / 1e6);
}
