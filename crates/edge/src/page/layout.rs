//! The frame around every page.

use axum::response::Html;
use maud::{DOCTYPE, Markup, html};

use super::{Language, Role, visitor::Visitor};

/// Which page it is, for the navigation.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Here {
    Counts,
    Review,
    Samples,
    Log,
    Accounts,
    Mine,
    LogIn,
}

/// A whole page.
pub(super) fn layout(visitor: &Visitor, here: Here, title: &str, body: &Markup) -> Html<String> {
    let w = visitor.words();
    let refreshes = here == Here::Counts;
    let page = html! {
        (DOCTYPE)
        html lang=(visitor.language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                @if refreshes { meta http-equiv="refresh" content="5"; }
                title { (title) " · " (w.site_name) }
                link rel="icon" href="/assets/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/assets/page.css";
                script src="/assets/page.js" defer {}
            }
            body {
                a class="skip" href="#content" { (w.skip) }
                header { (bar(visitor, here)) }
                main id="content" { (body) }
            }
        }
    };
    Html(page.into_string())
}

fn bar(visitor: &Visitor, here: Here) -> Markup {
    let w = visitor.words();
    let links = [
        (Here::Counts, "/", w.nav_counts),
        (Here::Review, "/review", w.nav_review),
        (Here::Samples, "/samples", w.nav_samples),
        (Here::Log, "/log", w.nav_log),
        (Here::Accounts, "/accounts", w.nav_accounts),
    ];
    let is_admin = visitor.person.as_ref().is_some_and(|p| p.role == Role::Admin);
    html! {
        span class="brand" { (w.site_name) }
        nav aria-label=(w.nav_label) {
            @for (at, href, name) in links {
                @if at != Here::Accounts || is_admin {
                    a href=(href) aria-current=[(at == here).then_some("page")] { (name) }
                }
            }
        }
        div class="who" {
            (languages(visitor))
            @if let Some(person) = &visitor.person {
                a href="/account" title=(w.nav_mine) { (person.name) " (" (person.role) ")" }
                form method="post" action="/logout" {
                    input type="hidden" name="csrf" value=(person.csrf);
                    button class="quiet" { (w.log_out) }
                }
            } @else if here != Here::LogIn {
                a href="/login?next=/review" { (w.log_in) }
            }
        }
    }
}

fn languages(visitor: &Visitor) -> Markup {
    html! {
        form method="post" action="/language" aria-label=(visitor.words().language_label) {
            input type="hidden" name="back" value=(visitor.place);
            @for (language, name) in [(Language::Korean, "한국어"), (Language::English, "English")] {
                @if language == visitor.language {
                    span class="chosen" lang=(language.tag()) { (name) }
                } @else {
                    button class="quiet" name="language" value=(language.tag()) lang=(language.tag()) { (name) }
                }
            }
        }
    }
}

/// A hidden field that shows a form to be ours, and where it belongs.
pub(super) fn csrf(visitor: &Visitor) -> Markup {
    html! {
        @if let Some(person) = &visitor.person { input type="hidden" name="csrf" value=(person.csrf); }
    }
}

/// A time for people, in this machine's time zone.
pub(super) fn moment(microseconds: i64) -> String {
    let zone = jiff::tz::TimeZone::system();
    jiff::Timestamp::from_microsecond(microseconds)
        .map(|at| at.to_zoned(zone).strftime("%Y-%m-%d %H:%M").to_string())
        .unwrap_or_default()
}
