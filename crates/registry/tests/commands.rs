//! What the operator types about sites' statements, through the program itself.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a story that cannot go on has failed")]

mod world;

use std::process::Command;

use jiff::{Timestamp, civil::date};
use sumgil_model::{LinkageToken, Uid};
use sumgil_transfer::statement::{
    Approval, Content, Erase, LegalBasis, Linkage, LinkedSubject, Recall, RecallReason, RecallTarget,
    SelfTestFigures,
};
use world::{Sample, World};

async fn registry(world: &World, args: &[&str]) -> String {
    let mut command = Command::new(env!("CARGO_BIN_EXE_sumgil-registry"));
    command.arg("--dir").arg(world.dir().root()).args(args);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn line<'a>(text: &'a str, word: &str) -> &'a str {
    text.lines().find(|line| line.contains(word)).unwrap_or_else(|| panic!("no {word} in {text}"))
}

#[tokio::test]
async fn recalls_linked_subjects_approvals_and_self_tests_are_listed() {
    let world = World::new().await;
    let (one, two) = (world.hospital("hosp-01").await, world.hospital("hosp-02").await);
    let sample = Sample::ct(&one.subject(1), 1, 1, 1);
    one.keep(&world, &one.instance(&sample, 1)).await;
    let recall = Recall {
        reason: RecallReason::Quality,
        note: "blurred".into(),
        targets: vec![RecallTarget::Study(Uid::parse(&sample.study).unwrap())],
        objects: Vec::new(),
    };
    one.state(&world, 10, Content::Recall(recall)).await;
    let listed = registry(&world, &["recalls"]).await;
    assert!(
        line(&listed, "quality").contains("blurred") && listed.contains("1 wait for their site"),
        "{listed}"
    );
    one.state(&world, 11, Content::Erase(Erase { recall: 10 })).await;
    assert!(registry(&world, &["recalls"]).await.contains("0 wait for their site"));
    let checked = registry(&world, &["check"]).await;
    assert!(checked.contains("1 tombstones") && checked.contains("sound"), "{checked}");

    for hospital in [&one, &two] {
        let linked = LinkedSubject { subject: hospital.subject(1), token: LinkageToken::from_bytes([7; 16]) };
        let linkage = Linkage { secret_id: LinkageToken::from_bytes([1; 16]), subjects: vec![linked] };
        hospital.state(&world, 20, Content::Linkage(linkage)).await;
    }
    let linked = registry(&world, &["subjects", "linked"]).await;
    assert!(linked.contains(one.subject(1).as_str()) && linked.contains(two.subject(1).as_str()), "{linked}");
    assert!(!linked.contains("0707"), "the token itself is nobody's business");

    let approval = Approval {
        irb_number: "2020-03-011".into(),
        valid_from: date(2020, 3, 1),
        valid_until: date(2021, 2, 28),
        basis: LegalBasis::Waiver,
    };
    one.state(&world, 30, Content::Approval(approval)).await;
    one.state(&world, 31, Content::SelfTest(figures())).await;
    let sites = registry(&world, &["site", "list"]).await;
    let told = line(&sites, "hosp-01");
    assert!(told.contains("2020-03-011 until 2021-02-28 (waiver) NOT VALID"), "{told}");
    assert!(told.contains("FAILED 39/40, 99/100 on 2023-11-14"), "{told}");
    assert!(line(&sites, "hosp-02").contains("none yet"), "{sites}");
}

fn figures() -> SelfTestFigures {
    SelfTestFigures {
        ran_at: Timestamp::from_second(1_700_000_000).unwrap(),
        profile: "sumgil-default-1".into(),
        software: "sumgil-edge 0.1.0".into(),
        files: 9,
        cleared: 8,
        kept: 1,
        planted: 40,
        hidden: 39,
        should_stay: 100,
        stayed: 99,
    }
}
