use crate::language::Language;
use crate::theme::Theme;
use crate::visit::Visit;
use maud::{DOCTYPE, Markup, html};

/// One page: the frame around `main`.
pub(crate) fn page(visit: &Visit, title: &str, main: &Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang=(visit.language.tag()) data-theme=[visit.theme.map(Theme::as_str)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) " · JUXT" }
                link rel="icon" href="/static/icon.svg" type="image/svg+xml";
                link rel="stylesheet" href="/static/site.css";
                script type="module" src="/static/site.js" {}
            }
            body {
                (masthead(visit))
                main #main { (main) }
                (footer(visit))
            }
        }
    }
}

/// The opening of a page: its title in large letters, and a paragraph beside it.
pub(crate) fn opening(label: &str, title: &str, lead: &Markup) -> Markup {
    html! {
        header.opening {
            p.label { (label) }
            h1 { (title) }
            div.lead { (lead) }
        }
    }
}

/// Two columns: a heading on the left, its content on the right.
pub(crate) fn pair(label: &str, title: &str, content: &Markup) -> Markup {
    html! {
        section.pair {
            div.pair-head {
                p.label { (label) }
                h2 { (title) }
            }
            div.pair-body { (content) }
        }
    }
}

/// The page for an unknown address.
pub(crate) fn missing(visit: &Visit) -> Markup {
    let language = visit.language;
    let title = language.pick("There is no such page", "Diese Seite gibt es nicht");
    let lead = html! {
        p {
            (language.pick("The address leads nowhere. ", "Die Adresse führt nirgendwohin. "))
            a href="/" { (language.pick("Back to the first page", "Zurück zur Startseite")) } "."
        }
    };
    page(visit, title, &opening("404", title, &lead))
}

fn masthead(visit: &Visit) -> Markup {
    let language = visit.language;
    let links = [
        ("/", language.pick("Company", "Firma")),
        ("/notes", language.pick("Notes", "Notizen")),
        ("/preferences", language.pick("Preferences", "Einstellungen")),
        ("/misbehaviour", language.pick("Misbehaviour", "Fehlverhalten")),
    ];
    html! {
        header.masthead {
            a.skip href="#main" { (language.pick("Skip to the content", "Zum Inhalt springen")) }
            a.brand href="/" aria-label="JUXT" {
                svg viewBox="0 0 36 26" width="36" height="26" aria-hidden="true" {
                    rect.brand-left x="1.5" y="7.5" width="17" height="17" {}
                    rect.brand-right x="18" y="0" width="18" height="18" {}
                }
                span { "JUXT" }
            }
            nav aria-label=(language.pick("Pages", "Seiten")) {
                @for (address, name) in links {
                    a href=(address) aria-current=[is_current(&visit.path, address).then_some("page")] { (name) }
                }
                @match &visit.name {
                    Some(name) => { a.visitor href="/account" { (name) } }
                    None => { a.visitor href="/sign-in" { (language.pick("Sign in", "Anmelden")) } }
                }
            }
        }
    }
}

fn is_current(path: &str, address: &str) -> bool {
    path == address
        || (address != "/" && path.strip_prefix(address).is_some_and(|rest| rest.starts_with('/')))
}

fn footer(visit: &Visit) -> Markup {
    let language = visit.language;
    html! {
        footer.footer {
            div {
                p.label { (language.pick("Write", "Schreiben")) }
                address {
                    "Privacy Requests @ JUXT Ltd." br;
                    "Norfolk House, Studio 1, Ground Floor" br;
                    "Silbury Blvd, Milton Keynes MK9 2AH" br;
                    "United Kingdom"
                }
            }
            div {
                p.label { (language.pick("Ask", "Fragen")) }
                p { a href="mailto:info@juxt.pro" { "info@juxt.pro" } }
                p { a href="tel:+443339398309" { "+44 (0) 333 93 98 309" } }
            }
            div {
                p.label { (language.pick("Decide", "Entscheiden")) }
                p {
                    a href="/consent" data-consent-action="settings" {
                        (language.pick("Cookie settings", "Cookie-Einstellungen"))
                    }
                }
                p { a href="/consent/policy" { (language.pick("Cookie policy and its log", "Cookie-Richtlinie mit Verlauf")) } }
            }
            div {
                p.label { (language.pick("Read in", "Lesen auf")) }
                @for other in Language::ALL {
                    p {
                        a href={ (visit.path) "?lang=" (other.tag()) } hreflang=(other.tag()) lang=(other.tag())
                            aria-current=[(other == language).then_some("true")] { (other.own_name()) }
                    }
                }
            }
            p.colophon {
                (language.pick(
                    "A demonstration: the facts about JUXT are those of its published privacy policy of 9 February 2023; everything else was written for this example.",
                    "Eine Vorführung: Die Angaben zu JUXT stammen aus der veröffentlichten Datenschutzerklärung vom 9. Februar 2023; alles andere wurde für dieses Beispiel geschrieben.",
                ))
            }
        }
    }
}
