use crate::language::Language;
use crate::layout::{opening, page, pair};
use crate::theme::Theme;
use crate::visit::Visit;
use axum::extract::Form;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// The fields of the form. An unknown value counts as “like my device”.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    lang: String,
}

pub(crate) async fn show(visit: Visit) -> Markup {
    render(&visit, false)
}

/// Stores the choice if that is allowed. If not, the response itself has the chosen theme, and says that
/// nothing is stored.
pub(crate) async fn choose(visit: Visit, Form(chosen): Form<Chosen>) -> Response {
    let theme = Theme::from_word(&chosen.theme);
    let language = Language::from_tag(&chosen.lang);
    if visit.allowed {
        let lines = [line("theme", theme.map(Theme::as_str)), line("lang", language.map(Language::tag))];
        return (AppendHeaders(lines.map(|line| (SET_COOKIE, line))), Redirect::to("/preferences"))
            .into_response();
    }
    let shown =
        Visit { theme, chosen_language: language, language: language.unwrap_or(visit.language), ..visit };
    render(&shown, true).into_response()
}

/// A cookie for a year, or a deletion.
fn line(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{name}={value}; Max-Age=31536000; Path=/; SameSite=Lax; HttpOnly"),
        None => format!("{name}=; Max-Age=0; Path=/; SameSite=Lax; HttpOnly"),
    }
}

/// `once`: the response to a form whose choice could not be stored.
fn render(visit: &Visit, once: bool) -> Markup {
    let language = visit.language;
    let title = language.pick("How you like it", "Wie Sie es mögen");
    let lead = html! {
        p {
            (language.pick(
                "Choose light or dark pages, and a language. Each choice is stored in a cookie for one year.",
                "Wählen Sie helle oder dunkle Seiten und eine Sprache. Jede Wahl wird ein Jahr lang in einem Cookie gespeichert.",
            ))
        }
    };
    let main = html! {
        (opening(language.pick("Preferences", "Einstellungen"), title, &lead))
        (why_not(visit, once))
        form.preferences method="post" action="/preferences" {
            (pair(language.pick("Brightness", "Helligkeit"), language.pick("Light or dark", "Hell oder dunkel"), &themes(visit)))
            (pair(language.pick("Language", "Sprache"), language.pick("English or German", "Englisch oder Deutsch"), &languages(visit)))
            div.actions {
                button type="submit" {
                    span data-if="allowed" hidden[!visit.allowed] { (language.pick("Remember this", "Das merken")) }
                    span data-if="not-allowed" hidden[visit.allowed] { (language.pick("Show it once", "Einmal zeigen")) }
                }
            }
        }
    };
    page(visit, title, &main)
}

/// The page contains both states. If the visitor decides while it is open, it shows the other one.
fn why_not(visit: &Visit, once: bool) -> Markup {
    let language = visit.language;
    html! {
        div.notice role="status" data-if="not-allowed" hidden[visit.allowed] {
            strong {
                @if once {
                    (language.pick("This page follows your choice. Nothing was stored.", "Diese Seite folgt Ihrer Wahl. Gespeichert wurde nichts."))
                } @else {
                    (language.pick("Not remembered at the moment.", "Wird zurzeit nicht gemerkt."))
                }
            }
            p {
                (language.pick(
                    "To remember your choice, this site needs a functionality cookie, which you have not allowed. Your choice applies to one page only.",
                    "Um sich Ihre Wahl zu merken, braucht diese Website ein Funktionalitäts-Cookie, das Sie nicht erlaubt haben. Ihre Wahl gilt nur für eine Seite.",
                ))
                " "
                a href="/consent" data-consent-action="settings" {
                    (language.pick("Change it in the cookie settings", "In den Cookie-Einstellungen ändern"))
                }
                "."
            }
        }
    }
}

fn themes(visit: &Visit) -> Markup {
    let language = visit.language;
    let choices = [
        ("", None, language.pick("Like my device", "Wie mein Gerät")),
        ("light", Some(Theme::Light), language.pick("Light", "Hell")),
        ("dark", Some(Theme::Dark), language.pick("Dark", "Dunkel")),
    ];
    html! {
        fieldset.choices {
            legend.unseen { (language.pick("Brightness", "Helligkeit")) }
            @for (value, theme, label) in choices {
                label.choice {
                    input type="radio" name="theme" value=(value) checked[visit.theme == theme];
                    span.swatch data-swatch=(value) aria-hidden="true" {}
                    span { (label) }
                }
            }
        }
    }
}

fn languages(visit: &Visit) -> Markup {
    let chosen = visit.chosen_language;
    html! {
        fieldset.choices {
            legend.unseen { (visit.language.pick("Language", "Sprache")) }
            label.choice {
                input type="radio" name="lang" value="" checked[chosen.is_none()];
                span { (visit.language.pick("Like my browser", "Wie mein Browser")) }
            }
            @for choice in Language::ALL {
                label.choice {
                    input type="radio" name="lang" value=(choice.tag()) checked[chosen == Some(choice)];
                    span lang=(choice.tag()) { (choice.own_name()) }
                }
            }
        }
    }
}
