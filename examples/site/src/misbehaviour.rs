//! A page that breaks the cookie policy in every way, to show what the layer does.

use crate::Site;
use crate::layout::{self, opening, page, pair};
use crate::ledger::{Ledger, Line, Ticket};
use crate::visit::Visit;
use axum::body::{Body, Bytes};
use axum::extract::{Path, Query, State};
use axum::http::header::{CONTENT_TYPE, LOCATION, SET_COOKIE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{AppendHeaders, IntoResponse, Response};
use consent_tower::report::Outcome;
use futures_util::stream::{self, StreamExt};
use maud::{DOCTYPE, Markup, PreEscaped, html};
use serde::Deserialize;
use std::convert::Infallible;

/// The place of the report in the page.
const REPORT: &str = "<!-- report -->";

/// The cookies that every handler here sets, each with the reason why it should not.
const LINES: [(&str, &str, Wrong); 6] = [
    ("_ga", "_ga=GA1.1.1789.1700000000; Max-Age=34560000; Path=/", Wrong::NotInThePolicy),
    (
        "_pk_id.1.1fff",
        "_pk_id.1.1fff=a1b2c3d4e5f60718.1700000000.; Max-Age=33955200; Path=/; SameSite=Lax",
        Wrong::NotInThePolicy,
    ),
    (
        "__Host-consent",
        "__Host-consent=1-20261123.functionality:g; Max-Age=15552000; Path=/; Secure; SameSite=Lax",
        Wrong::Forged,
    ),
    ("consent", "consent=1-20261123.functionality:g; Max-Age=15552000; Path=/; SameSite=Lax", Wrong::Forged),
    ("sid", "sid=c2Vzc2lvbiBmb3IgZXZlcnlvbmU; Path=/; HttpOnly; SameSite=Lax", Wrong::NotAskedFor),
    ("theme", "theme=dark-8f31c07a; Max-Age=31536000; Path=/; SameSite=Lax", Wrong::Identifier),
];

#[derive(Clone, Copy, Debug)]
enum Wrong {
    NotInThePolicy,
    Forged,
    NotAskedFor,
    Identifier,
}

impl Wrong {
    fn describe(self, visit: &Visit) -> &'static str {
        let pick = |english, german| visit.language.pick(english, german);
        match self {
            Self::NotInThePolicy => pick(
                "a tracker that the policy does not declare",
                "ein Tracker, den die Richtlinie nicht aufführt",
            ),
            Self::Forged => pick("a consent that nobody gave", "eine Einwilligung, die niemand gegeben hat"),
            Self::NotAskedFor => pick("a session for every visitor", "eine Sitzung für alle Besucher"),
            Self::Identifier => {
                pick("an identifier in the value of a theme", "eine Kennung im Wert eines Designs")
            }
        }
    }
}

/// The ticket of the redirect that led to this page.
#[derive(Debug, Deserialize)]
pub(crate) struct Arrival {
    after: Option<u64>,
}

pub(crate) async fn show(visit: Visit, State(site): State<Site>, Query(arrival): Query<Arrival>) -> Response {
    let redirect = arrival.after.and_then(|ticket| site.ledger.report(Ticket(ticket)));
    misbehave(&visit, &site.ledger, StatusCode::OK, redirect)
}

/// The same page with another status, because the policy holds for every status.
pub(crate) async fn with_status(visit: Visit, State(site): State<Site>, Path(status): Path<u16>) -> Response {
    match status {
        302 => {
            let ticket = site.ledger.ticket();
            let location = format!("/misbehaviour?after={}", ticket.0);
            let mut response = (StatusCode::FOUND, [(LOCATION, location)], lines(&visit)).into_response();
            response.extensions_mut().insert(ticket);
            response
        }
        404 => misbehave(&visit, &site.ledger, StatusCode::NOT_FOUND, None),
        500 => misbehave(&visit, &site.ledger, StatusCode::INTERNAL_SERVER_ERROR, None),
        _ => (StatusCode::NOT_FOUND, layout::missing(&visit)).into_response(),
    }
}

/// A page of the same origin whose script stores too.
pub(crate) async fn frame(visit: Visit) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visit.language.tag()) {
            head {
                meta charset="utf-8";
                title { (visit.language.pick("A frame", "Ein Rahmen")) }
                script src="/static/misbehave-frame.js" {}
            }
            body {}
        }
    }
}

type Lines = AppendHeaders<Vec<(axum::http::HeaderName, HeaderValue)>>;

/// If a visitor is signed in, a false session cookie would end the session.
fn lines(visit: &Visit) -> Lines {
    let wanted = LINES.iter().filter(|(name, ..)| *name != "sid" || visit.name.is_none());
    AppendHeaders(wanted.map(|(_, line, _)| (SET_COOKIE, HeaderValue::from_static(line))).collect())
}

/// The report of a response exists only after its handler returned. So the page streams: when its table is
/// due, the ledger already has the report of this response.
fn misbehave(visit: &Visit, ledger: &Ledger, status: StatusCode, redirect: Option<Vec<Line>>) -> Response {
    let html = render(visit, status, redirect).into_string();
    let (before, after) = html.split_once(REPORT).unwrap_or((&html, ""));
    let (before, after) =
        (Bytes::copy_from_slice(before.as_bytes()), Bytes::copy_from_slice(after.as_bytes()));
    let ticket = ledger.ticket();
    let (table_visit, ledger) = (visit.clone(), ledger.clone());
    let table = stream::once(async move {
        Bytes::from(table(&table_visit, ledger.report(ticket).as_deref()).into_string())
    });
    let parts = stream::once(async { before }).chain(table).chain(stream::once(async { after }));
    let body = Body::from_stream(parts.map(Ok::<_, Infallible>));
    let headers = [(CONTENT_TYPE, "text/html; charset=utf-8")];
    let mut response = (status, headers, lines(visit), body).into_response();
    response.extensions_mut().insert(ticket);
    response
}

fn render(visit: &Visit, status: StatusCode, redirect: Option<Vec<Line>>) -> Markup {
    let language = visit.language;
    let title = language.pick("A badly behaved page", "Eine Seite, die sich nicht benimmt");
    let lead = html! {
        p {
            (language.pick(
                "The code of this page does on purpose what the policy forbids. The lists show what the layer did about it.",
                "Der Code dieser Seite tut mit Absicht, was die Richtlinie verbietet. Die Listen zeigen, was davon übrig bleibt.",
            ))
        }
    };
    let main = html! {
        (opening(&format!("HTTP {status}"), title, &lead))
        @if let Some(report) = redirect {
            (pair("HTTP 302", language.pick("What the redirect tried", "Was die Weiterleitung versuchte"), &table(visit, Some(&report))))
        }
        (pair(
            language.pick("On the server", "Auf dem Server"),
            language.pick("What this response tried to set", "Was diese Antwort setzen wollte"),
            &html! {
                (PreEscaped(REPORT))
                p.variants {
                    (language.pick("The same with another status: ", "Dasselbe mit anderem Status: "))
                    a href="/misbehaviour" { "200" }
                    @for other in [302, 404, 500] { " " a href={ "/misbehaviour/" (other) } { (other) } }
                }
            },
        ))
        (pair(
            language.pick("In the page", "In der Seite"),
            language.pick("What its scripts tried to store", "Was ihre Skripte speichern wollten"),
            &html! {
                table.report {
                    thead {
                        tr {
                            th scope="col" { (language.pick("Name", "Name")) }
                            th scope="col" { (language.pick("How", "Wie")) }
                            th scope="col" { (language.pick("Result", "Ergebnis")) }
                        }
                    }
                    tbody #attempts {
                        tr { td colspan="3" { (language.pick("Nothing: scripts are off.", "Nichts: Skripte sind aus.")) } }
                    }
                }
            },
        ))
        (pair(
            language.pick("In your browser", "In Ihrem Browser"),
            language.pick("What it stores now", "Was er jetzt speichert"),
            &html! {
                ul.held #held {
                    li { (language.pick("Without scripts this page cannot show what your browser stores. Your browser's developer tools can.", "Ohne Skripte kann diese Seite nicht zeigen, was Ihr Browser speichert. Die Entwicklerwerkzeuge Ihres Browsers können es.")) }
                }
            },
        ))
        script src="/static/misbehave.js" defer {}
    };
    page(visit, title, &main)
}

fn table(visit: &Visit, report: Option<&[Line]>) -> Markup {
    let language = visit.language;
    html! {
        table.report {
            thead {
                tr {
                    th scope="col" { "Cookie" }
                    th scope="col" { (language.pick("What it is", "Was es ist")) }
                    th scope="col" { (language.pick("Result", "Ergebnis")) }
                }
            }
            tbody {
                @for (name, _, wrong) in LINES.iter().filter(|(name, ..)| *name != "sid" || visit.name.is_none()) {
                    tr {
                        th scope="row" { code { (name) } }
                        td { (wrong.describe(visit)) }
                        td {
                            (outcome(visit, report, name))
                        }
                    }
                }
            }
        }
    }
}

/// The result for a header. If the report does not name it, it was kept unchanged. If the ledger no longer
/// has the report, the result is unknown.
fn outcome(visit: &Visit, report: Option<&[Line]>, name: &str) -> Markup {
    let language = visit.language;
    let kept = html! { span.kept { (language.pick("kept", "gesetzt")) } };
    let Some(report) = report else {
        return html! { (language.pick("not known any more", "nicht mehr bekannt")) };
    };
    let Some(line) = report.iter().find(|line| line.name == name) else { return kept };
    html! {
        @match line.outcome {
            Outcome::Dropped => { span.dropped { (language.pick("dropped", "verworfen")) } },
            Outcome::Amended => { span.dropped { (language.pick("changed", "geändert")) } },
            _ => { (kept) },
        }
        " " code { (line.cause) }
    }
}
