use crate::Site;
use crate::layout::{page, pair};
use crate::visit::Visit;
use axum::extract::State;
use consent_core::Policy;
use consent_core::policy::{Kind, Language};
use maud::{Markup, html};

pub(crate) async fn show(visit: Visit, State(site): State<Site>) -> Markup {
    let title = visit.language.pick("Nothing, until you say so", "Nichts, bis Sie es sagen");
    let main = html! {
        (hero(&visit, &site.policy))
        (recognised(&visit))
        (office(&visit))
        (questions(&visit))
    };
    page(&visit, title, &main)
}

/// The promise: what the site stores before a decision, and after one.
fn hero(visit: &Visit, policy: &Policy) -> Markup {
    let language = visit.language;
    html! {
        div.hero {
            section.before {
                p.label { (language.pick("Before you choose", "Bevor Sie wählen")) }
                h1 { (language.pick("Nothing, until you say so.", "Nichts, bis Sie es sagen.")) }
                p {
                    (language.pick(
                        "Open any page of this site: your browser stores none of our cookies, not even on the page that misbehaves.",
                        "Öffnen Sie eine beliebige Seite dieser Website: Ihr Browser speichert keines unserer Cookies, auch nicht auf der Seite, die sich nicht benimmt.",
                    ))
                }
                p.figure { span.number { "0" } " " (language.pick("cookies", "Cookies")) }
            }
            section.after {
                p.label { (language.pick("After you agree", "Nachdem Sie zugestimmt haben")) }
                h2 { (language.pick("Then only what is on this list.", "Dann nur, was auf dieser Liste steht.")) }
                (declared(visit, policy))
                p {
                    (language.pick(
                        "Two more cookies need no consent: one remembers your decision, one keeps you signed in. ",
                        "Zwei weitere Cookies brauchen keine Einwilligung: eines merkt sich Ihre Entscheidung, eines hält Sie angemeldet. ",
                    ))
                    a href="/consent/policy" {
                        (language.pick("The whole policy, with its log", "Die ganze Richtlinie mit Verlauf"))
                    }
                }
            }
        }
    }
}

/// The declarations of the policy, in its own words.
fn declared(visit: &Visit, policy: &Policy) -> Markup {
    let asked = policy.storage().iter().filter(|declared| declared.exempt.is_none());
    let language = Language::parse(visit.language.tag()).ok();
    html! {
        dl.declared {
            @for declared in asked {
                div {
                    dt { code { (declared.name) } " " span { (kind(visit, declared.kind)) } }
                    @if let Some((purpose, written_in)) = language.as_ref().and_then(|language| declared.purpose.get(language)) {
                        dd lang=(written_in) { (purpose) }
                    }
                }
            }
        }
    }
}

fn kind(visit: &Visit, kind: Kind) -> &'static str {
    match kind {
        Kind::Cookie => "Cookie",
        Kind::LocalStorage => visit.language.pick("in your browser only", "nur in Ihrem Browser"),
        other => other.as_str(),
    }
}

/// Two gated scripts. Each replaces a text of the page.
fn recognised(visit: &Visit) -> Markup {
    let language = visit.language;
    pair(
        language.pick("Recognised", "Wiedererkannt"),
        language.pick("Two scripts that wait for you", "Zwei Skripte, die auf Sie warten"),
        &html! {
            div.tiles {
                p.tile #visits {
                    (language.pick(
                        "Your visits are not counted. That takes a small script and your consent; the count stays in this browser.",
                        "Ihre Besuche werden nicht gezählt. Das braucht ein kleines Skript und Ihre Zustimmung; die Zahl bleibt in diesem Browser.",
                    ))
                }
                p.tile #last-read {
                    (language.pick(
                        "What you read last is not remembered. With a small script and your consent, a link to it stands here.",
                        "Was Sie zuletzt gelesen haben, merkt sich niemand. Mit einem kleinen Skript und Ihrer Zustimmung steht hier der Link dorthin.",
                    ))
                }
            }
            script type="text/plain" data-consent="functionality" src="/static/visits.js" {}
            script type="text/plain" data-type="module" data-consent="functionality" src="/static/last-read.js" {}
        },
    )
}

/// A frame that waits for consent, because the map stores its zoom.
fn office(visit: &Visit) -> Markup {
    let language = visit.language;
    let title = language.pick("Map of the office's surroundings", "Karte der Umgebung des Büros");
    pair(
        language.pick("The office", "Das Büro"),
        "Norfolk House, Milton Keynes",
        &html! {
            p {
                (language.pick(
                    "Studio 1 on the ground floor, on Silbury Boulevard. The map remembers how far you zoomed in, so it waits until you agree.",
                    "Studio 1 im Erdgeschoss, am Silbury Boulevard. Die Karte merkt sich, wie nah Sie herangezoomt haben; darum wartet sie auf Ihre Zustimmung.",
                ))
            }
            div.map {
                iframe title=(title) data-consent="functionality" data-src={ "/embed/office-map?lang=" (language.tag()) } loading="lazy" {}
            }
        },
    )
}

fn questions(visit: &Visit) -> Markup {
    let language = visit.language;
    pair(
        language.pick("Your rights", "Ihre Rechte"),
        language.pick("Ask us what we hold", "Fragen Sie, was wir speichern"),
        &html! {
            p {
                (language.pick(
                    "You can see, correct, move or erase the data that we hold about you, and object to its use. Write or call; we answer within one month.",
                    "Sie können einsehen, berichtigen, mitnehmen oder löschen lassen, was wir von Ihnen haben, und der Nutzung widersprechen. Schreiben Sie oder rufen Sie an; wir antworten innerhalb eines Monats.",
                ))
            }
            p {
                (language.pick("Not satisfied? The ", "Nicht zufrieden? Zuständig ist das "))
                a href="https://ico.org.uk/" rel="noreferrer" { "Information Commissioner’s Office" }
                (language.pick(" takes complaints.", "."))
            }
        },
    )
}
