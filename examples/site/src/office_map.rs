use crate::visit::Visit;
use maud::{DOCTYPE, Markup, html};

/// The embedded page: a sketch of the streets around the office that remembers how closely one looked.
pub(crate) async fn show(visit: Visit) -> Markup {
    let language = visit.language;
    let title = language.pick("Map of the office's surroundings", "Karte der Umgebung des Büros");
    html! {
        (DOCTYPE)
        html lang=(language.tag()) data-theme=[visit.theme.map(|theme| theme.as_str())] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/static/map.css";
                script src="/static/map.js" defer {}
            }
            body {
                svg #map viewBox="0 0 640 400" preserveAspectRatio="xMidYMid slice" role="img" aria-label=(title) { (streets()) }
                p { (language.pick("A sketch, not to scale", "Eine Skizze, nicht maßstäblich")) }
                div hidden {
                    button type="button" data-zoom="in" aria-label=(language.pick("Closer", "Näher")) { "+" }
                    button type="button" data-zoom="out" aria-label=(language.pick("Further away", "Weiter weg")) { "−" }
                }
            }
        }
    }
}

/// Three boulevards in parallel, crossed by the gates: the town was drawn as a grid.
fn streets() -> Markup {
    let blocks = (0..5).flat_map(|row| (0..9).map(move |column| (column * 96 - 112, row * 92 - 36)));
    let gates = (0..9).map(|column| column * 96 - 24);
    html! {
        g transform="rotate(-24 320 200)" {
            @for (x, y) in blocks { rect.block x=(x) y=(y) width="80" height="68" rx="4" {} }
            rect.park x="464" y="-36" width="176" height="68" rx="4" {}
            @for x in gates { line.gate x1=(x) y1="-160" x2=(x) y2="560" {} }
            @for (y, name) in [(136, "Silbury Boulevard"), (228, "Midsummer Boulevard"), (320, "Avebury Boulevard")] {
                line.boulevard x1="-200" y1=(y - 92 - 0) x2="840" y2=(y - 92 - 0) {}
                text.street x="352" y=(y - 92 + 5) { (name) }
            }
        }
        g.pin transform="translate(300 122)" {
            path d="M0 0 L-13 -24 A15 15 0 1 1 13 -24 Z" {}
            circle r="5" cy="-31" {}
        }
        text.office x="324" y="98" { "Norfolk House" }
    }
}
