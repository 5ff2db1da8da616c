use super::{HeaderOutcome, MemberOutcome, StoringHeader, judge_header, judge_worker};
use crate::consent::{Action, Circumstances, Consent, Decision};
use crate::policy::{Category, Kind, Policy};
use crate::reason::Reason;
use crate::verdict::{RequestFacts, Verdict};
use proptest::prelude::*;
use std::string::String;
use std::sync::LazyLock;
use std::vec::Vec;
use time::UtcDateTime;

static POLICY: LazyLock<Policy> = LazyLock::new(|| {
    let tables = [
        ("client-hint", "Sec-CH-UA-Model", ""),
        ("client-hint", "Sec-CH-Prefers-*", "exempt = \"user-input\""),
        ("dictionary", "/app/*", ""),
        ("network-report", "errors", "exempt = \"security\""),
        ("network-report", "usage", ""),
        ("service-worker", "/worker.js", ""),
        ("login-status", "Set-Login", "exempt = \"sign-in\""),
    ];
    let tables = tables.map(|(kind, name, more)| {
        std::format!(
            "[[storage]]\nname = \"{name}\"\nkind = \"{kind}\"\ncategory = \"functionality\"\npurpose.en = \"For it.\"\n\
             lifetime = \"1d\"\nprovider = \"first-party\"\n{more}\n"
        )
    });
    let services = [
        ("video", "category = \"functionality\"", "video.example"),
        ("fonts", "exempt = \"transmission\"", "fonts.example"),
    ];
    let services = services.map(|(id, basis, host)| {
        std::format!(
            "[[services]]\nid = \"{id}\"\nlabel.en = \"{id}\"\n{basis}\npurpose.en = \"For it.\"\n\
             provider = \"Example Ltd.\"\norigins = [\"https://{host}\"]\n"
        )
    });
    let founding = include_str!("../../../policies/founding.toml");
    let document = [founding, &tables.concat(), &services.concat()].concat();
    Policy::from_toml(&document).unwrap_or_else(|error| panic!("{error}"))
});

fn consent(granted: bool) -> Consent {
    let undecided = Consent::undecided(&POLICY, Circumstances::new(UtcDateTime::UNIX_EPOCH.date()));
    if granted { undecided.decide(&Decision::new(Action::Accept)) } else { undecided }
}

/// Returns the rest of a line, and each verdict other than to keep.
fn judged(header: &str, line: &[u8], granted: bool) -> (Option<Vec<u8>>, Vec<(String, &'static str)>) {
    let header = StoringHeader::from_name(header).expect("a header that stores");
    let consent = consent(granted);
    let request = RequestFacts::new("GET", "/worker.js", UtcDateTime::UNIX_EPOCH);
    let mut verdicts = Vec::new();
    let left = judge_header(header, line, &consent, &request, |member| {
        assert_eq!(member.kind, header.kind());
        let word = match &member.verdict {
            Verdict::Keep => None,
            Verdict::Amend { amendment, .. } => Some(amendment.as_str()),
            Verdict::Drop(reason) => Some(reason.as_str()),
        };
        verdicts.extend(word.map(|word| (String::from_utf8_lossy(&member.name).into_owned(), word)));
        MemberOutcome::AsJudged
    });
    let left = match left {
        HeaderOutcome::Unchanged => Some(line.to_vec()),
        HeaderOutcome::Replaced(part) => Some(part),
        HeaderOutcome::Removed => None,
    };
    (left, verdicts)
}

#[track_caller]
fn assert_left(header: &str, granted: bool, cases: &[(&str, Option<&str>)]) {
    for (line, expected) in cases {
        let (left, _) = judged(header, line.as_bytes(), granted);
        let left = left.map(|left| String::from_utf8(left).unwrap());
        assert_eq!(left.as_deref(), *expected, "{header}: {line}");
    }
}

#[test]
fn client_hints_are_judged_one_by_one_and_the_rest_stays_as_it_was() {
    for header in ["accept-ch", "critical-ch"] {
        let cases = [
            ("Sec-CH-UA-Model", Some("Sec-CH-UA-Model")),
            ("sec-ch-ua-model", Some("sec-ch-ua-model")),
            ("Device-Memory,  Sec-CH-UA-Model ,DPR", Some("Sec-CH-UA-Model ")),
            ("Sec-CH-UA-Model;a=\"x,y\", DPR", Some("Sec-CH-UA-Model;a=\"x,y\"")),
            (
                "Sec-CH-Prefers-Color-Scheme , Sec-CH-UA-Model",
                Some("Sec-CH-Prefers-Color-Scheme , Sec-CH-UA-Model"),
            ),
            ("Sec-CH-UA-Model, Sec-CH-UA-Model-Full", Some("Sec-CH-UA-Model")),
            ("", Some("")),
            ("DPR", None),
            ("\"Sec-CH-UA-Model, DPR", None),
            ("Sec CH", None),
        ];
        assert_left(header, true, &cases);
        let cases = [
            ("Sec-CH-UA-Model, Sec-CH-Prefers-Color-Scheme", Some("Sec-CH-Prefers-Color-Scheme")),
            ("DPR", None),
            // The browser forgets hints that were granted before.
            ("DPR, Sec-CH-UA-Model", (header == "accept-ch").then_some("")),
        ];
        assert_left(header, false, &cases);
    }
    let (_, verdicts) = judged("accept-ch", b"DPR, Sec-CH-UA-Model, \"x\"", false);
    let named = |name: &str, reason: Reason| (String::from(name), reason.as_str());
    assert_eq!(
        verdicts,
        [
            named("DPR", Reason::Undeclared),
            named("Sec-CH-UA-Model", Reason::Undecided),
            named("Accept-CH", Reason::Malformed)
        ]
    );
}

#[test]
fn a_dictionary_is_known_by_what_it_matches() {
    let allowed = "match=\"/app/*/main.js\", match-dest=(\"script\" \"x,match=\"), id=\"a\\\"b\"";
    assert_left(
        "use-as-dictionary",
        true,
        &[
            (allowed, Some(allowed)),
            ("match=\"\\/app/*\"", Some("match=\"\\/app/*\"")),
            ("match=\"/app/*\", match=\"/other/*\"", None),
            ("match=\"/other/*\"", None),
            ("id=\"match=/app/*\"", None),
            ("match=/app/*", None),
            ("match", None),
        ],
    );
    assert_left("use-as-dictionary", false, &[(allowed, None)]);
}

#[test]
fn reports_are_known_by_their_group() {
    let both = "{\"group\":\"errors\",\"max_age\":60,\"endpoints\":[{\"url\":\"https://a.example/,}\"}]}, {\"group\": \"usage\", \"max_age\": 60}";
    let errors = both.split(", {\"group\": \"usage\"").next();
    assert_left(
        "report-to",
        true,
        &[(both, Some(both)), ("{\"max_age\":60}", None), ("{\"group\":\"other\"}", None)],
    );
    assert_left(
        "report-to",
        false,
        &[
            (both, errors),
            ("{\"group\":\"usage\",\"max_age\":0}", Some("{\"group\":\"usage\",\"max_age\":0}")),
            ("{\"group\":\"us\\u0061ge\",\"max_age\":0}", None),
            ("{\"max_age\":0,\"group\":\"usage\",\"max_age\":60}", None),
            ("{\"max_age\":0,\"group\":\"errors\",\"group\":\"usage\"}", None),
            ("{\"group\":\"errors\"", None),
            ("[]", None),
        ],
    );
    let nel =
        "{\"report_to\":\"errors\",\"max_age\":2592000,\"include_subdomains\":true,\"failure_fraction\":0.5}";
    assert_left(
        "nel",
        false,
        &[
            (nel, Some(nel)),
            ("{\"report_to\":\"usage\",\"max_age\":9}", None),
            ("{\"max_age\":0}", Some("{\"max_age\":0}")),
            ("{}", None),
        ],
    );
}

#[test]
fn a_worker_is_known_by_its_path() {
    assert_left("service-worker-allowed", true, &[("/", Some("/"))]);
    assert_left("service-worker-allowed", false, &[("/", None)]);
    assert_eq!(judge_worker("/worker.js", &consent(true)).verdict, Verdict::Keep);
    assert_eq!(judge_worker("/worker.js", &consent(false)).verdict, Verdict::Drop(Reason::Undecided));
    assert_eq!(judge_worker("/other.js", &consent(true)).verdict, Verdict::Drop(Reason::Undeclared));
}

#[test]
fn a_sign_in_status_is_declared_as_a_whole() {
    assert_left("set-login", false, &[("logged-in", Some("logged-in"))]);
}

#[test]
fn a_declaration_with_the_name_of_the_header_means_all_of_it() {
    let document = POLICY_WITH_NEL.replace("NAME", "NEL");
    let policy = Policy::from_toml(&document).unwrap();
    let consent = Consent::undecided(&policy, Circumstances::new(UtcDateTime::UNIX_EPOCH.date()));
    let request = RequestFacts::new("GET", "/", UtcDateTime::UNIX_EPOCH);
    let left = |header| {
        judge_header(header, b"{\"report_to\":\"any\",\"max_age\":9}", &consent, &request, |_| {
            MemberOutcome::AsJudged
        })
    };
    assert_eq!(left(StoringHeader::Nel), HeaderOutcome::Unchanged);
    assert_eq!(left(StoringHeader::ReportTo), HeaderOutcome::Removed);
}

const POLICY_WITH_NEL: &str = concat!(
    include_str!("../../../policies/founding.toml"),
    "[[storage]]\nname = \"NAME\"\nkind = \"network-report\"\ncategory = \"functionality\"\nexempt = \"security\"\n\
     purpose.en = \"For it.\"\nlifetime = \"1d\"\nprovider = \"first-party\"\n"
);

#[test]
fn links_to_gated_origins_go() {
    let cases = [
        ("<https://video.example/a.js>; rel=preload; as=script", None),
        ("<https://VIDEO.example:443>; rel=\"x PreConnect\"", None),
        ("<//video.example>; title=\"a,b;rel=next\"; rel=dns-prefetch", None),
        (
            "<https://video.example/a,b>; rel=modulepreload, </own.css>; rel=preload",
            Some("</own.css>; rel=preload"),
        ),
        (
            "</a>; rel=next, <https://video.example/>; rel=prefetch, </b>; rel=preload",
            Some("</a>; rel=next, </b>; rel=preload"),
        ),
        ("<https://video.example/>; rel=canonical", Some("<https://video.example/>; rel=canonical")),
        // Browsers disagree on which of two counts.
        ("<https://video.example/>; rel=next; rel=preload", None),
        ("<https://video.example/>", Some("<https://video.example/>")),
        ("<https://cdn.example/>; rel=preload", Some("<https://cdn.example/>; rel=preload")),
        ("<https://fonts.example/>; rel=preconnect", Some("<https://fonts.example/>; rel=preconnect")),
        (
            "<https://a.example/\">; rel=next, <https://video.example>; rel=preconnect",
            Some("<https://a.example/\">; rel=next"),
        ),
        ("no link at all", Some("no link at all")),
        (
            "</own.png>; rel=preload; as=image; imagesrcset=\"/own.png 1x, https://video.example/2x.png 2x\"",
            None,
        ),
        ("<>; rel=preload; as=image; ImageSrcSet=//video.example/a.png", None),
        ("</a>; title=\"x, <https://video.example/>; rel=preload", None),
    ];
    assert_left("link", false, &cases);
    for (line, _) in cases {
        assert_left("link", true, &[(line, Some(line))]);
    }
}

#[test]
fn links_that_cannot_be_read_clearly_go() {
    let unclear = [
        "<https:video.example/a>; rel=preload",
        "<https:/video.example/a>; rel=preload",
        "<https://%76ideo.example/a>; rel=preload",
        "<https://video\u{3002}example/a>; rel=preload",
        "<https://video.example/a; rel=preload",
        "x <https://video.example/a>; rel=preload",
        "</own.png>; rel=preload; imagesrcset=\"https:/video.example/a.png 2x\"",
        "</own.png>; rel=preload; imagesrcset=\"https:\\/\\/%76ideo.example/a.png 2x\"",
    ];
    for line in unclear {
        assert_left("link", false, &[(line, None)]);
        assert_left("link", true, &[(line, None)]);
    }
    // Links that load nothing are kept.
    for line in ["<https:video.example/a>; rel=next", "x <https://video.example/a>", "rel=preload"] {
        assert_left("link", false, &[(line, Some(line))]);
    }
}

#[test]
fn the_decision_is_not_cleared_with_the_rest() {
    assert_left(
        "clear-site-data",
        true,
        &[
            ("\"cache\", \"cookies\", \"storage\"", Some("\"cache\", \"storage\"")),
            ("\"cookies\"", None),
            ("\"cache\"", Some("\"cache\"")),
            ("\"Cookies\"", Some("\"Cookies\"")),
        ],
    );
    let (left, verdicts) = judged("clear-site-data", b"\"*\"", true);
    let left = String::from_utf8(left.unwrap()).unwrap();
    assert!(left.contains("\"storage\"") && !left.contains("cookies") && !left.contains('*'), "{left}");
    assert_eq!(verdicts, [(String::from("Clear-Site-Data"), "cookies-spared")]);
}

#[test]
fn other_headers_store_nothing() {
    for name in [
        "",
        "set-cookie",
        "content-type",
        "reporting-endpoints",
        "etag",
        "accept-charset",
        "refresh",
        "x-nel",
    ] {
        assert_eq!(StoringHeader::from_name(name), None, "{name}");
    }
}

#[test]
fn whether_a_verdict_depends_on_the_visitor() {
    let depends = |header, line: &'static [u8]| {
        let consent = consent(true);
        let request = RequestFacts::new("GET", "/", UtcDateTime::UNIX_EPOCH);
        let mut depends = false;
        judge_header(header, line, &consent, &request, |member| {
            depends |= member.depends_on_consent();
            assert_eq!(member.category(), member.declaration.map(|_| Category::FUNCTIONALITY));
            MemberOutcome::AsJudged
        });
        depends
    };
    assert!(depends(StoringHeader::AcceptCh, b"Sec-CH-UA-Model"));
    assert!(!depends(StoringHeader::AcceptCh, b"Sec-CH-Prefers-Color-Scheme, DPR"));
}

fn headers() -> impl Strategy<Value = &'static str> {
    prop::sample::select(std::vec![
        "accept-ch",
        "critical-ch",
        "use-as-dictionary",
        "nel",
        "report-to",
        "service-worker-allowed",
        "set-login",
        "link",
        "clear-site-data",
    ])
}

fn lines() -> impl Strategy<Value = Vec<u8>> {
    let pieces = prop::sample::select(std::vec![
        &b"Sec-CH-UA-Model"[..],
        b"DPR",
        b",",
        b", ",
        b";",
        b" ",
        b"\"",
        b"\\",
        b"<",
        b">",
        b"{",
        b"}",
        b"[",
        b"]",
        b"(",
        b")",
        b"<https://video.example/>; rel=preload",
        b"match=\"/app/*\"",
        b"match",
        b"=",
        b"\"group\":\"usage\"",
        b"\"group\"",
        b":",
        b"\"max_age\":0",
        b"\"errors\"",
        b"{\"group\":\"errors\"}",
        b"?1",
        b"?0",
        b"\"cookies\"",
        b"\"*\"",
        b"rel",
        b"\xff",
        b"\t",
    ]);
    prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn every_line_is_judged_and_what_is_left_stands(header in headers(), line in lines(), granted: bool) {
        let (left, verdicts) = judged(header, &line, granted);
        prop_assert_eq!(verdicts.is_empty(), left.as_deref() == Some(&line[..]));
        if let Some(left) = left {
            let (again, verdicts) = judged(header, &left, granted);
            prop_assert_eq!((again, verdicts.len()), (Some(left), 0), "what is left is let out");
        }
    }

    #[test]
    fn any_bytes_are_judged(header in headers(), line in prop::collection::vec(any::<u8>(), 0..40)) {
        let _ = judged(header, &line, false);
    }

    #[test]
    fn with_less_consent_never_more(header in headers(), line in lines()) {
        let (less, more) = (judged(header, &line, false).0, judged(header, &line, true).0);
        prop_assert!(less.as_ref().is_none_or(|less| more.as_ref().is_some_and(|more| less.len() <= more.len())));
    }

    #[test]
    fn nothing_leaves_that_was_not_written(line in lines()) {
        if let (Some(left), _) = judged("accept-ch", &line, true) {
            let members = |line: &[u8]| line.split(|byte| *byte == b',').map(|member| member.trim_ascii().to_vec()).collect::<Vec<_>>();
            let written = members(&line);
            prop_assert!(members(&left).iter().all(|member| written.contains(member)));
        }
    }
}

#[test]
fn every_header_of_a_kind_can_be_declared() {
    for name in ["accept-ch", "nel", "set-login", "link"] {
        let header = StoringHeader::from_name(name).unwrap();
        // A link leads to a service, which has a list of its own.
        assert!(Kind::ALL.contains(&header.kind()) || header == StoringHeader::Link);
        assert!(name.starts_with(&header.as_str().to_ascii_lowercase()));
    }
}
