use crate::layout::{opening, page, pair};
use crate::visit::{NAME, Visit};
use axum::extract::Form;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;
use tower_sessions::Session;

/// The one password of the demo.
const PASSWORD: &str = "demo";

#[derive(Debug, Deserialize)]
pub(crate) struct Credentials {
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: String,
}

impl Credentials {
    fn accepted_name(&self) -> Option<&str> {
        let name = self.name.trim();
        ((1..=40).contains(&name.len()) && self.password == PASSWORD).then_some(name)
    }
}

pub(crate) async fn ask(visit: Visit) -> Response {
    if visit.name.is_some() {
        return Redirect::to("/account").into_response();
    }
    form(&visit, false).into_response()
}

/// The only route where a session begins. The policy names it, so no other route can issue the cookie.
pub(crate) async fn sign_in(
    visit: Visit,
    session: Session,
    Form(credentials): Form<Credentials>,
) -> Response {
    let Some(name) = credentials.accepted_name() else {
        return (StatusCode::UNPROCESSABLE_ENTITY, form(&visit, true)).into_response();
    };
    // A new identifier, so that nobody can prepare a session into which another visitor signs in.
    match (session.cycle_id().await, session.insert(NAME, name).await) {
        (Ok(()), Ok(())) => Redirect::to("/account").into_response(),
        _ => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

pub(crate) async fn sign_out(session: Session) -> Response {
    match session.flush().await {
        Ok(()) => Redirect::to("/sign-in").into_response(),
        Err(_) => StatusCode::SERVICE_UNAVAILABLE.into_response(),
    }
}

pub(crate) async fn show(visit: Visit) -> Response {
    let Some(name) = &visit.name else {
        return Redirect::to("/sign-in").into_response();
    };
    let language = visit.language;
    let title = language.pick("Good to see you, ", "Schön, dass Sie da sind, ").to_owned() + name;
    let lead = html! {
        p {
            (language.pick(
                "You are signed in until you sign out or close the browser, whatever you decided about cookies.",
                "Sie sind angemeldet, bis Sie sich abmelden oder den Browser schließen, was immer Sie über Cookies entschieden haben.",
            ))
        }
    };
    let main = html! {
        (opening(language.pick("Signed in", "Angemeldet"), &title, &lead))
        (pair(language.pick("Why this needs no consent", "Warum das keine Zustimmung braucht"), language.pick("You asked for it", "Sie haben darum gebeten"), &html! {
            p {
                (language.pick("The cookie ", "Das Cookie ")) code { "sid" }
                (language.pick(
                    " holds a random number and nothing else. It was given out by the answer to the sign-in form; no other answer of this site may begin one, and no script can read it.",
                    " enthält eine Zufallszahl und sonst nichts. Es kam mit der Antwort auf das Anmeldeformular; keine andere Antwort dieser Website darf eines beginnen, und kein Skript kann es lesen.",
                ))
            }
            form method="post" action="/sign-out" {
                button type="submit" { (language.pick("Sign out", "Abmelden")) }
            }
        }))
    };
    page(&visit, &title, &main).into_response()
}

fn form(visit: &Visit, failed: bool) -> Markup {
    let language = visit.language;
    let title = language.pick("Sign in", "Anmelden");
    let lead = html! {
        p {
            (language.pick(
                "It works whether you agreed to cookies, refused them or never answered.",
                "Das geht, ob Sie Cookies zugestimmt, sie abgelehnt oder nie geantwortet haben.",
            ))
        }
    };
    let main = html! {
        (opening(language.pick("Account", "Konto"), title, &lead))
        @if failed {
            div.notice role="alert" {
                strong { (language.pick("That did not fit.", "Das passte nicht.")) }
                p { (language.pick("Any name will do; the password is “demo”.", "Jeder Name geht; das Passwort ist „demo“.")) }
            }
        }
        (pair("Demo", language.pick("Come in", "Treten Sie ein"), &html! {
            form.sign-in method="post" action="/sign-in" {
                label { span { "Name" } input name="name" autocomplete="username" required maxlength="40"; }
                label {
                    span { (language.pick("Password", "Passwort")) }
                    input name="password" type="password" autocomplete="current-password" required aria-describedby="hint";
                }
                p.hint #hint { (language.pick("Any name, and the password “demo”.", "Irgendein Name und das Passwort „demo“.")) }
                button type="submit" { (title) }
            }
        }))
    };
    page(visit, title, &main)
}
