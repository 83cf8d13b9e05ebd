//! Two persons have to agree.

use axum::http::StatusCode;
use sumgil_edge::spool::{Decider, Released};

use super::clinic::Clinic;

const TWO: &str = "[review]\ntwo_persons = true\n";

#[tokio::test(flavor = "multi_thread")]
async fn a_release_waits_for_the_word_of_another_person() {
    let clinic = Clinic::new(61, TWO).await;
    let (mut mina, mut jun) =
        (clinic.person("mina", "reviewer").await, clinic.person("jun", "reviewer").await);
    let id = clinic.kept().await[0].id;
    let place = format!("/review/{id}");
    mina.get(&place).await;
    let form = [("masks", ",4,5,20,10"), ("note", "")];
    assert!(mina.post(&format!("{place}/release"), &form).await.location().ends_with("done=proposed"));
    assert_eq!(clinic.kept().await.len(), 2, "still here");
    assert!(mina.get("/review").await.text().contains("waits for a second person"));
    let at = clinic.edge.db.proposals(&[id]).await.unwrap()[0].at.to_string();

    let page = mina.get(&place).await.text();
    assert!(!page.contains("dialog-second\" data-key"), "no button for the first person");
    let own = mina.post(&format!("{place}/second"), &[("proposal", &at)]).await;
    assert!(own.location().ends_with("done=same-person"), "{}", own.location());

    let page = jun.get(&place).await.text();
    assert!(page.contains("dialog-second") && page.contains(",4,5,20,10"), "what was proposed is shown");
    let stale = jun.post(&format!("{place}/second"), &[("proposal", "1")]).await;
    assert!(stale.location().ends_with("done=gone"), "only what was seen is confirmed");
    let done = jun.post(&format!("{place}/second"), &[("proposal", &at)]).await;
    assert!(done.location().ends_with("done=released"));
    clinic.site.drain().await;
    assert_eq!(clinic.site.registry.instances(), 1);
    let log = jun.get("/log").await.text();
    assert!(log.contains("confirmed the release") && log.contains("proposed by mina"), "{log}");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_proposal_takes_the_place_of_the_first() {
    let clinic = Clinic::new(62, TWO).await;
    let (mut mina, mut jun) =
        (clinic.person("mina", "reviewer").await, clinic.person("jun", "reviewer").await);
    let id = clinic.kept().await[0].id;
    let place = format!("/review/{id}");
    mina.get(&place).await;
    mina.post(&format!("{place}/release"), &[("masks", "")]).await;
    jun.get(&place).await;
    jun.post(&format!("{place}/release"), &[("masks", ",0,0,9,9")]).await;
    let proposal = clinic.edge.db.proposals(&[id]).await.unwrap().remove(0);
    assert_eq!(proposal.who, "jun");
    let own = jun.post(&format!("{place}/second"), &[("proposal", &proposal.at.to_string())]).await;
    assert!(own.location().ends_with("done=same-person"));
    assert_eq!(
        mina.post(&format!("{place}/second"), &[("proposal", "x")]).await.status,
        StatusCode::FORBIDDEN
    );

    let by = Decider { who: "root (uid 0)", note: "", two_persons: true };
    let second = clinic.edge.db.second(id, proposal.at, &by).await.unwrap();
    assert_eq!(second, Released::Released, "the command line is a person like any other");
    assert_eq!(clinic.edge.db.second(id, proposal.at, &by).await.unwrap(), Released::Gone);
}
