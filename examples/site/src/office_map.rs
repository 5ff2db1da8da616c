use crate::theme::Theme;
use crate::visit::Visit;
use maud::{DOCTYPE, Markup, html};

/// The embedded page: a sketch of the streets around the office, which remembers its zoom.
pub(crate) async fn show(visit: Visit) -> Markup {
    let language = visit.language;
    let title = language.pick("Map of the office's surroundings", "Karte der Umgebung des Büros");
    html! {
        (DOCTYPE)
        html lang=(language.tag()) data-theme=[visit.theme.map(Theme::as_str)] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (title) }
                link rel="stylesheet" href="/static/map.css";
                script src="/static/map.js" defer {}
            }
            body {
                main {
                    h1 { (title) }
                    svg #map viewBox="0 0 640 400" preserveAspectRatio="xMidYMid slice" aria-hidden="true" { (streets()) }
                    p { (language.pick("A sketch, not to scale", "Eine Skizze, nicht maßstäblich")) }
                    div hidden {
                        button type="button" data-zoom="in" aria-label=(language.pick("Closer", "Näher")) { "+" }
                        button type="button" data-zoom="out" aria-label=(language.pick("Further away", "Weiter weg")) { "−" }
                    }
                }
            }
        }
    }
}

/// Three boulevards in parallel, crossed by the gates: the town was drawn as a grid.
fn streets() -> Markup {
    let columns = (-4..12).map(|column| column * 96);
    let blocks = columns.clone().flat_map(|x| (-4..7).map(move |row| (x - 112, row * 92 - 36)));
    let boulevards =
        [(44, 64, "Silbury Boulevard"), (136, 76, "Midsummer Boulevard"), (228, 176, "Avebury Boulevard")];
    html! {
        g transform="rotate(-24 320 200)" {
            @for (x, y) in blocks { rect.block x=(x) y=(y) width="80" height="68" rx="4" {} }
            rect.park x="464" y="240" width="176" height="68" rx="4" {}
            @for x in columns { line.gate x1=(x - 24) y1="-400" x2=(x - 24) y2="640" {} }
            @for (y, x, name) in boulevards {
                line.boulevard x1="-400" y1=(y) x2="1040" y2=(y) {}
                text.street x=(x) y=(y + 4) { (name) }
            }
        }
        g.pin transform="translate(215 140)" {
            path d="M0 0 L-13 -24 A15 15 0 1 1 13 -24 Z" {}
            circle r="5" cy="-31" {}
        }
        text.office x="238" y="106" { "Norfolk House" }
    }
}
