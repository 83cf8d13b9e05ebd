//! Logging in, and how a session ends.

use std::time::Duration;

use axum::http::{StatusCode, header};

use super::clinic::{Clinic, PASSWORD};

const MINUTE: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_it_rests_and_after_a_day_of_work() {
    let clinic = Clinic::new(41, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    clinic.wait(19 * MINUTE);
    assert_eq!(browser.get("/review").await.status, StatusCode::OK);
    clinic.wait(19 * MINUTE);
    assert_eq!(browser.get("/review").await.status, StatusCode::OK, "used in between");
    clinic.wait(21 * MINUTE);
    assert!(browser.get("/review").await.location().starts_with("/login"));

    browser.log_in("mina", PASSWORD).await;
    for _ in 0..39 {
        clinic.wait(15 * MINUTE);
        assert_eq!(browser.get("/review").await.status, StatusCode::OK);
    }
    clinic.wait(16 * MINUTE);
    assert!(browser.get("/review").await.location().starts_with("/login"), "ten hours are enough");
}

#[tokio::test(flavor = "multi_thread")]
async fn logging_out_and_a_new_password_end_sessions() {
    let clinic = Clinic::new(42, "").await;
    let mut one = clinic.person("mina", "reviewer").await;
    let mut two = clinic.browser();
    let answer = two.log_in("Mina ", PASSWORD).await;
    let cookie = answer.headers[header::SET_COOKIE].to_str().unwrap().to_owned();
    for mark in ["HttpOnly", "SameSite=Strict", "Path=/", "Max-Age=36000"] {
        assert!(cookie.contains(mark), "{cookie}");
    }
    one.get("/review").await;
    assert_eq!(one.post("/logout", &[]).await.location(), "/login");
    assert!(one.get("/review").await.location().starts_with("/login"));
    assert_eq!(two.get("/review").await.status, StatusCode::OK, "another session of the same account");

    one.log_in("mina", PASSWORD).await;
    two.get("/account").await;
    let change = |now: &'static str, new: &'static str, again: &'static str| {
        [("now", now), ("new", new), ("again", again)]
    };
    let new = "quite another set of words";
    assert!(two.post("/account/password", &change("wrong", new, new)).await.text().contains("is wrong"));
    assert!(two.post("/account/password", &change(PASSWORD, "short", "short")).await.text().contains("12"));
    assert!(
        two.post("/account/password", &change(PASSWORD, new, "other words, though"))
            .await
            .text()
            .contains("differ")
    );
    let done = two.post("/account/password", &change(PASSWORD, new, new)).await;
    assert_eq!(done.location(), "/login?done=password");
    for browser in [&mut one, &mut two] {
        assert!(browser.get("/review").await.location().starts_with("/login"));
    }
    assert_eq!(one.log_in("mina", PASSWORD).await.status, StatusCode::OK, "the old one is no good");
    assert_eq!(one.log_in("mina", new).await.location(), "/review");
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_failures_close_a_name_for_a_while_whether_it_exists_or_not() {
    let clinic = Clinic::new(43, "").await;
    clinic.account("mina", "reviewer").await;
    let mut browser = clinic.browser();
    let mut said = Vec::new();
    for name in ["mina", "nobody"] {
        for _ in 0..10 {
            said.push(browser.log_in(name, "a wrong password").await.text());
        }
    }
    said.dedup();
    assert_eq!(said.len(), 1, "names that exist and names that do not are told the same");
    assert_eq!(browser.log_in("mina", PASSWORD).await.status, StatusCode::OK, "closed for the right one too");
    clinic.wait(14 * MINUTE);
    assert_eq!(browser.log_in("mina", PASSWORD).await.status, StatusCode::OK);
    clinic.wait(2 * MINUTE);
    assert_eq!(browser.log_in("mina", PASSWORD).await.location(), "/review");
    let log = clinic.edge.db.accesses().await.unwrap();
    let refused = log.iter().filter(|line| line.what == "log in refused");
    assert_eq!(refused.clone().filter(|line| line.who == "mina").count(), 10);
    assert!(refused.into_iter().all(|line| line.who != "nobody"), "what was typed is not written down");
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_is_sent_to_another_site_and_languages_are_kept() {
    let clinic = Clinic::new(44, "").await;
    clinic.account("mina", "reviewer").await;
    let mut browser = clinic.browser();
    let fields = [("name", "mina"), ("password", PASSWORD), ("next", "//evil.example/")];
    assert_eq!(browser.post("/login", &fields).await.location(), "/review");
    assert!(browser.get("/review").await.text().contains("Waiting for a person"));
    let chosen = browser.post("/language", &[("language", "ko"), ("back", "/review?reason=x")]).await;
    assert_eq!(chosen.location(), "/review?reason=x");
    assert!(browser.get("/review").await.text().contains("사람의 결정을 기다리는 파일"));
    browser.forget_cookies();
    assert!(browser.get("/login").await.text().contains("Log in"));
}
