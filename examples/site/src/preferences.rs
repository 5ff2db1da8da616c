use crate::language::Language;
use crate::layout::{opening, page, pair};
use crate::theme::Theme;
use crate::visit::Visit;
use axum::extract::Form;
use axum::http::header::SET_COOKIE;
use axum::response::{AppendHeaders, IntoResponse, Redirect, Response};
use maud::{Markup, html};
use serde::Deserialize;

/// What the form sends. Words that mean nothing here count as “as my device has it”.
#[derive(Debug, Deserialize)]
pub(crate) struct Chosen {
    #[serde(default)]
    theme: String,
    #[serde(default)]
    lang: String,
}

pub(crate) async fn show(visit: Visit) -> Markup {
    render(&visit, None)
}

/// Remembers the choice where that is allowed. Where it is not, the answer itself is the page as chosen: nothing is
/// stored, and the page says so.
pub(crate) async fn choose(visit: Visit, Form(chosen): Form<Chosen>) -> Response {
    let theme = Theme::from_word(&chosen.theme);
    let language = Language::from_tag(&chosen.lang);
    if visit.allowed {
        let lines = [line("theme", theme.map(Theme::as_str)), line("lang", language.map(Language::tag))];
        return (AppendHeaders(lines.map(|line| (SET_COOKIE, line))), Redirect::to("/preferences"))
            .into_response();
    }
    let shown = Visit { theme, language: language.unwrap_or(visit.language), ..visit };
    render(&shown, Some(language)).into_response()
}

/// A cookie that stays a year, or one that goes.
fn line(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{name}={value}; Max-Age=31536000; Path=/; SameSite=Lax; HttpOnly"),
        None => format!("{name}=; Max-Age=0; Path=/; SameSite=Lax; HttpOnly"),
    }
}

/// `applied` is there in the answer to a form whose choice could not be remembered.
fn render(visit: &Visit, applied: Option<Option<Language>>) -> Markup {
    let language = visit.language;
    let title = language.pick("How you like it", "Wie Sie es mögen");
    let lead = html! {
        p {
            (language.pick(
                "Choose a brightness and a language. Each is kept in a cookie of one word, for a year.",
                "Wählen Sie Helligkeit und Sprache. Jede Wahl steht in einem Cookie aus einem Wort, ein Jahr lang.",
            ))
        }
    };
    let main = html! {
        (opening(language.pick("Preferences", "Einstellungen"), title, &lead))
        @if !visit.allowed { (why_not(visit, applied.is_some())) }
        form.preferences method="post" action="/preferences" {
            (pair(language.pick("Brightness", "Helligkeit"), language.pick("Light or dark", "Hell oder dunkel"), &themes(visit)))
            (pair(language.pick("Language", "Sprache"), language.pick("English or German", "Englisch oder Deutsch"), &languages(visit, applied)))
            div.actions {
                button type="submit" {
                    @if visit.allowed {
                        (language.pick("Remember this", "Das merken"))
                    } @else {
                        (language.pick("Show it once", "Einmal zeigen"))
                    }
                }
            }
        }
    };
    page(visit, title, &main)
}

fn why_not(visit: &Visit, applied: bool) -> Markup {
    let language = visit.language;
    html! {
        aside.notice role="status" {
            strong {
                @if applied {
                    (language.pick("Here it is, for this page view. Nothing was stored.", "Bitte sehr, für diesen Seitenaufruf. Gespeichert wurde nichts."))
                } @else {
                    (language.pick("Not remembered at the moment.", "Wird zurzeit nicht gemerkt."))
                }
            }
            p {
                (language.pick(
                    "Remembering needs a functionality cookie, and you have not agreed to those. Your choice counts for one page view.",
                    "Zum Merken braucht es ein Funktionalitäts-Cookie, und dem haben Sie nicht zugestimmt. Ihre Wahl gilt für einen Seitenaufruf.",
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
        ("", None, language.pick("As my device has it", "Wie mein Gerät")),
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

fn languages(visit: &Visit, applied: Option<Option<Language>>) -> Markup {
    let chosen = applied.unwrap_or(visit.remembered_language);
    html! {
        fieldset.choices {
            legend.unseen { (visit.language.pick("Language", "Sprache")) }
            label.choice {
                input type="radio" name="lang" value="" checked[chosen.is_none()];
                span { (visit.language.pick("As my browser asks", "Wie mein Browser fragt")) }
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
