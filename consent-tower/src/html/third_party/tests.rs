use super::super::state::{Cause, Inert};
use super::super::tests::{GRANTED, REFUSED, UNDECIDED, page, reports, rewritten};
use super::super::{Document, GatePage, OriginGate};
use consent_core::Reason;

/// Every element that loads by itself, with a mark in place of the address.
const ELEMENTS: [&str; 36] = [
    "<script src=\"@\"></script>",
    "<script type=module src=\"@\" async></script>",
    "<iframe src=\"@\" title=Film></iframe>",
    "<img src=\"@\" alt=x>",
    "<img alt=x srcset=\"@ 1x, /own.png 2x\">",
    "<img alt=x srcset=\"/own.png 1x, @ 2x\">",
    "<image src=\"@\">",
    "<link rel=stylesheet href=\"@\">",
    "<link rel=\"alternate StyleSheet\" href=\"@\">",
    "<link rel=\"style&#115;heet\" href=\"@\">",
    "<link rel=preload as=font href=\"@\">",
    "<link rel=preload as=image imagesrcset=\"@ 1x\">",
    "<link rel=modulepreload href=\"@\">",
    "<link rel=preconnect href=\"@\">",
    "<link rel=dns-prefetch href=\"@\">",
    "<link rel=prefetch href=\"@\">",
    "<link rel=\"shortcut icon\" href=\"@\">",
    "<link rel=apple-touch-icon href=\"@\">",
    "<link rel=manifest href=\"@\">",
    "<video src=\"@\"></video>",
    "<video poster=\"@\"></video>",
    "<audio src=\"@\"></audio>",
    "<video><source src=\"@\"></video>",
    "<picture><source srcset=\"@\"><img src=/own.png></picture>",
    "<video><track src=\"@\"></video>",
    "<embed src=\"@\">",
    "<object data=\"@\"></object>",
    "<input type=image src=\"@\">",
    "<svg><image href=\"@\"/></svg>",
    "<svg><image xlink:href=\"@\"/></svg>",
    "<svg><use href=\"@\"/></svg>",
    "<svg><script href=\"@\"/></svg>",
    "<svg><filter><feImage href=\"@\"/></filter></svg>",
    "<table background=\"@\"><tr><td background=/own.png></table>",
    "<noscript><img src=\"@\"></noscript>",
    "<template><img src=\"@\"></template>",
];

fn fragment(cookies: &str) -> GatePage {
    GatePage { document: Document::Fragment, ..page(cookies) }
}

/// Whether the element that has the address cannot load it.
fn is_inert(html: &str, address: &str) -> bool {
    html.match_indices(address).all(|(at, _)| {
        let tag = &html[html[..at].rfind('<').unwrap()..at];
        tag.contains(" type=\"text/plain\"")
            || html[at..].split('>').next().unwrap().contains(" type=\"text/plain\"")
            || {
                let attribute = tag.rsplit_once('=').unwrap().0;
                attribute.rsplit(char::is_whitespace).next().unwrap().starts_with("data-")
            }
    })
}

#[test]
fn elements_of_undeclared_origins_are_inert_and_reported() {
    for element in ELEMENTS {
        for cookies in [UNDECIDED, GRANTED, REFUSED] {
            let html = element.replace('@', "https://evil.example/x");
            let output = rewritten(fragment(cookies), &html);
            assert!(is_inert(&output, "https://evil.example/x"), "{html}: {output}");
            assert!(output.contains("data-consent=\"\""), "{html}: {output}");
            assert!(!output.contains("consent-placeholder"), "nothing can be allowed: {output}");
            let [Inert { cause: Cause::UndeclaredOrigin, was_live: true, is_marked: false, .. }] =
                reports(fragment(cookies), &html)[..]
            else {
                panic!("{html}")
            };
        }
    }
}

#[test]
fn elements_of_services_that_are_not_allowed_are_inert() {
    for element in ELEMENTS {
        for (cookies, reason) in [(UNDECIDED, Reason::Undecided), (REFUSED, Reason::Refused)] {
            let html = element.replace('@', "https://video.example/x");
            let output = rewritten(fragment(cookies), &html);
            assert!(is_inert(&output, "https://video.example/x"), "{html}: {output}");
            assert!(output.contains("data-consent=\"video\""), "{html}: {output}");
            let inert = reports(fragment(cookies), &html);
            assert!(inert.len() == 1 && inert[0].cause == Cause::Denied(reason), "{html}: {inert:?}");
        }
    }
}

#[test]
fn elements_of_allowed_services_and_of_this_site_are_unchanged() {
    for element in ELEMENTS {
        let unchanged = |cookies, address: &str| {
            let html = element.replace('@', address);
            assert_eq!(rewritten(fragment(cookies), &html), html);
            assert_eq!(reports(fragment(cookies), &html), []);
        };
        for address in
            ["https://video.example/x", "//VIDEO.example:443/x?a=1&amp;b=2", "https:\\\\video.example"]
        {
            unchanged(GRANTED, address);
        }
        for address in [
            "/x",
            "x",
            "",
            "#x",
            "https://shop.example/x",
            "//shop.example",
            "data:,x",
            "blob:x",
            "about:blank",
        ] {
            unchanged(UNDECIDED, address);
        }
    }
}

#[test]
fn what_loads_nothing_by_itself_is_unchanged() {
    for html in [
        "<a href=https://evil.example>x</a>",
        "<map><area href=https://evil.example></map>",
        "<form action=https://evil.example><button formaction=https://evil.example>x</button></form>",
        "<link rel=canonical href=https://evil.example><link rel=alternate href=https://evil.example>",
        "<link href=https://evil.example>",
        "<meta http-equiv=refresh content='0; url=https://evil.example'>",
        "<blockquote cite=https://evil.example>x</blockquote>",
        "<img data-src=https://evil.example>",
        "<script>fetch('https://evil.example')</script>",
        "<!-- <img src=https://evil.example> -->",
        "<textarea><img src=https://evil.example></textarea>",
    ] {
        assert_eq!(rewritten(fragment(UNDECIDED), html), html);
        assert_eq!(reports(fragment(UNDECIDED), html), []);
    }
}

#[test]
fn addresses_are_read_as_browsers_read_them() {
    for address in [
        "//evil.example",
        "\\\\evil.example",
        "/&Tab;/evil.example",
        "&#x2f;/evil.example",
        "https&colon;//evil.example",
        "h\tt\ntps://evil.example",
        " https://evil.example",
        "HTTPS://EVIL.example",
        "https://shop.example@evil.example",
        "https://shop.example.",
        "https://shop.example:8443",
        "https://xn--shop-example",
        "https://sh\u{F6}p.example",
        "http://shop.example",
        "http://video.example",
        "https://video.example.",
        "https://www.video.example",
        "https://[",
    ] {
        let html = format!("<img src='{address}'>");
        let output = rewritten(fragment(GRANTED), &html);
        assert_eq!(output, format!("<img data-consent=\"\" data-src=\"{address}\">"));
    }
    for set in ["/a&#32;1x,//evil.example", "/a 1x&comma;//evil.example 2x", "/a, //evil.example"] {
        let html = format!("<img srcset='{set}'>");
        assert_eq!(
            rewritten(fragment(GRANTED), &html),
            format!("<img data-consent=\"\" data-srcset=\"{set}\">")
        );
        let marked = format!("<img data-consent=video data-srcset='{set}'>");
        assert_eq!(rewritten(fragment(GRANTED), &marked), marked);
    }
}

#[test]
fn only_what_leads_elsewhere_is_taken_from_an_element() {
    assert_eq!(
        rewritten(fragment(UNDECIDED), "<video src=/own.mp4 poster=https://evil.example/p></video>"),
        "<video src=/own.mp4 data-consent=\"\" data-poster=\"https://evil.example/p\"></video>"
    );
    assert_eq!(
        rewritten(
            fragment(UNDECIDED),
            "<img src=https://evil.example/small data-src=https://evil.example/large>"
        ),
        "<img data-src=https://evil.example/large data-consent=\"\">"
    );
    assert_eq!(
        rewritten(fragment(UNDECIDED), "<script type=module src=https://video.example/x></script>"),
        "<script type=\"text/plain\" src=https://video.example/x data-consent=\"video\" data-type=\"module\"></script>"
    );
}

#[test]
fn a_placeholder_names_the_service() {
    for (html, has_placeholder) in [
        ("<iframe src=https://video.example/x></iframe>", true),
        ("<embed src=https://video.example/x>", true),
        ("<object data=https://video.example/x></object>", true),
        ("<video src=https://video.example/x></video>", true),
        ("<img src=https://video.example/x>", false),
        ("<script src=https://video.example/x></script>", false),
        ("<svg><image href=https://video.example/x></svg>", false),
    ] {
        let output = rewritten(page(UNDECIDED), &format!("<!doctype html><body>{html}</body>"));
        assert_eq!(output.contains("<b>Video Ltd.</b>"), has_placeholder, "{output}");
    }
    let titled = "<!doctype html><body><iframe title=Film src=https://video.example/x></iframe></body>";
    assert!(rewritten(page(UNDECIDED), titled).contains("<b>Film</b>"));
    let linked = "<!doctype html><body><a href=/x><video src=https://video.example/x></video></a></body>";
    let output = rewritten(page(UNDECIDED), linked);
    let placeholder = &output[output.find("consent-placeholder").unwrap()..output.find("<video").unwrap()];
    assert!(!placeholder.contains("<a ") && !placeholder.contains("<button"), "{placeholder}");
}

#[test]
fn a_base_counts() {
    let with = |base: &str, cookies| {
        rewritten(
            page(cookies),
            &format!("<!doctype html><head><base href='{base}'></head><body><img src=a></body>"),
        )
    };
    assert!(with("https://evil.example", GRANTED).contains("<img data-consent=\"\" data-src=\"a\">"));
    assert!(with("https://video.example", GRANTED).contains("<img src=a>"));
    assert!(with("https://video.example", REFUSED).contains("<img data-consent=\"video\" data-src=\"a\">"));
    assert!(with("/dir/", REFUSED).contains("<img src=a>"));
    assert!(with("https://shop.example/dir/", REFUSED).contains("<img src=a>"));
    let second = "<base href=/><base href=https://evil.example><img src=a>";
    assert_eq!(rewritten(fragment(UNDECIDED), second), second);
    let first = "<base href=https://evil.example><base href=/><img src=a>";
    assert!(rewritten(fragment(UNDECIDED), first).contains("data-src"));
}

#[test]
fn the_gate_may_only_report() {
    for element in ELEMENTS {
        let html = element.replace('@', "https://evil.example/x");
        let with = |origin_gate| GatePage { origin_gate, ..fragment(UNDECIDED) };
        assert_eq!(rewritten(with(OriginGate::Report), &html), html);
        assert_eq!(reports(with(OriginGate::Report), &html).len(), 1, "{html}");
        assert_eq!(rewritten(with(OriginGate::Off), &html), html);
        assert_eq!(reports(with(OriginGate::Off), &html), []);
    }
}

#[test]
fn a_page_with_ten_thousand_third_parties_is_streamed() {
    let elements =
        ["<img src=https://evil.example/a>", "<iframe src=https://video.example/a></iframe>"].concat();
    let piece = bytes::Bytes::from(elements.repeat(50));
    let mut gate = super::super::Gate::new(page(UNDECIDED)).unwrap();
    let _ = gate.write(bytes::Bytes::from_static(b"<!doctype html><body>"));
    let mut before = gate.work();
    let mut most = 0;
    for _ in 0..100 {
        let output = gate.write(piece.clone());
        assert!(output.len() > piece.len(), "each piece leaves at once");
        most = most.max(gate.work() - before);
        before = gate.work();
    }
    let _ = gate.finish();
    assert!(most < 4 * piece.len(), "{most} for {} bytes", piece.len());
    assert_eq!(gate.inert().len(), 10_000);
}

/// From where browsers disagree on, each tag is looked at by itself.
#[test]
fn doubtful_parts_of_a_page_are_gated_too() {
    for (before, after) in [
        ("<select><div><style></style></div>", "</select>"),
        ("<frameset><div>", "</div>"),
        ("<math><mi>", "</mi></math>"),
        ("<svg><title><b>", "</title></svg>"),
    ] {
        for element in ["<iframe src=\"@\"></iframe>", "<img alt=x src=\"@\">", "<script src=\"@\"></script>"]
        {
            let with = |address: &str, cookies| {
                let html = format!("<!doctype html><body>{before}{}{after}", element.replace('@', address));
                (rewritten(page(cookies), &html), html)
            };
            let (output, html) = with("https://evil.example/x", GRANTED);
            assert!(is_inert_again(&output), "{html}: {output}");
            let (output, html) = with("https://video.example/x", UNDECIDED);
            assert!(is_inert_again(&output), "{html}: {output}");
            for (address, cookies) in [("https://video.example/x", GRANTED), ("/x", UNDECIDED)] {
                let (output, html) = with(address, cookies);
                assert!(output.contains(&element.replace('@', address)), "{html}: {output}");
            }
        }
    }
}

fn is_inert_again(output: &str) -> bool {
    output.contains(" data-src=\"")
        || output.contains(" type=text/plain ")
        || output.contains(" type=\"text/plain\"")
}
