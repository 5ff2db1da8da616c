use crate::layout::{self, opening, page};
use crate::visit::Visit;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use maud::{Markup, html};

/// One short article. The notes are in English only, and have a `lang` attribute for screen readers.
struct Note {
    slug: &'static str,
    title: &'static str,
    summary: &'static str,
    paragraphs: &'static [&'static str],
}

const NOTES: [Note; 3] = [
    Note {
        slug: "one-press",
        title: "Refusing takes one press",
        summary: "Two buttons of one size, and why there is no third button that says “later”.",
        paragraphs: &[
            "A question with two answers needs two buttons. If one of them is large and green, and the other is a grey line of small print, the visitor has no free choice.",
            "So “Accept all” and “Reject all” stand side by side on this site: one size, one weight, one press each. If you refuse, the site does not ask again for half a year. Everything works except the few features that must remember something, and each of them says so.",
            "There is no button that closes the question without an answer. It would bring the same question back on every page, until the visitor gives in.",
            "You can change your mind at any time: every page has a link to the settings at its foot, and the first button there withdraws your consent.",
        ],
    },
    Note {
        slug: "what-a-theme-needs",
        title: "What a theme cookie needs to know",
        summary: "One word out of two. A longer value could be an identifier.",
        paragraphs: &[
            "A cookie called “theme” sounds harmless. It holds “light” or “dark”, and the page looks as it did last time.",
            "But the name of a cookie says nothing about its value. If “theme” has a value such as “dark-8f31c07a”, it still switches the colours, and it also identifies one visitor among all others.",
            "This site’s policy therefore lists the values together with the name. The server drops a cookie with any other value, and its report says why.",
            "The same holds for its lifetime. The policy says one year. If a cookie asks for ten, the server shortens it to one.",
        ],
    },
    Note {
        slug: "signed-in",
        title: "Signed in, and still undecided",
        summary: "Some cookies need no consent, because you asked for what they do.",
        paragraphs: &[
            "If you type your name and a password and press “Sign in”, you have asked to be recognised until you leave. A server can do that only if the browser sends a cookie with each request. The question “may we use a cookie for this?” would ask the same thing twice.",
            "So you can sign in on this site whether you agreed, refused or never answered. The cookie is called “sid”. Scripts cannot read it, and it ends when you sign out or close the browser.",
            "The exception is narrow. Nobody asks for a session that every visitor gets in case they sign in later. So the policy names the only route that may issue the cookie, the sign-in form. If another route sets it, the server drops it.",
        ],
    },
];

pub(crate) async fn list(visit: Visit) -> Markup {
    let language = visit.language;
    let title = language.pick("Notes on remembering", "Notizen über das Erinnern");
    let lead = html! {
        p {
            (language.pick(
                "Three short texts about what a website has to know about its readers. It is less than you may think.",
                "Drei kurze Texte darüber, was eine Website von ihren Lesern wissen muss. Es ist weniger, als man denkt. Auf Englisch.",
            ))
        }
    };
    let main = html! {
        (opening(language.pick("Notes", "Notizen"), title, &lead))
        ol.notes lang="en" {
            @for note in &NOTES {
                li {
                    a href={ "/notes/" (note.slug) } {
                        h2 { (note.title) }
                        p { (note.summary) }
                    }
                }
            }
        }
    };
    page(&visit, title, &main)
}

pub(crate) async fn show(visit: Visit, Path(slug): Path<String>) -> Response {
    let Some(note) = NOTES.iter().find(|note| note.slug == slug) else {
        return (StatusCode::NOT_FOUND, layout::missing(&visit)).into_response();
    };
    let others = NOTES.iter().filter(|other| other.slug != note.slug);
    let main = html! {
        article.note lang="en" data-note=(note.title) {
            (opening("Note", note.title, &html! { p { (note.summary) } }))
            div.pair {
                (reading_size(&visit))
                div.pair-body.prose { @for paragraph in note.paragraphs { p { (paragraph) } } }
            }
        }
        nav.onward lang="en" aria-label="Other notes" {
            @for other in others { a href={ "/notes/" (other.slug) } { (other.title) } }
        }
        script type="text/plain" data-type="module" data-consent="functionality" src="/static/last-read.js" {}
    };
    page(&visit, note.title, &main).into_response()
}

/// The choice always works on this page. The next page remembers it only with consent.
fn reading_size(visit: &Visit) -> Markup {
    let language = visit.language;
    let sizes = [
        ("small", language.pick("Small text", "Kleine Schrift")),
        ("medium", language.pick("Medium text", "Mittlere Schrift")),
        ("large", language.pick("Large text", "Große Schrift")),
    ];
    html! {
        div.pair-head lang=(language.tag()) {
            div.sizes hidden role="group" aria-label=(language.pick("Size of the text", "Schriftgröße")) {
                @for (size, label) in sizes {
                    button type="button" data-reading-size=(size) aria-label=(label) aria-pressed="false" { "A" }
                }
            }
        }
    }
}
