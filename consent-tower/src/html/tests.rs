#![cfg(feature = "html")]

use super::state::{Cause, Inert};
use super::*;
use bytes::Bytes;
use consent_core::consent::{Circumstances, CookieName};
use consent_core::page::PlaceholderControls;
use consent_core::{Category, Policy, Reason};
use http::{Response, response};
use proptest::prelude::*;
use std::sync::LazyLock;
use time::{Date, Month};

const POLICY: &str = r#"
languages = ["en", "de"]
reask = "180d"
controller = { name = "Example Ltd.", address = "1 Street", email = "privacy@example.org", phone = "+44 20 7946 0000" }
authority = { name = "ICO", url = "https://ico.org.uk/" }
categories.functionality.purpose = { en = "Preferences.", de = "Einstellungen." }
categories.video.purpose = { en = "Videos.", de = "Videos." }
[[storage]]
name = "theme"
kind = "cookie"
category = "functionality"
purpose = { en = "Theme.", de = "Farben." }
lifetime = "365d"
provider = "first-party"
[[services]]
id = "player"
label.en = "Video Ltd."
label.de = "Video Ltd."
provider = "Video Ltd."
category = "video"
origins = ["https://video.example"]
purpose = { en = "Videos.", de = "Videos." }
[[revisions]]
number = 1
effective = 2023-02-09
summary = { en = "First.", de = "Erste." }
"#;

static EXAMPLE: LazyLock<Policy> = LazyLock::new(|| Policy::from_toml(POLICY).unwrap());

pub(super) const UNDECIDED: &str = "";
pub(super) const GRANTED: &str = "__Host-consent=1-20261123.functionality:g.video:g";
pub(super) const REFUSED: &str = "__Host-consent=1-20261123.functionality:r.video:r";
/// Asked for everything but `functionality` is answered.
const PREFERENCES_OPEN: &str = "__Host-consent=1-20261123.video:r";
pub(super) const PREFERENCES: &str = "__Host-consent=1-20261123.functionality:g.video:r";

pub(super) fn head(content_type: &str) -> response::Parts {
    Response::builder().header("content-type", content_type).body(()).unwrap().into_parts().0
}

/// A page of its own, for a visitor who has not decided.
pub(crate) fn test_page() -> GatePage {
    page(UNDECIDED)
}

pub(super) fn page(cookies: &str) -> GatePage {
    let today = Date::from_calendar_date(2026, Month::November, 23).unwrap();
    let consent =
        Consent::from_lines(&EXAMPLE, [cookies.as_bytes()], CookieName::Host, Circumstances::new(today));
    GatePage {
        path: None,
        scripts: true,
        ask_rules: false,
        sweep_undeclared: false,
        consent,
        languages: None,
        links: Arc::new(Links::new("/consent")),
        cookie_name: CookieName::Host,
        guard: true,
        banner: true,
        // The place that needs the beginning of the body to be found.
        placement: BannerPlacement::Start,
        document: Document::Certain,
        return_to: "/here".into(),
        nonce: None,
        inline: false,
        charset: is_rewritable(&head("text/html; charset=utf-8")).unwrap(),
        speculative: false,
        origins: vec!["https://shop.example".into()],
        origin_gate: OriginGate::Enforce,
        watch: None,
    }
}

/// The page as it leaves, given in these pieces.
fn stream<'a>(page: GatePage, pieces: impl IntoIterator<Item = &'a [u8]>) -> (Vec<u8>, Vec<Inert>) {
    let mut gate = Gate::new(page).unwrap();
    let mut out = Vec::new();
    for piece in pieces {
        out.extend_from_slice(&gate.write(Bytes::copy_from_slice(piece)));
    }
    out.extend_from_slice(&gate.finish());
    let inert = gate.inert();
    (out, inert)
}

pub(super) fn rewritten(page: GatePage, html: &str) -> String {
    String::from_utf8(stream(page, [html.as_bytes()]).0).unwrap()
}

/// The page as it leaves, with our own pieces shown as `[head]`, `[banner]`, `[link]` and `[placeholder]`.
#[expect(clippy::needless_pass_by_value, reason = "each page is made for one call")]
fn shown(page: GatePage, html: &str) -> String {
    let en = insert::language(&page, None);
    let de = insert::language(&page, Some("de"));
    let mut out = rewritten(page.clone(), html);
    for language in [en, de] {
        let insert = insert::Insert::new(&page, &language, page.charset.is_utf_8());
        let pieces =
            [("[head]", insert.head()), ("[banner]", insert.banner()), ("[link]", insert.settings_link())];
        for (mark, piece) in pieces.into_iter().filter(|(_, piece)| !piece.is_empty()) {
            out = out.replace(&piece, mark);
        }
        for category in page.consent.policy().category_set().as_slice() {
            let form = insert.placeholder_form(*category);
            if !form.is_empty() {
                out = out.replace(&form, "[form]");
            }
            for what in [None, Some("Video Ltd."), Some("A film")] {
                let with = |controls| insert.placeholder(*category, what, controls);
                // They are the same where nothing can be allowed.
                out = out.replace(&with(PlaceholderControls::Link), "[placeholder]");
                out = out.replace(&with(PlaceholderControls::Button), "[placeholder with a button]");
                out = out.replace(&with(PlaceholderControls::None), "[plain placeholder]");
            }
        }
    }
    out
}

pub(super) fn reports(page: GatePage, html: &str) -> Vec<Inert> {
    stream(page, [html.as_bytes()]).1
}

#[test]
fn a_page_gets_head_banner_and_link() {
    assert_eq!(
        shown(
            page(UNDECIDED),
            "<!doctype html><html><head><title>x</title></head><body><p>y</p></body></html>\n"
        ),
        "<!doctype html><html><head>[head]<title>x</title></head><body>[banner]<p>y</p>[link]</body></html>\n"
    );
}

#[test]
fn the_default_place_is_the_end_of_the_body() {
    assert_eq!(BannerPlacement::default(), BannerPlacement::End);
    let cases = [
        ("<body><p>y</p></body></html>\n", "<body><p>y</p>[banner][link]</body></html>\n"),
        ("<body><p>y", "<body><p>y[banner][link]"),
        ("<p>y", "<p>y[banner][link]"),
        ("<body>y</body></body>", "<body>y[banner][link]</body></body>"),
        (
            "<body><template><body></body></template>y</body>",
            "<body><template><body></body></template>y[banner][link]</body>",
        ),
        (
            "<body><script>'</body>'</script><!-- </body> -->y</body>",
            "<body><script>'</body>'</script><!-- </body> -->y[banner][link]</body>",
        ),
        ("<body><template>y", "<body><template>y</template>[banner][link]"),
        (
            "<body>y<a data-consent-action=settings>x</a></body>",
            "<body>y<a data-consent-action=settings>x</a>[banner]</body>",
        ),
        (
            "<body>y<section id=consent-banner></section></body>",
            "<body>y<section id=consent-banner></section>[link]</body>",
        ),
    ];
    for (body, expected) in cases {
        let late = GatePage { placement: BannerPlacement::End, ..page(UNDECIDED) };
        let html = format!("<!doctype html><head></head>{body}");
        assert_eq!(shown(late.clone(), &html), format!("<!doctype html><head>[head]</head>{expected}"));
        let bytes: Vec<_> = html.as_bytes().chunks(1).collect();
        assert_eq!(stream(late.clone(), bytes).0, rewritten(late, &html).into_bytes(), "{html}");
    }
}

#[test]
fn a_visitor_who_decided_gets_no_banner() {
    for cookies in [GRANTED, REFUSED, PREFERENCES] {
        let out = shown(page(cookies), "<!doctype html><head></head><body></body>");
        assert_eq!(out, "<!doctype html><head>[head]</head><body>[link]</body>");
    }
}

#[test]
fn tags_may_be_left_out() {
    let cases = [
        ("<!doctype html><p>y", "<!doctype html>[head]<p>y[banner][link]"),
        ("<!doctype html>text", "<!doctype html>[head]text[banner][link]"),
        ("<!doctype html>", "<!doctype html>[head][banner][link]"),
        ("<!doctype html><", "<!doctype html>[head]<[banner][link]"),
        (
            "<!doctype html><title>x</title><body><p>",
            "<!doctype html>[head]<title>x</title><body>[banner]<p>[link]",
        ),
        ("<!doctype html><body>x</html>", "<!doctype html>[head]<body>[banner]x</html>[link]"),
        (
            "<!DOCTYPE HTML><HTML><HEAD></HEAD><BODY CLASS=a>x</BODY>",
            "<!DOCTYPE HTML><HTML><HEAD>[head]</HEAD><BODY CLASS=a>[banner]x[link]</BODY>",
        ),
        (
            "<!-- c --><!doctype html><html><!-- <head> --><head><script>a</script>",
            "<!-- c --><!doctype html><html><!-- <head> --><head>[head]<script>a</script>[banner][link]",
        ),
        (
            "<!doctype html><script>1</script><head>",
            "<!doctype html>[head]<script>1</script><head>[banner][link]",
        ),
    ];
    for (html, expected) in cases {
        assert_eq!(shown(page(UNDECIDED), html), expected);
    }
}

#[test]
fn what_only_looks_like_a_body_is_none() {
    let cases = [
        (
            "<!doctype html><head><script>'<body></body>'</script></head><body>a</body>",
            "<!doctype html><head>[head]<script>'<body></body>'</script></head><body>[banner]a[link]</body>",
        ),
        (
            "<!doctype html><head><template><body></body></template></head><body>a</body>",
            "<!doctype html><head>[head]<template><body></body></template></head><body>[banner]a[link]</body>",
        ),
        (
            "<!doctype html><body><template></body></template>a",
            // The rewriter loses sight of the template here; an end tag too many means nothing.
            "<!doctype html>[head]<body>[banner]<template></body></template>a</template>[link]",
        ),
        (
            "<!doctype html><title><body></title><textarea></body></textarea><!-- <body> --><body>a",
            "<!doctype html>[head]<title><body></title><textarea></body></textarea><!-- <body> --><body>[banner]a[link]",
        ),
        (
            "<!doctype html><body><script>var a = '</body>'</script>a</body>",
            "<!doctype html>[head]<body>[banner]<script>var a = '</body>'</script>a[link]</body>",
        ),
        ("<!doctype html><template><p>a", "<!doctype html>[head]<template><p>a</template>[banner][link]"),
    ];
    for (html, expected) in cases {
        assert_eq!(shown(page(UNDECIDED), html), expected);
    }
}

#[test]
fn a_page_with_a_way_back_needs_no_link() {
    let has_link = |html: &str| shown(page(GRANTED), html).contains("[link]");
    assert!(!has_link("<!doctype html><body><a href=/consent data-consent-action=settings>x</a></body>"));
    assert!(!has_link("<!doctype html><body><BUTTON DATA-CONSENT-ACTION='settings'>x</BUTTON>"));
    assert!(has_link("<!doctype html><body><!-- <a data-consent-action=settings> --></body>"));
    assert!(has_link("<!doctype html><body><script>'<a data-consent-action=settings>'</script></body>"));
    assert!(has_link("<!doctype html><body><template><a data-consent-action=settings></template></body>"));
    assert!(has_link("<!doctype html><body><button data-consent-action=accept></button></body>"));
    let own = "<section id=consent-banner><a data-consent-action=settings>x</a></section>";
    assert!(has_link(&format!("<!doctype html><body>{own}</body>")));
    assert!(!has_link(&format!("<!doctype html><body>{own}<a data-consent-action=settings>x</a></body>")));
}

#[test]
fn frames_and_pieces_get_less() {
    let html = "<!doctype html><body><script data-consent=functionality>1</script></body>";
    let of = |document| shown(GatePage { document, ..page(UNDECIDED) }, html);
    let inert = "<script data-consent=functionality type=\"text/plain\">1</script>";
    assert_eq!(of(Document::Frame), format!("<!doctype html>[head]<body>{inert}</body>"));
    assert_eq!(of(Document::Fragment), format!("<!doctype html><body>{inert}</body>"));
    assert_eq!(of(Document::IfDoctype), format!("<!doctype html>[head]<body>[banner]{inert}[link]</body>"));
    let piece = GatePage { document: Document::IfDoctype, ..page(UNDECIDED) };
    assert_eq!(shown(piece, "<body><p data-consent=x>1</p></body>"), "<body><p data-consent=x>1</p></body>");
}

#[test]
fn configuration_counts() {
    let html = "<!doctype html><body></body>";
    let without_banner = GatePage { banner: false, ..page(UNDECIDED) };
    assert_eq!(shown(without_banner, html), "<!doctype html>[head]<body>[link]</body>");
    let nonce = GatePage { nonce: Some("abc".into()), ..page(UNDECIDED) };
    assert!(rewritten(nonce, html).contains("nonce=\"abc\""));
    let inline = GatePage { inline: true, ..page(UNDECIDED) };
    let guard = std::str::from_utf8(consent_wasm::asset("guard.js").unwrap().bytes).unwrap();
    assert!(rewritten(inline, html).contains(guard));
}

#[test]
fn the_language_is_the_pages_own() {
    let banner = |html: &str, languages: Option<&'static str>| {
        let page = GatePage { languages: languages.map(HeaderValue::from_static), ..page(UNDECIDED) };
        let de = insert::language(&page, Some("de"));
        rewritten(page.clone(), html).contains(&insert::Insert::new(&page, &de, true).banner())
    };
    assert!(banner("<!doctype html><html lang=de-AT><body>", None));
    assert!(banner("<!doctype html><html lang='DE'><body>", Some("en")));
    assert!(!banner("<!doctype html><html lang=en><body>", Some("de")));
    assert!(banner("<!doctype html><html lang=fr><body>", Some("de")));
    assert!(banner("<!doctype html><html><body>", Some("de")));
    assert!(!banner("<!doctype html><html><body>", None));
}

#[test]
fn allowed_elements_are_made_live() {
    let cases = [
        (
            "<script type='text/plain' data-consent='functionality'>1</script>",
            "<script data-consent='functionality'>1</script>",
        ),
        (
            "<script type=text/plain data-type=module data-consent=functionality src=/a.js></script>",
            "<script type=\"module\" data-consent=functionality src=/a.js></script>",
        ),
        (
            "<SCRIPT TYPE=TEXT/PLAIN DATA-CONSENT=functionality>1</SCRIPT>",
            "<SCRIPT DATA-CONSENT=functionality>1</SCRIPT>",
        ),
        (
            "<script type=module data-consent=functionality>1</script>",
            "<script type=module data-consent=functionality>1</script>",
        ),
        (
            "<img data-src=/a.png data-srcset='/a.png 1x, /b.png 2x' data-consent='functionality video' alt=x>",
            "<img data-consent='functionality video' alt=x src=\"/a.png\" srcset=\"/a.png 1x, /b.png 2x\">",
        ),
        (
            "<img src=about:blank data-src=/a.png data-consent=video>",
            "<img src=\"/a.png\" data-consent=video>",
        ),
        (
            "<link rel=stylesheet data-href=/a.css data-consent=functionality>",
            "<link rel=stylesheet data-consent=functionality href=\"/a.css\">",
        ),
        (
            "<video data-consent=video><source data-src='/a?b=1&amp;c=\"2\"' data-consent=video></video>",
            "<video data-consent=video><source data-consent=video src=\"/a?b=1&amp;c=&quot;2&quot;\"></video>",
        ),
        (
            "<iframe data-src=https://video.example/1 data-consent=video></iframe>",
            "<iframe data-consent=video src=\"https://video.example/1\"></iframe>",
        ),
        (
            "<img data-src=https://shop.example/a.png data-consent=functionality>",
            "<img data-consent=functionality src=\"https://shop.example/a.png\">",
        ),
        (
            "<object data-data=https://video.example/1 data-consent=video></object>",
            "<object data-consent=video data=\"https://video.example/1\"></object>",
        ),
        (
            "<svg><script type=text/plain data-consent=functionality>1</script></svg>",
            "<svg><script data-consent=functionality>1</script></svg>",
        ),
    ];
    for (html, expected) in cases {
        let page = GatePage { document: Document::Fragment, ..page(GRANTED) };
        assert_eq!(shown(page.clone(), html), expected);
        assert_eq!(reports(page, html), []);
    }
}

#[test]
fn what_is_not_allowed_is_inert() {
    let cases = [
        (
            "<script type=text/plain data-consent=functionality>1</script>",
            "<script type=text/plain data-consent=functionality>1</script>",
        ),
        (
            "<script data-consent=functionality src=/a.js></script>",
            "<script data-consent=functionality src=/a.js type=\"text/plain\"></script>",
        ),
        (
            "<script type=module data-consent=functionality>1</script>",
            "<script type=\"text/plain\" data-consent=functionality data-type=\"module\">1</script>",
        ),
        (
            "<img src=/a.png srcset='/a.png 1x' data-consent=functionality>",
            "<img data-consent=functionality data-src=\"/a.png\" data-srcset=\"/a.png 1x\">",
        ),
        (
            "<img src=/small.png data-src=/a.png data-consent=functionality>",
            "<img src=/small.png data-src=/a.png data-consent=functionality>",
        ),
        (
            "<img src=https://evil.example/p data-src=/a.png data-consent=functionality>",
            "<img data-src=/a.png data-consent=functionality>",
        ),
        (
            "<link rel=stylesheet href=/a.css data-consent=functionality>",
            "<link rel=stylesheet data-consent=functionality data-href=\"/a.css\">",
        ),
        (
            "<object data=https://video.example/1 data-consent=video></object>",
            "<object data-consent=video data-data=\"https://video.example/1\"></object>",
        ),
        (
            "<link rel=preload as=image imagesrcset='/a.png 1x, /b.png 2x' data-consent=functionality>",
            "<link rel=preload as=image data-consent=functionality data-imagesrcset=\"/a.png 1x, /b.png 2x\">",
        ),
        // Our own markup would end the picture, and make markup of what is text in it.
        (
            "<svg><iframe src=https://video.example/1 data-consent=video></iframe>",
            "<svg><iframe data-consent=video data-src=\"https://video.example/1\"></iframe>",
        ),
        ("<a href=/a data-consent=functionality>x</a>", "<a href=/a data-consent=functionality>x</a>"),
        (
            "<p><iframe src=https://video.example/1 data-consent=video></iframe>",
            "<p>[placeholder]<iframe data-consent=video data-src=\"https://video.example/1\"></iframe>",
        ),
        (
            "<iframe title='A film' data-src=/1 data-consent=video></iframe>",
            "[placeholder]<iframe title='A film' data-src=/1 data-consent=video></iframe>",
        ),
        (
            "<iframe data-consent-bare src=/1 data-consent=video></iframe>",
            "<iframe data-consent-bare data-consent=video data-src=\"/1\"></iframe>",
        ),
        (
            "<iframe srcdoc='<script></script>' data-consent=video></iframe>",
            "[placeholder]<iframe data-consent=video data-srcdoc=\"<script></script>\"></iframe>",
        ),
        (
            "<template><img src=/a.png data-consent=functionality></template>",
            "<template><img data-consent=functionality data-src=\"/a.png\"></template>",
        ),
    ];
    for cookies in [UNDECIDED, REFUSED] {
        for (html, expected) in cases {
            let page = GatePage { document: Document::Fragment, ..page(cookies) };
            assert_eq!(shown(page, html), expected);
        }
    }
}

#[test]
fn what_is_shown_without_scripts_is_gated_too() {
    let fragment = |cookies| GatePage { document: Document::Fragment, ..page(cookies) };
    let live = "<noscript>a &amp; <img alt='ü' src=/p data-consent=video></noscript><p>";
    let inert = "<noscript>a &amp; <img alt='ü' data-consent=video data-src=\"/p\"></noscript><p>";
    let woken = "<noscript>a &amp; <img alt='ü' data-consent=video src=\"/p\"></noscript><p>";
    assert_eq!(rewritten(fragment(REFUSED), live), inert);
    assert_eq!(rewritten(fragment(GRANTED), inert), woken);
    let foreign = "<noscript><iframe data-src=https://evil.example/ data-consent=video></iframe></noscript>";
    assert_eq!(rewritten(fragment(GRANTED), foreign), foreign);
    assert_eq!(reports(fragment(GRANTED), foreign).len(), 1);
    for untouched in [
        "<noscript>a<img src=/p>b</noscript>",
        "<noscript>",
        "<noscript>a<b",
        "<svg><noscript>data-consent<p>",
    ] {
        for size in [1, 100] {
            let out = stream(fragment(REFUSED), untouched.as_bytes().chunks(size)).0;
            assert_eq!(String::from_utf8(out).unwrap(), untouched);
        }
    }
    let huge = format!("<noscript>{}<img src=/p data-consent=video></noscript>", "a".repeat(300_000));
    let out = stream(fragment(REFUSED), huge.as_bytes().chunks(10_000)).0;
    let expected = huge.replace("src=/p", "data-src=/p");
    assert!(out == expected.as_bytes(), "too much to hold is rechecked");
    let page = shown(page(UNDECIDED), "<!doctype html><body><noscript><p data-consent=video>a");
    assert_eq!(page, "<!doctype html>[head]<body>[banner]<noscript><p data-consent=video>a");
}

#[test]
fn all_categories_must_be_allowed_and_known() {
    let live = |cookies, categories: &str| {
        let page = GatePage { document: Document::Fragment, ..page(cookies) };
        !rewritten(page, &format!("<script data-consent='{categories}'></script>")).contains("text/plain")
    };
    assert!(live(PREFERENCES, "functionality"));
    assert!(!live(PREFERENCES, "video"));
    assert!(!live(PREFERENCES, "functionality video"));
    assert!(live(GRANTED, " functionality\tvideo "));
    for unknown in [
        "",
        " ",
        "marketing",
        "functionality marketing",
        "Functionality",
        "functionality,video",
        "functionalit&#121;",
    ] {
        assert!(!live(GRANTED, unknown), "{unknown:?}");
    }
}

#[test]
fn undeclared_origins_stay_inert() {
    let fragment = |cookies| GatePage { document: Document::Fragment, ..page(cookies) };
    for address in [
        "https://evil.example/1",
        "//evil.example/1",
        "\\\\evil.example/1",
        "&#47;/evil.example/1",
        "http://video.example/1",
        "https://video.example.evil.example/1",
        "https://video.example@evil.example/1",
    ] {
        let html = format!("<iframe data-src='{address}' data-consent=video></iframe>");
        assert_eq!(rewritten(fragment(GRANTED), &html), html);
        let inert = Inert {
            element: "iframe",
            category: video(),
            cause: Cause::UndeclaredOrigin,
            was_live: false,
            is_marked: true,
        };
        assert_eq!(reports(fragment(GRANTED), &html), [inert]);
    }
    let live = "<img src=https://evil.example/1 data-consent=video>";
    assert_eq!(
        rewritten(fragment(GRANTED), live),
        "<img data-consent=video data-src=\"https://evil.example/1\">"
    );
    let srcset = "<img data-srcset='/a 1x,//evil.example/b 2x' data-consent=video>";
    assert_eq!(rewritten(fragment(GRANTED), srcset), srcset);
    // The element names a category that is allowed, its origin is declared for one that is not.
    let milder = "<iframe data-src=https://video.example/1 data-consent=functionality></iframe>";
    let inert = Inert {
        element: "iframe",
        category: video(),
        cause: Cause::Denied(Reason::Refused),
        was_live: false,
        is_marked: true,
    };
    assert_eq!(reports(fragment(PREFERENCES), milder), [inert]);
}

fn video() -> Option<Category> {
    EXAMPLE.category("video")
}

#[test]
fn a_base_moves_relative_addresses() {
    let with_base = |base: &str| {
        let html = format!(
            "<!doctype html><head><base href='{base}'></head><img data-src=a.png data-consent=video>"
        );
        reports(page(GRANTED), &html).len()
    };
    assert_eq!(with_base("/sub/"), 0);
    assert_eq!(with_base("https://shop.example/"), 0);
    assert_eq!(with_base("https://video.example/"), 0);
    assert_eq!(with_base("https://evil.example/"), 1);
}

#[test]
fn our_addresses_do_not_follow_a_base_that_leads_elsewhere() {
    let banner = |origins: &[&str], base: &str| {
        let origins = origins.iter().map(ToString::to_string).collect();
        let html = format!("<!doctype html><head><base href='{base}'></head><body>text");
        shown(GatePage { origins, ..page(UNDECIDED) }, &html)
    };
    let elsewhere = "https://cdn.example/";
    let form = |origin: &str| format!(" action=\"{origin}/consent\"");
    assert!(
        banner(&["https://shop.example", "internal:80"], elsewhere).contains(&form("https://shop.example"))
    );
    assert!(banner(&["shop.example:8080"], elsewhere).contains(&form("//shop.example:8080")));
    assert!(banner(&["shop.example"], "/sub/").contains("[banner]"), "it stays as it was");
}

#[test]
fn reports_say_why() {
    let fragment = |cookies| GatePage { document: Document::Fragment, ..page(cookies) };
    let html = "<script data-consent=functionality></script><script type=text/plain data-consent=nothing></script>\
        <x-player data-src=/a data-consent=video></x-player>";
    let functionality = Some(Category::FUNCTIONALITY);
    assert_eq!(
        reports(fragment(UNDECIDED), html),
        [
            Inert {
                element: "script",
                category: functionality,
                cause: Cause::Denied(Reason::Undecided),
                was_live: true,
                is_marked: true
            },
            Inert {
                element: "script",
                category: None,
                cause: Cause::UnknownCategory,
                was_live: false,
                is_marked: true
            },
            Inert {
                element: "other",
                category: video(),
                cause: Cause::Denied(Reason::Undecided),
                was_live: false,
                is_marked: true
            },
        ]
    );
}

#[test]
fn nothing_is_made_live_before_the_visitor_comes() {
    let page = GatePage { speculative: true, document: Document::Fragment, ..page(GRANTED) };
    let html = "<script type=text/plain data-consent=functionality>1</script>";
    assert_eq!(rewritten(page.clone(), html), html);
    assert_eq!(reports(page, html), []);
}

#[test]
fn other_encodings_are_kept() {
    let charset = is_rewritable(&head("text/html; charset=windows-1252")).unwrap();
    let latin = GatePage { charset, ..page(UNDECIDED) };
    let html =
        b"<!doctype html><html lang=de><body><p title=\xE4>\xFC</p><img data-src=/\xE4 data-consent=video>";
    let (out, _) = stream(latin, [&html[..]]);
    let text = out.iter().map(|byte| char::from(*byte)).collect::<String>();
    assert!(text.contains("<p title=\u{E4}>\u{FC}</p>"));
    assert!(text.contains("<img data-src=/\u{E4} data-consent=video>"));
    assert_eq!(out.iter().filter(|byte| !byte.is_ascii()).count(), 3, "what is put in is ASCII");

    let undeclared = GatePage { charset: is_rewritable(&head("text/html")).unwrap(), ..page(GRANTED) };
    let html = "<!doctype html><head>\n<meta charset=utf-8><title>x</title><body>";
    let expected = "<!doctype html><head>\n<meta charset=utf-8>[head]<title>x</title><body>[link]";
    assert_eq!(shown(undeclared.clone(), html), expected);
    let inline = GatePage { inline: true, ..undeclared.clone() };
    assert!(rewritten(inline.clone(), html).contains("<style>"));
    assert!(!rewritten(inline, "<!doctype html><title>x</title><meta charset=utf-8>").contains("<style>"));

    let html = b"<!doctype html><meta charset=windows-1252><img data-src=/\xE4 data-consent=video>";
    let (out, _) = stream(undeclared, [&html[..]]);
    let wanted = b"src=\"/\xE4\"";
    assert!(out.windows(wanted.len()).any(|window| window == wanted));
}

#[test]
fn a_page_in_utf_16_passes() {
    let undeclared = GatePage { charset: is_rewritable(&head("text/html")).unwrap(), ..page(UNDECIDED) };
    for text in ["<!doctype html><body>\u{30BD}<img data-consent=video src=/a>", "<p>", "a", ""] {
        let little: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        for size in [1, 3, 100] {
            if text.len() > 4 {
                assert_eq!(stream(undeclared.clone(), little.chunks(size)).0, little);
                assert_eq!(stream(undeclared.clone(), big.chunks(size)).0, big);
            }
            let marked = [&b"\xFF\xFE"[..], &little].concat();
            assert_eq!(stream(page(UNDECIDED), marked.chunks(size)).0, marked);
        }
    }
    // It only begins like one: browsers read the rest as it is.
    let html = b"<\0p\0>\0<\0<img data-consent=video src=/a>";
    let (out, _) = stream(undeclared, [&html[..]]);
    assert_eq!(out, b"<\0p\0>\0<\0<img data-consent=video data-src=/a>");
}

#[test]
fn an_empty_page_stays_empty() {
    assert_eq!(stream(page(UNDECIDED), []).0, b"");
    assert_eq!(stream(page(UNDECIDED), [&b""[..], b""]).0, b"");
}

#[test]
fn each_piece_leaves_at_once() {
    let mut gate = Gate::new(page(UNDECIDED)).unwrap();
    let mut write = |piece: &'static str| String::from_utf8(gate.write(piece.into()).to_vec()).unwrap();
    assert_eq!(write("<!doctype html><html>"), "<!doctype html><html>");
    assert!(write("<head>").starts_with("<head><script"));
    assert_eq!(write("<title>a"), "<title>a");
    assert_eq!(write("</title><p"), "</title>");
    assert_eq!(write(" class=a>text"), "<p class=a>text");
    assert!(write("<body>").contains("consent-banner"));
    assert_eq!(write("more <b>text"), "more <b>text");
}

#[test]
fn a_huge_tag_loses_nothing() {
    let huge = "A".repeat(3 * 1024 * 1024);
    let html = format!(
        "<!doctype html><body><img alt=x src='data:{huge}'><p>after</p><script type=text/plain data-consent=x></script></body>"
    );
    let (out, _) = stream(page(UNDECIDED), html.as_bytes().chunks(65_536));
    let out = String::from_utf8(out).unwrap();
    assert!(
        out.contains(&huge)
            && out.contains("<p>after</p><script type=text/plain data-consent=x></script></body>")
    );
    assert!(out.contains("consent-settings-link"), "what was due comes at the end");

    let fits = "A".repeat(1024 * 1024);
    let html = format!("<!doctype html><body><img src='data:{fits}'></body>");
    assert!(shown(page(UNDECIDED), &html).ends_with("'>[link]</body>"));
}

/// Pages that browsers read differently from the rewriter, each with a gated picture that loads in some
/// browser.
const DOUBTFUL: &[&str] = &[
    "<select><style></select>@</style>",
    "<select><div><style></style></select>@",
    "<div><select></div><style></select>@</style>",
    "<select><svg></select><![CDATA[>@]]>",
    "<select><template></select><style></template></select>@</style>",
    "<select><plaintext></select>@",
    "<frameset><div>@",
    "<p><frameset><noframes></frameset>@</noframes>",
    "<div><svg></div><style><!--</style>@<style>--></style>",
    "<div><svg></div><![CDATA[>@]]>",
    "<svg><svg><p><style><!--</style>@<style>--></style>",
    "<svg><foreignObject><div></svg></div></foreignObject><style>@</style>",
    "<svg><title><![CDATA[><!--]]></title></svg>@-->",
    "<svg><desc></svg></desc><style><!--</style>@<style>--></style>",
    "<math><mi><style></math>@</style>",
    "<math><annotation-xml encoding=text/html><style></math>@</style>",
    "<noscript><textarea></noscript>@</textarea>",
    "<noscript><!-- </noscript><textarea>-->@</textarea>",
    "<noscript><noscript>@",
    "<noscript><select><style></select>@</noscript>",
    "<noscript><i title=\"</noscript>\">@",
];

#[test]
fn a_placeholder_stands_in_no_form_and_ends_none() {
    let frame = "<iframe data-consent=functionality data-src=/a></iframe>";
    let shown = |html: &str| {
        let html = format!("<!doctype html><body>{}</body>", html.replace('@', frame));
        let shown = shown(page(PREFERENCES_OPEN), &html).replace(frame, "");
        shown.replace("<!doctype html>[head]<body>[banner]", "")
    };
    let button = "[placeholder with a button]";
    let cases = [
        (
            "<form><input>@<button>Send</button></form>",
            "<form><input>B<button>Send</button></form>[link][form]</body>",
        ),
        ("@@<p>@", "BB<p>B[link][form]</body>"),
        ("<form>@", "<form>B[link]</form>[form]</body>"),
        ("<div><form></div>@", "<div><form></div>B[link]</form>[form]</body>"),
        ("<form></form>@", "<form></form>B[link][form]</body>"),
        ("<a href=/b>@</a>", "<a href=/b>[plain placeholder]</a>[link]</body>"),
        ("<button><i>@</i></button>@", "<button><i>[plain placeholder]</i></button>B[link][form]</body>"),
        ("<template>@</template>", "<template>[placeholder]</template>[link]</body>"),
        ("<table><tr><td>@</table>", "<table><tr><td>B</table>[link][form]</body>"),
    ];
    for (html, expected) in cases {
        assert_eq!(shown(html), expected.replace('B', button), "{html}");
    }
}

#[test]
fn no_reading_of_a_page_has_a_live_gated_element() {
    let element = "<img alt='>' data-consent=video src=/a>";
    for markup in DOUBTFUL {
        for before in ["", "<!doctype html><body>"] {
            let html = format!("{before}{markup}").replace('@', element);
            for size in [1, 7, 1000] {
                let page = GatePage { document: Document::Fragment, ..page(REFUSED) };
                let (out, _) = stream(page, html.as_bytes().chunks(size));
                let out = String::from_utf8(out).unwrap();
                assert!(out.contains("data-src=") && !out.contains(" src="), "{html} becomes {out}");
            }
            let allowed = GatePage { document: Document::Fragment, ..page(GRANTED) };
            assert_eq!(rewritten(allowed, &html), html, "what may load stays");
        }
    }
}

#[test]
fn a_part_of_a_tag_that_comes_late_is_rechecked() {
    let recheck = |html: &str| {
        let page = GatePage { document: Document::Fragment, ..page(REFUSED) };
        rewritten(page, &format!("<math></math>{html}")).replacen("<math></math>", "", 1)
    };
    let cases = [
        ("<!-- <img data-consent=video src=a> -->", "<!-- <img data-consent=video data-src=a> -->"),
        (
            "<!--<a title='<img data-consent=video src=a>'>",
            "<!--<a title='<img data-consent=video data-src=a>'>",
        ),
        ("<!--<IMG SRC = a SRC=b DATA-CONSENT>", "<!--<IMG data-SRC = a data-SRC=b DATA-CONSENT>"),
        ("<!--<img/src=a/data-consent>", "<!--<img/src=a/data-consent>"),
        ("<!--<img/src='a'/data-consent>", "<!--<img/data-src='a'/data-consent>"),
        ("<!--<img src=a title=data-consent>", "<!--<img src=a title=data-consent>"),
        ("<!--<img src=a data-consent=video", "<!--<img data-src=a data-consent=video"),
        ("<!--<script data-consent>", "<!--<script type=text/plain  data-consent>"),
        (
            "<!--<script/type=module data-consent>",
            "<!--<script type=text/plain /data-type=module data-consent>",
        ),
        ("<!--<script type=text/plain data-consent>", "<!--<script type=text/plain data-consent>"),
        ("<!--<a href=b data-consent=video>", "<!--<a href=b data-consent=video>"),
        ("<!--<b<i><img data-consent<u src=a>", "<!--<b<i><img data-consent<u src=a>"),
        ("<!--<b title=<img src=a data-consent=video>", "<!--<b title=<img data-src=a data-consent=video>"),
        ("<!--a < b && c <= d --> < data-consent src=a", "<!--a < b && c <= d --> < data-consent src=a"),
    ];
    for (html, expected) in cases {
        assert_eq!(recheck(html), expected);
    }
}

/// Pieces of pages, put together in any order.
const PIECES: &[&str] = &[
    "<!doctype html>",
    "<html lang=de>",
    "<head>",
    "</head>",
    "<body class='a>b'>",
    "</body>",
    "</html>",
    "<!-- <body> -->",
    "<script type=text/plain data-consent=functionality>'</body>'</script>",
    "<script data-consent=video src=/a></script>",
    "<iframe data-consent=video data-src=//video.example/1></iframe>",
    "<img data-consent=functionality src=/a srcset='/b 2x'>",
    "<template>",
    "</template>",
    "<a data-consent-action=settings>",
    "</a>",
    "<title>",
    "</title>",
    "<textarea>",
    "</textarea>",
    "<svg>",
    "</svg>",
    "<noscript>",
    "</noscript>",
    "<select>",
    "</select>",
    "<style>",
    "</style>",
    "text \u{FC}",
    "<",
    "&amp;",
    "<p>",
    "</p>",
    "<base href=/x>",
    "<section id=consent-banner>",
    "</section>",
    "<meta charset=utf-8>",
    "\n",
    "<?xml ?>",
    "</",
    "<![CDATA[",
    "]]>",
    "<x-y data-consent>",
];

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn how_a_page_is_cut_changes_nothing(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        cookies in prop::sample::select(&[UNDECIDED, GRANTED, PREFERENCES][..]),
        declared: bool,
        document in prop::sample::select(&[Document::Certain, Document::IfDoctype, Document::Frame, Document::Fragment][..]),
    ) {
        let html = pieces.concat();
        let charset = is_rewritable(&head(if declared { "text/html; charset=utf-8" } else { "text/html" })).unwrap();
        let page = GatePage { document, charset, ..page(cookies) };
        let (whole, reports) = stream(page.clone(), [html.as_bytes()]);
        let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(html.len() + 1)).collect();
        cuts.push(0);
        cuts.push(html.len());
        cuts.sort_unstable();
        let cut = cuts.windows(2).map(|at| &html.as_bytes()[at[0]..at[1]]);
        let (out, cut_reports) = stream(page.clone(), cut);
        prop_assert_eq!(String::from_utf8_lossy(&out), String::from_utf8_lossy(&whole));
        prop_assert_eq!(cut_reports, reports);
        let bytes = stream(page, html.as_bytes().chunks(1)).0;
        prop_assert_eq!(String::from_utf8_lossy(&bytes), String::from_utf8_lossy(&whole));
    }

    #[test]
    fn only_what_is_gated_changes(pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24)) {
        let html = pieces.concat();
        prop_assume!(!html.contains("data-consent="));
        let out = rewritten(GatePage { document: Document::Fragment, ..page(UNDECIDED) }, &html);
        prop_assert_eq!(out, html);
    }

    #[test]
    fn any_bytes_pass(bytes in prop::collection::vec(any::<u8>(), 0..200), size in 1_usize..20) {
        let page = GatePage { document: Document::Fragment, ..page(UNDECIDED) };
        prop_assert_eq!(stream(page, bytes.chunks(size)).0, bytes);
    }
}

#[test]
fn nothing_follows_what_a_page_leaves_unfinished() {
    let unfinished = [
        "<img data-consent=functionality src=https://t.example/x ",
        "<img data-consent=functionality src=https://t.example/x",
        "<img data-consent=functionality src='https://t.example/x",
        "<img data-consent=functionality src=",
        "<img data-consent=functionality src",
        "<img data-consent=functionality/",
        "<img",
        "<i",
        "<consent-end ",
        "<consent-end",
        "</body ",
        "</body",
        "</",
        "<!--",
        "<!-- a",
        "<!-- a --",
        "<!-",
        "<!doctype",
        "<!x",
        "<?php",
        "</ ",
        "<script>",
        "<script>a</scr",
        "<script>a</script",
        "<script><!--<script></script>",
        "<style>a{}",
        "<title>a",
        "<textarea>a</textarea",
        "<xmp>",
        "<iframe>",
        "<noembed>",
        "<noframes>",
        "<plaintext></plaintext>",
        "<noscript>",
        "<noscript>a</noscript",
        "<svg><![CDATA[",
        "<svg><![CDATA[ ]]",
        "<template ",
        "<base href=//x ",
        "<section id=consent-banner ",
        "<a data-consent-action=settings ",
    ];
    for cookies in [UNDECIDED, GRANTED] {
        for (before, expected) in [
            ("<!doctype html><body><p>a", "<!doctype html>[head]<body>[banner]<p>a"),
            ("<!doctype html><p>a", "<!doctype html>[head]<p>a"),
        ] {
            let expected =
                if cookies == GRANTED { expected.replace("[banner]", "") } else { expected.to_owned() };
            for tail in unfinished {
                let html = format!("{before}{tail}");
                assert_eq!(shown(page(cookies), &html), format!("{expected}{tail}"));
                let bytes = stream(page(cookies), html.as_bytes().chunks(1)).0;
                assert_eq!(String::from_utf8(bytes).unwrap(), rewritten(page(cookies), &html));
            }
        }
    }
    for tail in ["<!-- a", "<!doctype", "<!doctype html", "<html", "<html lang='", "<head ", "</", "<m"] {
        let page = page(UNDECIDED);
        assert_eq!(rewritten(page, tail), tail, "nothing stands before the place for our tags");
    }
    for tail in ["", "a", "a<", "&am", "<![CDATA[ a ]]>", "<svg>", "<select>", "<noscript></noscript>"] {
        let shown = shown(page(GRANTED), &format!("<!doctype html><body><p>{tail}"));
        assert!(shown.ends_with("[link]"), "{shown}");
    }
    let without_scripts = "<!doctype html><body><noscript><img data-consent=functionality src=x ";
    let shown = shown(page(UNDECIDED), without_scripts);
    assert_eq!(
        shown,
        "<!doctype html>[head]<body>[banner]<noscript><img data-consent=functionality data-src=x "
    );
}

/// How much is done for a page: bytes and elements that the rewriter and the recheck looked at.
fn work(html: &str) -> usize {
    let page = GatePage { document: Document::Certain, ..page(UNDECIDED) };
    let mut gate = Gate::new(page).unwrap();
    for piece in html.as_bytes().chunks(16 * 1024) {
        let _ = gate.write(Bytes::copy_from_slice(piece));
    }
    let _ = gate.finish();
    gate.work()
}

#[test]
fn the_work_for_a_page_grows_no_faster_than_the_page() {
    let gated = "<i data-consent></i>";
    let repeated = [
        ("<noscript>", gated, ""),
        ("<noscript>", gated, "</noscript>"),
        ("<noscript></noscript>", "", gated),
        ("<noscript><i data-consent>", "", "</noscript>"),
        ("<noscript><noscript><select><svg>", gated, ""),
        ("<template>", gated, "</template>"),
        ("<template>", gated, ""),
        ("<select>", gated, "</select>"),
        ("<select><style>", gated, ""),
        ("<svg>", gated, "</svg>"),
        ("<svg><desc>", gated, "</desc></svg>"),
        ("<math><mi>", gated, "</mi></math>"),
        ("<body>", gated, "</body>"),
        ("<section id=consent-banner>", gated, "</section>"),
        ("<frameset>", gated, ""),
        ("<div>", gated, "</div>"),
        ("<div>", "", "</b>"),
        ("<i data-consent>", "", "</i>"),
        ("<a title='<math><img data-consent src=", gated, "'>"),
        ("<math><a", gated, ""),
        ("<math><a ", gated, ">"),
        ("<math><img src=a \"", gated, "'"),
        ("<math a=\"<img data-consent src='", gated, ""),
        ("<a b='<a b=\"<math ", gated, "\"'>"),
        ("<!--", gated, "-->"),
        ("<iframe data-consent=video src=/a>", "", "</iframe>"),
        ("<base href=/a>", gated, ""),
        ("<base href=//evil.example>", "", "<img src=a>"),
        ("<img src=https://evil.example/a>", "", ""),
        ("<iframe src=https://video.example/a></iframe>", "", ""),
        ("<img srcset='//evil.example 1x, //evil.example 2x'>", "", ""),
        ("<a><iframe src=https://video.example/a>", "", "</iframe></a>"),
        ("<noscript><img src=//evil.example>", "", "</noscript>"),
        ("<math><img src=//evil.example>", "", ""),
        ("<math><a b='<img src=//evil.example>", "", "'>"),
        ("<math><img src=//evil.example ", "", ">"),
        ("<", gated, ""),
        ("&lt", gated, ""),
    ];
    for (open, middle, close) in repeated {
        let sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048];
        for count in sizes {
            let html = format!("<!doctype html><body>{}{middle}{}", open.repeat(count), close.repeat(count));
            let bound = 64 * html.len() + 4096;
            let work = work(&html);
            assert!(work <= bound, "{work} for {} bytes of {count} times {open} and {close}", html.len());
        }
    }
    for count in [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024, 2048] {
        for attribute in [" a", " src=x", " data-src=/", " data-consent=video", " type=a", "/"] {
            let attributes = attribute.repeat(count);
            for html in [
                format!("<!doctype html><body><img data-consent=video{attributes}>"),
                format!("<!doctype html><math></math><script data-consent=video{attributes}></script>"),
                format!("<!doctype html><body><p{attributes}>"),
            ] {
                assert!(work(&html) <= 64 * html.len() + 4096, "{count} times {attribute}");
            }
        }
    }
}
