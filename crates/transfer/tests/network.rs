//! Whatever the network and both programs do, every object arrives exactly once and the edge ends with a
//! receipt for it.
#![allow(clippy::unwrap_used, reason = "a test fails by it")]

mod world;

use std::sync::LazyLock;

use proptest::prelude::*;
use sumgil_transfer::RefusalCode;
use world::{End, Luck, Made, World, made};

fn objects() -> Vec<Made> {
    let mut rotten = made(7, 90, "2.25.7");
    rotten.bytes[150] ^= 1;
    vec![
        made(1, 0, "2.25.1"),
        made(2, 33, "2.25.2"),
        made(3, 300, "2.25.3"),
        made(4, 120, "2.25.1"),
        made(5, 40, "2.25.5"),
        made(6, 40, "2.25.6"),
        rotten,
    ]
}

/// Three plain objects of different sizes, one of another version of the first, one that the second check
/// refuses, one of a withdrawn subject, and one whose spooled bytes have rotted.
fn world() -> World {
    static OBJECTS: LazyLock<Vec<Made>> = LazyLock::new(objects);
    let mut world = World::new([]);
    world.registry.unclean.insert("2.25.5".to_owned());
    world.registry.withdrawn.insert("2.25.6".to_owned());
    for object in OBJECTS.iter().cloned() {
        let sent = world.edge.spool(object);
        world.network.extend(sent);
    }
    world
}

/// One step of trouble.
fn step(world: &mut World, choice: u16) {
    let (what, pick) = (choice % 20, usize::from(choice / 20));
    match what {
        0..=6 => world.deliver(pick),
        7..=11 => world.work(pick, Luck::Good),
        12 => world.work(pick, Luck::Bad),
        13 => world.work(pick, Luck::Unseen),
        14 => world.double(pick),
        15 => world.lose(pick, pick.is_multiple_of(2)),
        16 => world.damage(pick),
        17 => world.kill_registry(pick),
        18 => world.kill_edge(),
        _ => world.wait(),
    }
}

fn assert_all_ended_well(world: &World) {
    world.check();
    let ends: Vec<(u64, Option<End>)> = {
        let mut spooled: Vec<_> = world.edge.spool.values().collect();
        spooled.sort_by_key(|s| s.manifest.body.sequence);
        spooled.iter().map(|s| (s.manifest.body.sequence, s.end)).collect()
    };
    let refused = |code| Some(End::Quarantined(code));
    assert_eq!(
        ends,
        [
            (1, Some(End::Freed)),
            (2, Some(End::Freed)),
            (3, Some(End::Freed)),
            (4, Some(End::Freed)),
            (5, refused(RefusalCode::Deidentification)),
            (6, refused(RefusalCode::Withdrawn)),
            (7, refused(RefusalCode::DigestMismatch)),
        ]
    );
    assert_eq!(world.registry.rows.len(), 4, "exactly the four that may be held");
    for row in world.registry.rows.values() {
        let spooled = &world.edge.spool[&row.receipt.receipt.digest];
        assert_eq!(spooled.receipt.as_ref(), Some(&row.receipt), "the edge has the receipt");
    }
    let apart = world.registry.rows.values().filter(|r| r.receipt.receipt.quarantined).count();
    assert_eq!(apart, 1, "of two versions, one is indexed and one is kept apart");
}

#[test]
fn without_trouble_everything_arrives_in_few_steps() {
    let mut world = world();
    let steps = world.calm();
    assert_all_ended_well(&world);
    assert!(steps < 150, "{steps}");
}

#[test]
fn a_registry_that_is_away_for_days_is_waited_for() {
    let mut world = world();
    let mut attempts = 0;
    while world.edge.now.as_secs() < 3 * 24 * 3600 {
        attempts += world.network.len();
        while !world.network.is_empty() {
            world.lose(0, true);
        }
        world.wait();
    }
    assert!((800..40_000).contains(&attempts), "{attempts} attempts in three days");
    world.calm();
    assert_all_ended_well(&world);
}

#[test]
fn a_kill_of_either_side_after_any_number_of_steps_loses_and_doubles_nothing() {
    let whole = world().calm();
    for after in 0..whole {
        for (edge_too, pick) in [(false, 0), (false, 1), (true, 2)] {
            let mut world = world();
            for _ in 0..after {
                if !world.network.is_empty() {
                    world.deliver(0);
                } else if world.registry.is_busy() {
                    world.work(0, Luck::Good);
                } else {
                    world.wait();
                }
            }
            world.kill_registry(pick);
            if edge_too {
                world.kill_edge();
            }
            world.calm();
            assert_all_ended_well(&world);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_trouble_ends_with_exactly_one_object_and_its_receipt(
        choices in prop::collection::vec(any::<u16>(), 0..400),
    ) {
        let mut world = world();
        for choice in choices {
            step(&mut world, choice);
        }
        world.calm();
        assert_all_ended_well(&world);
    }
}
