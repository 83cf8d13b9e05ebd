//! Strangers, other hosts, other pages, lesser roles.

use axum::{
    body::Body,
    http::{Method, Request, StatusCode, header},
};

use super::clinic::{Clinic, PASSWORD};

const PAGES: [&str; 8] = [
    "/review",
    "/review/1",
    "/piles?reason=x&device=y",
    "/samples",
    "/samples/1",
    "/log",
    "/account",
    "/accounts",
];
const PICTURES: [&str; 4] =
    ["/review/1/before.png", "/review/1/after.png", "/samples/1/before.png", "/samples/1/after.png"];
const DEEDS: [&str; 8] = [
    "/review/1/release",
    "/review/1/second",
    "/review/1/discard",
    "/piles/release",
    "/samples/1/judge",
    "/account/password",
    "/accounts/switch",
    "/logout",
];

#[tokio::test(flavor = "multi_thread")]
async fn strangers_see_the_log_in_and_no_identity() {
    let clinic = Clinic::new(31, "").await;
    let mut stranger = clinic.browser();
    let mut seen = Vec::new();
    for page in PAGES {
        let answer = stranger.get(page).await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{page}");
        assert!(answer.location().starts_with("/login?next=%2F"), "{page}: {}", answer.location());
        seen.push(answer.text());
    }
    for picture in PICTURES {
        let answer = stranger.get(picture).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{picture}");
        assert!(!answer.bytes.starts_with(b"\x89PNG"), "{picture}");
        seen.push(answer.text());
    }
    for deed in DEEDS {
        let answer = stranger.post(deed, &[("masks", ""), ("note", "x"), ("verdict", "good")]).await;
        assert!(answer.location().starts_with("/login"), "{deed}");
    }
    for open in
        ["/", "/status", "/login", "/assets/page.css", "/assets/page.js", "/assets/icon.svg", "/nowhere"]
    {
        seen.push(stranger.get(open).await.text());
    }
    let seen = seen.join("\n");
    assert!(clinic.identifiers().count() > 5);
    for identifier in clinic.identifiers() {
        assert!(!seen.contains(identifier), "{identifier} was shown to a stranger");
    }
    assert!(seen.contains("account add NAME"), "says how the first account is made");
    assert_eq!(clinic.kept().await.len(), 2, "nothing was decided");
}

#[tokio::test(flavor = "multi_thread")]
async fn other_hosts_and_other_pages_are_refused() {
    let clinic = Clinic::new(32, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let id = clinic.kept().await[0].id;
    let rebound = Request::builder().uri("/status").header(header::HOST, "evil.example").body(Body::empty());
    assert_eq!(browser.send(rebound.unwrap()).await.status, StatusCode::MISDIRECTED_REQUEST);

    browser.get(&format!("/review/{id}")).await;
    let (release, fields) = (format!("/review/{id}/release"), [("masks", "")]);
    let ours = "http://127.0.0.1:11180";
    for headers in [
        &[][..],
        &[("origin", "http://evil.example")],
        &[("origin", "null")],
        &[("origin", "https://127.0.0.1:11180")],
        &[("sec-fetch-site", "cross-site")],
        &[("origin", ours), ("sec-fetch-site", "same-site")],
    ] {
        let answer = browser.post_from(&release, &fields, headers).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{headers:?}");
    }
    let right = browser.csrf.clone();
    for wrong in ["", "0123456789abcdef0123456789abcdef"] {
        browser.csrf = wrong.to_owned();
        assert_eq!(browser.post(&release, &fields).await.status, StatusCode::FORBIDDEN, "{wrong:?}");
    }
    let mut other = clinic.person("jun", "reviewer").await;
    other.csrf = right;
    assert_eq!(other.post(&release, &fields).await.status, StatusCode::FORBIDDEN, "another session's mark");
    assert_eq!(clinic.kept().await.len(), 2, "nothing was decided");
    let log_in = browser.post_from("/login", &[("name", "mina"), ("password", PASSWORD)], &[]).await;
    assert_eq!(log_in.status, StatusCode::FORBIDDEN, "not even a log-in");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_answer_says_that_nothing_from_elsewhere_belongs_to_it() {
    let clinic = Clinic::new(33, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    let id = clinic.kept().await[0].id;
    let pages = ["/".into(), format!("/review/{id}"), format!("/review/{id}/before.png"), "/nowhere".into()];
    for page in pages {
        let headers = browser.get(&page).await.headers;
        let policy = headers["content-security-policy"].to_str().unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'self';"), "{page}");
        assert!(!policy.contains("unsafe"), "{page}");
        assert_eq!(headers["cache-control"], "no-store", "{page}");
        assert_eq!(headers["x-content-type-options"], "nosniff", "{page}");
    }
    let page = browser.get(&format!("/review/{id}")).await.text();
    for inline in ["<script>", "style=", "onclick=", "http://", "https://"] {
        assert!(!page.contains(inline), "{inline} in the page");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn viewers_look_and_admins_alone_look_after_accounts() {
    let clinic = Clinic::new(34, "").await;
    let id = clinic.kept().await[0].id;
    let mut viewer = clinic.person("vera", "viewer").await;
    let page = viewer.get(&format!("/review/{id}")).await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(!page.text().contains("dialog-release"), "no button that would be refused");
    for deed in DEEDS.iter().filter(|d| !d.starts_with("/account") && **d != "/logout") {
        let answer = viewer.post(deed, &[("masks", ""), ("note", "x")]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{deed}");
    }
    let mut reviewer = clinic.person("mina", "reviewer").await;
    assert_eq!(reviewer.get("/accounts").await.status, StatusCode::FORBIDDEN);
    let mut admin = clinic.person("admin", "admin").await;
    assert!(admin.get("/accounts").await.text().contains("vera"));
    let off = admin.post("/accounts/switch", &[("name", "vera"), ("disabled", "yes")]).await;
    assert_eq!(off.location(), "/accounts");
    assert!(viewer.get("/review").await.location().starts_with("/login"), "the session ended at once");
    let own = admin.post("/accounts/switch", &[("name", "admin"), ("disabled", "yes")]).await;
    assert_eq!(own.status, StatusCode::FORBIDDEN, "nobody locks themselves out");
}

#[tokio::test(flavor = "multi_thread")]
async fn long_forms_and_strange_addresses_do_no_harm() {
    let clinic = Clinic::new(35, "").await;
    let mut browser = clinic.person("mina", "reviewer").await;
    browser.get("/review").await;
    let id = clinic.kept().await[0].id;
    let long = "x".repeat(2 << 20);
    let answer = browser.post(&format!("/review/{id}/discard"), &[("note", &long)]).await;
    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    for masks in [",1,1,0,0", "nonsense", ";;;", "1,2,3"] {
        let answer = browser.post(&format!("/review/{id}/release"), &[("masks", masks)]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{masks}");
    }
    for path in
        ["/review/99999", "/review/-1", "/review/x", "/review/1/before.png?frame=7", "/review?after=x"]
    {
        let request = browser.request(Method::GET, path).body(Body::empty()).unwrap();
        let status = browser.send(request).await.status;
        assert!(status.is_client_error(), "{path}: {status}");
    }
    assert_eq!(clinic.kept().await.len(), 2);
}
