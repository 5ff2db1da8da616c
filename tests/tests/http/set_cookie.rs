//! Verdicts on `Set-Cookie` headers.

use crate::support::*;
use http::StatusCode;

const STATUSES: [u16; 24] = [
    101, 200, 201, 202, 204, 205, 206, 300, 301, 302, 303, 304, 307, 308, 400, 401, 403, 404, 410, 429, 500,
    502, 503, 599,
];

#[tokio::test]
async fn no_cookie_leaves_before_a_decision_whatever_the_status() {
    for status in STATUSES {
        for (state, cookie) in STATES {
            let mut request = empty(visit("/"));
            if let Some(cookie) = cookie {
                request = with_cookies(request, cookie);
            }
            let mut response = setting(&["_ga=1; Max-Age=9999", "theme=dark; Max-Age=99", "sid=stranger"]);
            *response.status_mut() = StatusCode::from_u16(status).unwrap();
            let answer = send(&layer(), request, response).await;
            assert_eq!(answer.status.as_u16(), status);
            let expected: &[&[u8]] = if state == "granting" { &[b"theme=dark; Max-Age=99"] } else { &[] };
            assert_eq!(answer.cookies(), expected, "{state}, {status}");
        }
    }
}

#[tokio::test]
async fn kept_headers_stay_byte_for_byte_and_in_order() {
    let kept: [&[u8]; 6] = [
        b"theme=dark; path=/; MAX-AGE=60;;; unknown ;SameSite=weird",
        b" visit = \xe4\xf6\xfc \"quoted, with comma\" ",
        b"pref_b=1; Expires=Wed, 30 Dec 2026 10:00:00 GMT; Max-Age=60",
        b"theme=light;Secure;HttpOnly;Path=/a,b",
        b"pref_a=; Max-Age=60",
        b"\ttheme\t=\tdark\t; Max-Age=60",
    ];
    let mut lines: Vec<&[u8]> = Vec::new();
    for line in kept {
        lines.push(b"_ga=in-between");
        lines.push(line);
    }
    let answer = send(&layer(), with_cookies(empty(visit("/")), GRANTED), setting_bytes(&lines)).await;
    assert_eq!(answer.cookies(), kept);
    assert_eq!(answer.reasons().len(), kept.len());
}

#[tokio::test]
async fn look_alikes_of_a_granted_name_are_dropped() {
    let lines: &[&[u8]] = &[
        b"\xc2\xa0theme=dark",
        b"theme\xe3\x80\x80=dark",
        b"THEME=dark",
        b"%74heme=dark",
        b"\"theme\"=dark",
        b"=theme=dark",
        b"theme",
        b"=dark",
        b"",
        b";theme=dark",
        b"Path=/; theme=dark",
        b"$Version=1; theme=dark",
        b"\xef\xbb\xbftheme=dark",
        b"th\teme=dark",
        b"theme\t\xff=dark",
        b"pref=1",
        b"PREF_a=1",
    ];
    for line in lines {
        let answer = send(&layer(), with_cookies(empty(visit("/")), GRANTED), setting_bytes(&[line])).await;
        assert!(answer.cookies().is_empty(), "{}", String::from_utf8_lossy(line));
        assert_eq!(answer.reasons().len(), 1, "{}", String::from_utf8_lossy(line));
    }
}

#[tokio::test]
async fn only_the_layer_sets_or_deletes_the_consent_cookie() {
    let lines = [
        "__Host-consent=1-20261123.functionality:g; Path=/; Secure",
        "consent=1-20261123.functionality:g; Path=/",
        "__Host-consent=; Max-Age=0; Path=/; Secure",
        "consent=; Max-Age=0; Path=/",
    ];
    for layer in [layer(), layer().dangerous_allow_http()] {
        for (state, cookie) in STATES {
            for line in lines {
                let request = with_cookies(empty(visit("/")), cookie.unwrap_or("x=1"));
                let answer = send(&layer, request, setting(&[line])).await;
                assert!(answer.cookies().is_empty(), "{line}, {state}");
                assert_eq!(answer.reasons()[0].1, "reserved", "{line}, {state}");
            }
        }
    }
}

#[tokio::test]
async fn each_drop_is_reported_with_its_reason() {
    let lines = [
        ("_ga=1", "undeclared"),
        ("theme=blue", "value-not-declared"),
        ("pref_x=12345678901234567", "value-not-declared"),
        ("theme=dark; Domain=site.example", "scope-wider-than-declared"),
        ("sid=stranger", "not-requested"),
        ("consent=1", "reserved"),
        ("theme", "nameless"),
        ("theme=dark; SameSite=None", "malformed"),
    ];
    for (line, reason) in lines {
        let request = with_cookies(empty(visit("/")), GRANTED);
        let answer = send(&layer(), request, setting(&[line])).await;
        assert!(answer.cookies().is_empty(), "{line}");
        assert_eq!(answer.reasons()[0].1, reason, "{line}");
    }
    let undecided = send(&layer(), empty(visit("/")), setting(&["theme=dark"])).await;
    assert_eq!(undecided.reasons(), [("theme".to_owned(), "undecided")]);
    let refused = send(&layer(), with_cookies(empty(visit("/")), REFUSED), setting(&["theme=dark"])).await;
    assert_eq!(refused.reasons(), [("theme".to_owned(), "refused")]);
}

#[tokio::test]
async fn sign_in_works_in_every_state_and_on_its_route_only() {
    let sid = "sid=c2Vzc2lvbg; HttpOnly; SameSite=Lax; Path=/";
    for (state, cookie) in STATES {
        let visitor = |request| match cookie {
            Some(cookie) => with_cookies(request, cookie),
            None => request,
        };
        let sign_in = http::Request::post("/sign-in").header("host", "site.example");
        let answer = send(&layer(), visitor(empty(sign_in)), setting(&[sid])).await;
        assert_eq!(answer.cookies(), [sid.as_bytes()], "signing in while {state}");

        for (method, path) in
            [("GET", "/sign-in"), ("POST", "/"), ("POST", "/sign-in/x"), ("POST", "/Sign-in")]
        {
            let elsewhere = http::Request::builder().method(method).uri(path);
            let answer = send(&layer(), visitor(empty(elsewhere)), setting(&[sid])).await;
            assert!(answer.cookies().is_empty(), "a session for a stranger at {method} {path} while {state}");
            assert_eq!(answer.reasons(), [("sid".to_owned(), "not-requested")]);
        }

        let renewal = visitor(with_cookies(empty(visit("/")), "sid=b2xk"));
        let answer = send(&layer(), renewal, setting(&[sid])).await;
        assert_eq!(answer.cookies(), [sid.as_bytes()], "renewing while {state}");
    }
}

#[tokio::test]
async fn a_deletion_that_browsers_read_differently_is_rewritten() {
    for line in ["theme=x; Max-Age=0", "_ga=; Expires=Thu, 01 Jan 1970 00:00:00 GMT", "_ga=x; max-age=-1"] {
        let answer = send(&layer(), empty(visit("/")), setting(&[line])).await;
        let name = line.split('=').next().unwrap();
        let written = answer.cookie(name);
        assert!(written.is_deletion(), "{line}: {written:?}");
        assert_eq!(answer.reasons(), [(name.to_owned(), "deletion-written")]);
    }
    // These look like deletions, but store a cookie.
    for line in
        ["theme=dark; Max-Age=0; Max-Age=9", "theme=dark; Max-Age=0; Max-Age=x", "_ga=1; Max-Age=\u{a0}0"]
    {
        let answer = send(&layer(), empty(visit("/")), setting_bytes(&[line.as_bytes()])).await;
        assert!(answer.cookies().is_empty(), "{line}: {:?}", answer.cookies());
    }
}

#[tokio::test]
async fn a_lifetime_is_shortened_to_the_declared_one() {
    let granting = || with_cookies(empty(visit("/")), GRANTED);
    for line in [
        "theme=dark; Max-Age=99999999",
        "theme=dark; Max-Age=5; max-age=99999999",
        "theme=dark; Expires=Fri, 01 Jan 2100 00:00:00 GMT",
    ] {
        let answer = send(&layer(), granting(), setting(&[line])).await;
        let theme = answer.cookie("theme");
        assert_eq!(theme.value, "dark");
        assert_eq!(theme.attribute("max-age"), Some("31536000"), "{line}");
        let ages = answer.cookies()[0].windows(7).filter(|w| w.eq_ignore_ascii_case(b"max-age")).count();
        assert_eq!(ages, 1, "one lifetime: {:?}", answer.header("set-cookie"));
    }
    let answer = send(
        &layer(),
        granting(),
        setting(&["visit=1; Max-Age=60; Path=/x; Expires=Fri, 01 Jan 2100 00:00:00 GMT"]),
    )
    .await;
    let visit = answer.cookie("visit");
    assert_eq!((visit.attribute("max-age"), visit.attribute("expires")), (None, None));
    assert_eq!(visit.attribute("path"), Some("/x"));
    assert_eq!(answer.reasons(), [("visit".to_owned(), "lifetime-cut")]);
}

#[tokio::test]
async fn a_response_that_stores_nothing_is_unchanged() {
    let plain = setting(&[]);
    let headers = plain.headers().clone();
    let request = http::Request::get("/data.json").header("accept", "application/json");
    let answer = send(&layer(), empty(request), plain).await;
    assert_eq!(answer.headers, headers);
    assert_eq!(answer.body, "hello");
    assert!(answer.report.is_none());
}
