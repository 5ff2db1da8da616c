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
        summary: "Two buttons of one size, and why a third that says “later” would be no kindness.",
        paragraphs: &[
            "A question with two answers needs two buttons. If one of them is large and green and the other a grey line of small print, the question was not a question.",
            "So “Accept all” and “Reject all” stand side by side on this site: one size, one weight, one press each. Whoever refuses is not asked again for half a year, and nothing on the page gets worse for it except the few things that cannot work without memory. Those say so where they stand.",
            "There is no button that closes the question without an answer. It would feel polite and bring the same question back on the next page, and on the one after that, until somebody gives in.",
            "Changing one’s mind is as short as making it up: the settings are at the foot of every page, and the first button there takes the agreement back.",
        ],
    },
    Note {
        slug: "what-a-theme-needs",
        title: "What a theme cookie needs to know",
        summary: "One word out of two. Anything longer could be a name.",
        paragraphs: &[
            "A cookie called “theme” sounds harmless. It holds “light” or “dark”, the page looks as it did last time, and nobody is the wiser.",
            "But a cookie is a box, and the label on the box says nothing about what is inside. Give “theme” a value such as “dark-8f31c07a” and it still switches the colours; it also tells one visitor from all the others.",
            "This site’s policy therefore lists the values together with the name. A third value is not stored, whoever tries: the answer leaves the server without that line, and the report says why.",
            "The same goes for how long it stays. The policy says a year; a line that asks for ten is cut to one.",
        ],
    },
    Note {
        slug: "signed-in",
        title: "Signed in, and still undecided",
        summary: "Some cookies need no question, because you asked for what they do.",
        paragraphs: &[
            "If you type your name and a password and press “Sign in”, you have asked to be recognised until you leave. A server can do that only if the browser carries something along. Asking “may we use a cookie for this?” would be asking the same thing twice.",
            "That is why signing in works on this site whether you agreed, refused or never answered. The cookie is called “sid”, scripts cannot read it, and it is gone when you sign out or close the browser.",
            "The exception is narrow. A session handed to every visitor who walks by, just in case they sign in later, was asked for by nobody. So the policy names the one place where the cookie may first be given out: the answer to the sign-in form. Anywhere else it is dropped.",
        ],
    },
];

pub(crate) async fn list(visit: Visit) -> Markup {
    let language = visit.language;
    let title = language.pick("Notes on remembering", "Notizen über das Erinnern");
    let lead = html! {
        p {
            (language.pick(
                "Three short pieces on what a website has to know about the people who read it. It is less than one thinks.",
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
