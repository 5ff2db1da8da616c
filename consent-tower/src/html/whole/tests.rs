use super::super::Gate;
use super::super::eligible::is_rewritable;
use super::super::state::State;
use super::super::tests::{GRANTED, PREFERENCES, REFUSED, UNDECIDED, head, page};
use super::super::{BannerPlacement, Document, GatePage};
use super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{Config, TestRunner};
use std::cell::Cell;

/// The page as it leaves without being streamed, if it can.
fn at_once(page: &GatePage, html: &[u8]) -> Option<Vec<u8>> {
    let shared = Shared::new(State::new(page.clone()));
    let output = rewrite(&shared, &Bytes::copy_from_slice(html))?;
    assert!(!html.is_empty(), "a page without a byte stays one");
    assert!(shared.state().document_ends().is_empty(), "nothing is due any more");
    Some(output.to_vec())
}

/// The page as it leaves streamed, given in pieces that end at these offsets.
fn streamed(page: &GatePage, html: &[u8], cuts: &[Index]) -> Vec<u8> {
    let mut gate = Gate::new(page.clone()).unwrap();
    let mut cuts: Vec<usize> = cuts.iter().map(|cut| cut.index(html.len() + 1)).collect();
    cuts.extend([0, html.len()]);
    cuts.sort_unstable();
    let mut output = Vec::new();
    for range in cuts.windows(2) {
        output.extend_from_slice(&gate.write(Bytes::copy_from_slice(&html[range[0]..range[1]])));
    }
    output.extend_from_slice(&gate.finish());
    assert!(gate.inert().is_empty(), "a page with something gated must be streamed");
    output
}

/// Whether the page leaves without being streamed. If it does, it leaves as it would streamed.
fn passes(page: &GatePage, html: &[u8], cuts: &[Index]) -> bool {
    let Some(output) = at_once(page, html) else { return false };
    let streamed = streamed(page, html, cuts);
    assert!(
        output == streamed,
        "{}\n\nbecomes at once\n\n{}\n\nand streamed\n\n{}",
        html.escape_ascii(),
        output.escape_ascii(),
        streamed.escape_ascii()
    );
    true
}

const DOCUMENTS: [Document; 4] =
    [Document::Certain, Document::IfDoctype, Document::Frame, Document::Fragment];
const VISITORS: [&str; 4] = [UNDECIDED, GRANTED, REFUSED, PREFERENCES];
const TYPES: [&str; 4] = [
    "text/html; charset=utf-8",
    "text/html",
    "text/html; charset=windows-1252",
    "text/html; charset=shift_jis",
];

fn pages() -> impl Strategy<Value = GatePage> {
    let switches = (any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>(), any::<bool>());
    (select(&DOCUMENTS), select(&VISITORS), select(&TYPES), switches).prop_map(
        |(document, cookies, content_type, (guard, inline, banner, asks_german, is_early))| GatePage {
            document,
            charset: is_rewritable(&head(content_type)).unwrap(),
            guard,
            inline,
            banner,
            placement: if is_early { BannerPlacement::Start } else { BannerPlacement::End },
            languages: asks_german.then(|| "de".parse().unwrap()),
            ..page(cookies)
        },
    )
}

/// A page as sites write them, with this many articles.
fn ordinary(articles: usize) -> String {
    let mut html = String::from(
        "<!DOCTYPE html>\n<html lang=\"de\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=viewport content='width=device-width'>\n<title>News &amp; more</title>\n\
         <link rel=\"stylesheet\" href=\"/main.css\"/>\n<style>p > a { color: red } /* <p> */</style>\n\
         <script>if (a < b) { document.write(\"<p></p>\") }</script>\n<script src=\"/main.js\" defer></script>\n\
         </head>\n<body class=\"a>b\" data-x='\"'>\n<!-- <body> is here -- and - there -->\n",
    );
    for number in 0..articles {
        html.push_str(
            "<article id=a1 hidden><h2><a href=/news/1?a=b&amp;n=1>One</a></h2><p title=\"a > b\">Some <em>text</em>, \
             2 < 3 &lt; 4 <br/> and <a href=\"https://other.example/?from=us\" rel='noopener'>a link</a>.\n\
             <img src=\"/i.jpg\" alt=''><svg viewBox=\"0 0 8 8\"><title>An icon</title><path d=\"M0 0L8 8\"/></svg>\
             <form action=/search><select name=in><optgroup label=x><option value=a selected>A<option>B</optgroup>\
             </select><textarea></p></body></textarea><iframe src=\"/map\"></iframe></form></article>\n",
        );
        if number == 1 {
            html.push_str("<section id=contact><p>\u{00FC}ber\u{2026}</section>");
        }
    }
    html.push_str("</body>\n</html>\n");
    html
}

#[test]
fn ordinary_pages_are_not_streamed() {
    let link =
        ordinary(12).replace("</body>\n", "<a DATA-x data-consent-action=settings>Cookies</a></body>\n");
    let pages = [
        ordinary(12),
        link,
        "<!doctype html><title>x</title><p>text".into(),
        "<!doctype html><html><head><title>x</title><body><p>text</body></html>".into(),
        "<!doctype html><html><head></head><body></body></html>".into(),
        "<li>One more".into(),
        "Text".into(),
        "\u{FEFF}<!doctype html><HTML><HEAD></HEAD><BODY></BODY></HTML>".into(),
        "<!doctype html><body data-consent-action=settings>x</body>".into(),
        "<!doctype html><body>x</body><a data-consent-action=settings>".into(),
    ];
    for html in pages {
        for document in DOCUMENTS {
            for cookies in VISITORS {
                for content_type in TYPES {
                    let charset = is_rewritable(&head(content_type)).unwrap();
                    for placement in [BannerPlacement::Start, BannerPlacement::End] {
                        let page = GatePage { placement, document, charset, ..page(cookies) };
                        assert!(passes(&page, html.as_bytes(), &[]), "{document:?} {content_type}: {html}");
                    }
                }
            }
        }
    }
}

#[test]
fn a_form_that_may_be_open_in_front_of_the_banner_is_streamed() {
    let page = |placement| GatePage { placement, ..page(UNDECIDED) };
    for html in ["<form>", "<div><form></div></form>", "<form><form></form>", "<div><form></div>"] {
        let html = format!("<!doctype html><body>{html}</body>");
        assert!(!passes(&page(BannerPlacement::End), html.as_bytes(), &[]), "{html}");
        assert!(passes(&page(BannerPlacement::Start), html.as_bytes(), &[]), "{html}");
    }
}

#[test]
fn what_the_gate_must_look_at_is_streamed() {
    let around = |html: &str| format!("<!doctype html><head><title>x</title></head><body>{html}</body>");
    let pages = [
        around("<img data-consent=functionality data-src=/a>"),
        around("<img DATA-Consent>"),
        around("<div id=consent-banner></div><section id=consent-banner></section>"),
        around("<a data-consent-action=settings data-consent=functionality>"),
        around("<noscript></noscript>"),
        around("<template><p></template>"),
        around("<select><p></select>"),
        around("<select>"),
        around("<option><select></option></select>"),
        around("<g><svg></g></svg>"),
        around("<svg/>"),
        around("<svg><style></style></svg>"),
        around("<svg><title><p></title></svg>"),
        around("<svg><![CDATA[</body>]]></svg>"),
        around("<math></math>"),
        around("<plaintext>"),
        around("<script a=></script>"),
        around("<script><!--<script></script>--></script>"),
        around("<textarea/>"),
        around("<!-- a"),
        around("<!-- a --!>"),
        around("<!-->"),
        around("<!---> <body> -->"),
        around("<?php ?>"),
        around("</ >"),
        around("<p title=\""),
        around("</body><body>"),
        around("</html>"),
        around("") + "<p",
        around("") + "<",
        "<!doctype html><base href=/x><body></body>".into(),
        "<!doctype html><div><body></body>".into(),
        "<!doctype html><frameset><frame></frameset>".into(),
        "<!doctype html><html data-consent-action=settings><head></head><body></body>".into(),
        "<!doctype html>".into(),
        String::new(),
        around(&"<i>".repeat(MAX_ELEMENTS)),
        around(&"text".repeat(MAX_BYTES / 4)),
    ];
    for html in pages {
        let is_whole = at_once(&page(UNDECIDED), html.as_bytes()).is_some();
        assert!(!is_whole, "{}", html.get(..200).unwrap_or(&html));
    }
}

/// What makes it hard to find the places where ours go, and what is easy.
const FRAGMENTS: &[&str] = &[
    "<!doctype html>",
    "<!DOCTYPE html PUBLIC \"a>b\">",
    "<html>",
    "<html lang=de>",
    "<HTML lang='en'>",
    "</html>",
    "<head>",
    "<HEAD x='>'>",
    "</head>",
    "<body>",
    "<body>",
    "<BODY class=\"a>b\">",
    "<body/>",
    "</body>",
    "</body>",
    "</BODY >",
    "</body x=\">\">",
    "<title>",
    "</title>",
    "<title>a</title>",
    "<title></titles></title>",
    "<textarea></body></textarea>",
    "<textarea>",
    "</textarea>",
    "<style>",
    "</style>",
    "<style></p></style>",
    "<script>",
    "</script>",
    "<script>'</body>'</script>",
    "<script><!--</script>",
    "<script><!--<script></script>-->",
    "<script/>",
    "<script a=>",
    "<SCRIPT></Script >",
    "<script></script/>",
    "<script>a<b</script>",
    "<iframe></iframe>",
    "<iframe>",
    "<xmp>",
    "</xmp>",
    "<noembed>",
    "<noframes>",
    "</noframes>",
    "<plaintext>",
    "<noscript>",
    "</noscript>",
    "<noscript><img></noscript>",
    "<template>",
    "</template>",
    "<template><body></template>",
    "<select>",
    "</select>",
    "<select><option>a</select>",
    "<optgroup>",
    "<option>",
    "<select><style></select>",
    "<svg>",
    "</svg>",
    "<svg/>",
    "<svg><title>a</title></svg>",
    "<svg><title></svg>",
    "<svg><g><path/></g></svg>",
    "<svg><p></svg>",
    "<svg></p>",
    "<svg><a></svg>",
    "<title/>",
    "<path>",
    "</g>",
    "<g>",
    "<math>",
    "</math>",
    "<mi>",
    "<![CDATA[",
    "]]>",
    "<![CDATA[ <p> ]]>",
    "<frameset>",
    "</frameset>",
    "<frame>",
    "<base href=/>",
    "<base>",
    "<meta charset=utf-8>",
    "<meta name=a content='b'>",
    "<meta http-equiv=refresh>",
    "<link>",
    "<!--",
    "-->",
    "<!-- a -->",
    "<!-->",
    "<!--->",
    "<!-- <a data-consent=x style=url(a)> -->",
    "<!-- <p -->",
    "<option></option>",
    "<svg></g>",
    "<select></option>",
    "<!-- <body> -->",
    "<!-- a --!>",
    "<!-- a -- b -->",
    "<!----->",
    "<!---->",
    "--",
    "<!",
    "<!x>",
    "<?x>",
    "</>",
    "</ >",
    "<",
    "</",
    "<p",
    "</p",
    "<p ",
    ">",
    "/>",
    "\"",
    "'",
    "=",
    " ",
    "\n",
    "\t",
    "\x0B",
    "\x0C",
    "\0",
    "a",
    "text",
    "&lt;",
    "\u{FEFF}",
    "\u{00FC}",
    "\u{30BD}\u{8868}",
    "<p>",
    "</p>",
    "<br>",
    "<br/>",
    "</br>",
    "<img src=a/>",
    "<a href=/b/>",
    "<a title='a>b'>",
    "<a title=a\"b>",
    "<a title=\"a'b\">",
    "<a =b>",
    "<a a==\"b>\">",
    "<a b=c\"d>\">",
    "<a\"b>",
    "<a b = \"c>\">",
    "<a b='c'd=\"e>\">",
    "<a b/c=\"d>\">",
    "<a b=\n>",
    "<a\x0Bb='>'>",
    "<div>",
    "</div>",
    "<span",
    "<ul><li>a<li>b</ul>",
    "<table><tr><td>a</table>",
    "<form>",
    "</form>",
    "<form><p>a</form>",
    "<div><form>",
    "</div></form>",
    "<button>",
    "<input>",
    "<body\0>",
    "<bodyx>",
    "<x-body>",
    "<p/body>",
    "<a data-consent-action=settings>",
    "<a DATA-CONSENT-ACTION='settings'>",
    "<a data-consent-action=Settings>",
    "<a data-consent-action=x data-consent-action=settings>",
    "<svg data-consent-action=settings>",
    "<g DATA-consent-action=settings>",
    "<option data-consent-action=settings>",
    "<p data-consent-action>",
    "<body data-consent-action=settings>",
    "<section id=consent-banner>",
    "</section>",
    "<section id='consent-banner '>",
    "<SECTION ID=\"consent-banner\">",
    "<section id=CONSENT-BANNER>",
    "<div id=consent-banner>",
    "<img src=/a alt=''>",
    "<IMG SRC='a b'>",
    "<img src=https://evil.example/a>",
    "<img src=https://video.example/a>",
    "<img src=//shop.example/a>",
    "<img src=https://shop.example/a?b&amp;c>",
    "<img src=/\\evil.example>",
    "<img src=\"/\t/evil.example\">",
    "<img src=&#47;/evil.example>",
    "<img src='data:image/png,x'>",
    "<img src=a src=//evil.example>",
    "<img src=//evil.example src=a>",
    "<img\nsrc\n=\n//evil.example>",
    "<img/src=//evil.example/>",
    "<img srcset='/a 1x, /b 2x'>",
    "<img srcset='/a 1x, //evil.example/b 2x'>",
    "<img srcset='/a&#32;1x,//evil.example'>",
    "<img data-src=//evil.example>",
    "<image src=//evil.example>",
    "<input type=image src=//evil.example>",
    "<link rel=stylesheet href=/a>",
    "<link rel=stylesheet href=//evil.example>",
    "<link href=//evil.example REL='x Icon'>",
    "<link href=//evil.example rel=&#105;con>",
    "<link href=//evil.example rel=canonical>",
    "<link href=//evil.example>",
    "<link rel=canonical rel=icon href=//evil.example>",
    "<script src=/a></script>",
    "<script src=//evil.example></script>",
    "<script src=//video.example></script>",
    "<iframe src=//evil.example></iframe>",
    "<iframe title=x src=//video.example></iframe>",
    "<video src=a poster=//evil.example></video>",
    "<object data=//evil.example></object>",
    "<td background=//evil.example>",
    "<p background=//evil.example>",
    "<body background=//evil.example>",
    "<body background=a>",
    "<svg><use href='#a'/></svg>",
    "<svg><use xlink:href=//evil.example#a /></svg>",
    "<svg><image href=//evil.example /></svg>",
];

/// Pages made of fragments, and ordinary pages with a few fragments in them, cut short now and then.
fn html() -> impl Strategy<Value = Vec<u8>> {
    let fragment = || select(FRAGMENTS);
    let made = vec(fragment(), 0..14).prop_map(|fragments| fragments.concat().into_bytes());
    let began = (vec(fragment(), 0..6), vec(fragment(), 0..6)).prop_map(|(head, body)| {
        let (head, body) = (head.concat(), body.concat());
        format!("<!doctype html><html><head>{head}</head><body>{body}</body></html>").into_bytes()
    });
    let short = "<!doctype html><html lang=de><head><meta charset=utf-8><title>x</title><style>a>b</style></head>\
                 <body class='x'><p>text<br><svg><path/></svg><a href=\"/\">a</a></body></html>\n";
    let changed = (vec((any::<Index>(), fragment()), 0..4), any::<Index>(), 0..4_u8);
    let changed = changed.prop_map(move |(changes, end, cut)| {
        let mut html = short.as_bytes().to_vec();
        for (at, fragment) in changes {
            let at = at.index(html.len() + 1);
            html.splice(at..at, fragment.bytes());
        }
        if cut == 0 {
            html.truncate(end.index(html.len() + 1));
        }
        html
    });
    prop_oneof![made, began, changed]
}

#[test]
fn a_page_leaves_at_once_as_it_leaves_streamed() {
    let passed = Cell::new(0);
    let cases = Config::default().cases * 8;
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    let cuts = vec(any::<Index>(), 0..6);
    let result = TestRunner::new(config).run(&(pages(), html(), cuts), |(page, html, cuts)| {
        passed.set(passed.get() + u32::from(passes(&page, &html, &cuts)));
        Ok(())
    });
    result.unwrap();
    assert!(passed.get() > cases / 10, "too few pages leave at once: {} of {cases}", passed.get());
}

#[test]
fn an_ordinary_page_may_hold_anything_anywhere() {
    let page = page(UNDECIDED);
    let html = ordinary(2);
    let mut passed = 0;
    for (number, fragment) in FRAGMENTS.iter().enumerate() {
        for step in 0..4 {
            let mut html = html.clone().into_bytes();
            let at = (step * 977 + number * 131) % html.len();
            html.splice(at..at, fragment.bytes());
            passed += usize::from(passes(&page, &html, &[]));
        }
    }
    assert!(passed > FRAGMENTS.len(), "{passed}");
}

#[test]
fn the_work_for_forms_grows_no_faster_than_the_page() {
    let state = State::new(page(UNDECIDED));
    for (open, close) in
        [("<b>", "</i>"), ("<b>", "</b>"), ("<b></i>", "<form>"), ("<b><form>", "</i>"), ("<b>", "</u></b>")]
    {
        for count in [1, 4, 16, 64, 256, 1024, 4096] {
            let html =
                format!("<!doctype html><body><form>{}{}</form>", open.repeat(count), close.repeat(count));
            let Some(seams) = Look::new(html.as_bytes(), 15, &state).run() else { continue };
            assert!(seams.compared <= html.len(), "{} for {count} times {open} and {close}", seams.compared);
        }
    }
}
