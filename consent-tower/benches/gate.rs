//! How fast pages stream through the gate, beside `lol_html` alone with the same selectors and handlers that
//! do nothing.
//!
//! `cargo bench -p consent-tower --bench gate` prints both, their ratio, and whether the budget of 0.9 holds.
#![allow(
    missing_docs,
    dead_code,
    unused_imports,
    unreachable_pub,
    clippy::unwrap_used,
    clippy::cast_precision_loss
)]

#[path = "../src/addresses/mod.rs"]
mod addresses;
#[path = "../src/html/mod.rs"]
mod html;

use bytes::Bytes;
use consent_core::Consent;
use consent_core::consent::{Circumstances, CookieName};
use consent_core::page::Links;
use html::{BannerPlacement, Document, Gate, GatePage, OriginGate, is_rewritable};
use lol_html::send::{Element, ElementContentHandlers, HtmlRewriter, Settings};
use lol_html::{MemorySettings, Selector};
use std::borrow::Cow;
use std::fmt::Write;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// The selectors of the gate.
const SELECTORS: [&str; 21] = [
    "img, source",
    "script, use, image, feimage",
    "iframe, frame, input, audio, track, embed",
    "link",
    "video",
    "object",
    "body[background], table[background], thead[background], tbody[background], tfoot[background], tr[background], \
     td[background], th[background]",
    "[data-consent]",
    "a [data-consent], button [data-consent], select [data-consent], a iframe, a object, a embed, a video, a audio, \
     button iframe, button object, button video",
    "form",
    "select",
    "select :not(option):not(optgroup):not(script)",
    "svg",
    "svg title, svg desc",
    "frameset, math, svg svg, svg foreignobject, svg title *, svg desc *",
    "noscript",
    "template",
    "base[href]",
    "body",
    "section[id=consent-banner]",
    "[data-consent-action=settings]",
];

/// The minimum speed of the gate, relative to `lol_html` alone.
const BUDGET: f64 = 0.9;

/// The size of a chunk from a socket or a file.
const PIECE: usize = 16 * 1024;

/// A page like those of shops and newspapers. One of so many articles of 850 bytes has a gated element.
fn page(articles: usize, gated: usize) -> Vec<u8> {
    let mut page = String::from(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>News</title>\
         <link rel=\"stylesheet\" href=\"/main.css\"><script src=\"/main.js\" defer></script></head><body>",
    );
    for number in 0..articles {
        write!(
            page,
            "<article id=\"a{number}\" class=\"card card--wide\"><header><h2><a href=\"/news/{number}?from=list&amp;n=1\">\
             Headline number {number}</a></h2><time datetime=\"2026-11-23\">Today</time></header>\n\
             <p>Some text that goes on for a while, as the text of articles does, with <em>some</em> markup in it and \
             <a href=\"/elsewhere\">a link</a> or <a href=\"/another\">two</a>. Another sentence follows it, so that \
             there is more text than markup.</p>\n\
             <ul class=\"tags\"><li><a href=\"/t/1\">one</a></li><li><a href=\"/t/2\">two</a></li></ul>\
             <img src=\"/i/{number}.jpg\" alt=\"A picture\" width=\"640\" height=\"480\" loading=\"lazy\">\n\
             <script>window.list = window.list || []; window.list.push({{ id: {number}, of: \"</\" + \"p>\" }});</script>\
             <div class=\"share\"><button type=\"button\" class=\"share__button\">Share</button></div></article>\n",
        )
        .unwrap();
        if number % gated == 0 {
            page.push_str(
                "<script type=\"text/plain\" data-consent=\"functionality\">remember();</script>\n",
            );
        }
    }
    page.push_str(
        "<footer><a href=\"/consent\" data-consent-action=\"settings\">Cookies</a></footer></body></html>",
    );
    page.into_bytes()
}

fn through_the_gate(page: &GatePage, pieces: &[Bytes]) -> usize {
    let mut gate = Gate::new(page.clone()).unwrap();
    let written: usize = pieces.iter().map(|piece| black_box(gate.write(piece.clone())).len()).sum();
    written + black_box(gate.finish()).len()
}

fn through_lol_html(selectors: &'static [Selector], pieces: &[Bytes]) -> usize {
    let memory = MemorySettings::new().with_max_allowed_memory_usage(2 * 1024 * 1024);
    let mut settings = Settings::new_send().with_strict(false).with_memory_settings(memory);
    for selector in selectors {
        let nothing = ElementContentHandlers::default().element(|_: &mut Element<'_, '_>| Ok(()));
        settings = settings.append_element_content_handler((Cow::Borrowed(selector), nothing));
    }
    let output = Arc::new(std::sync::Mutex::new(Vec::new()));
    let sink = Arc::clone(&output);
    let mut rewriter =
        HtmlRewriter::new(settings, move |piece: &[u8]| sink.lock().unwrap().extend_from_slice(piece));
    let mut written = 0;
    let take = || black_box(Bytes::from(std::mem::take(&mut *output.lock().unwrap()))).len();
    for piece in pieces {
        output.lock().unwrap().reserve(piece.len());
        rewriter.write(piece).unwrap();
        written += take();
    }
    rewriter.end().unwrap();
    written + take()
}

fn timed(run: impl FnOnce() -> usize) -> Duration {
    let start = Instant::now();
    black_box(run());
    start.elapsed()
}

fn main() {
    // `cargo test` also runs this target. Only `cargo bench` measures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    let policy = consent_core::policy::example().unwrap();
    let today = time::Date::from_calendar_date(2026, time::Month::November, 23).unwrap();
    let (parts, ()) = http::Response::builder()
        .header("content-type", "text/html; charset=utf-8")
        .body(())
        .unwrap()
        .into_parts();
    let visitor = |cookies: &str| GatePage {
        path: None,
        ask_rules: false,
        scripts: true,
        sweep_undeclared: false,
        consent: Consent::from_lines(
            &policy,
            [cookies.as_bytes()],
            CookieName::Host,
            Circumstances::new(today),
        ),
        languages: None,
        links: Arc::new(Links::new("/consent")),
        cookie_name: CookieName::Host,
        guard: true,
        banner: true,
        placement: BannerPlacement::End,
        document: Document::Certain,
        return_to: "/".into(),
        nonce: None,
        inline: false,
        charset: is_rewritable(&parts).unwrap(),
        speculative: false,
        origin_gate: OriginGate::Enforce,
        watch: None,
        origins: Vec::new(),
    };
    let selectors: &'static [Selector] =
        SELECTORS.iter().map(|selector| selector.parse().unwrap()).collect::<Vec<_>>().leak();
    let visitors =
        [("undecided", visitor("")), ("granted", visitor("__Host-consent=1-20261101.functionality:g"))];
    for (articles, gated) in [(0, 1), (10, 4), (100, 4), (100, 1), (1000, 4)] {
        let document = page(articles, gated);
        let pieces: Vec<Bytes> = document.chunks(PIECE).map(Bytes::copy_from_slice).collect();
        for (name, visitor) in &visitors {
            // Measures in turns and takes the minimum, so that other work of the machine affects both
            // equally.
            let (mut gate, mut alone) = (Duration::MAX, Duration::MAX);
            for _ in 0..100_000 / articles.max(20) {
                gate = gate.min(timed(|| through_the_gate(visitor, &pieces)));
                alone = alone.min(timed(|| through_lol_html(selectors, &pieces)));
            }
            let ratio = alone.as_secs_f64() / gate.as_secs_f64();
            let speed = |time: Duration| document.len() as f64 / time.as_secs_f64() / 1e6;
            println!(
                "{:>7} bytes, {:>4} gated elements, {name:>9}: gate {gate:>9.1?} ({:>4.0} MB/s), lol_html {alone:>9.1?} ({:>4.0} MB/s), ratio {ratio:.2}, {}",
                document.len(),
                articles.div_ceil(gated),
                speed(gate),
                speed(alone),
                if ratio >= BUDGET { "holds" } else { "DOES NOT HOLD" }
            );
        }
    }
}
