use crate::browser::{is_plain, pair};
use crate::input::{first_lines, header, lines};
use crate::site::{POLICY, VISITORS, ask, decided, get, now, text, undecided};
use consent_core::consent::{Action, Circumstances, CookieName, RESERVED_NAMES};
use consent_core::cookies::SetCookie;
use consent_core::engine::Carried;
use consent_core::policy::{Declaration, Kind, Lifetime, Name};
use consent_core::verdict::{RequestFacts, judge};
use consent_core::{Amendment, Consent, Reason, Verdict};
use http::HeaderValue;
use http::header::{COOKIE, SET_COOKIE};

/// The path of the request, its `Cookie` line, and the `Set-Cookie` lines of the answer.
pub fn set_cookie(data: &[u8]) {
    let ([path, cookies], rest) = first_lines(data);
    let path = str::from_utf8(path).unwrap_or("/");
    let carried = Carried::from_lines(&POLICY, [cookies]);
    let request = RequestFacts::new("GET", path, now()).with_carried(carried);
    let visitors = [undecided(), decided(Action::Refuse), decided(Action::Accept)];
    for line in lines(rest) {
        let kept = visitors.each_ref().map(|consent| is_judged_rightly(line, consent, &request));
        let [undecided, refused, granted] = kept;
        assert!(
            undecided <= granted && refused == undecided,
            "less consent keeps more: {}",
            line.escape_ascii()
        );
    }
    through_the_layer(path, cookies, rest);
}

/// Whether the line is kept.
fn is_judged_rightly(line: &[u8], consent: &Consent, request: &RequestFacts<'_>) -> bool {
    let judged = judge(line, consent, request);
    let shown = line.escape_ascii();
    let (name, value) = pair(line).unwrap_or_default();
    assert_eq!(judged.name.escape_ascii().to_string(), name.escape_ascii().to_string(), "{shown}");
    assert_eq!(line.get(judged.name_range()), Some(name), "{shown}");
    let declared = declared(name);
    let found = judged.declaration.map(|found| &found.name);
    assert_eq!(found, declared.map(|declared| &declared.name), "{shown}");
    let denial = declared.map_or(Some(Reason::Undeclared), |declared| consent.denial_of(declared));
    let storable = !name.is_empty()
        && name.len() + value.len() <= 4096
        && !line.iter().any(|byte| byte.is_ascii_control() && *byte != b'\t');
    let reserved = RESERVED_NAMES.iter().any(|reserved| reserved.as_bytes() == name);
    match judged.verdict {
        Verdict::Keep => {
            assert!(storable && !reserved && denial.is_none(), "kept: {shown}");
            stays_as_declared(line, declared.expect("nothing is kept that is not declared"));
            true
        }
        Verdict::Amend { amendment, line: amended } => {
            assert!(storable && !reserved, "amended: {shown}");
            is_amended_rightly(amendment, name, &amended, denial, consent, request);
            false
        }
        Verdict::Drop(_) => false,
        _ => unreachable!("three verdicts"),
    }
}

/// What the policy says of a cookie: found by looking at all of it. A pattern stands for names that a policy
/// can declare.
fn declared(name: &[u8]) -> Option<&'static Declaration> {
    let cookies = POLICY.storage().iter().filter(|declared| declared.kind == Kind::Cookie);
    let mut found: Vec<_> = cookies.filter(|declared| declared.name.matches(name)).collect();
    found.retain(|declared| is_plain(name) || matches!(declared.name, Name::Exact(_)));
    assert!(found.len() <= 1, "declarations do not overlap");
    found.pop()
}

fn stays_as_declared(line: &[u8], declared: &Declaration) {
    let cookie = SetCookie::parse(line).expect("what is kept can be read");
    let limit = match declared.lifetime {
        Lifetime::Session => 0,
        Lifetime::Seconds(seconds) => i64::from(seconds),
        _ => unreachable!("two kinds"),
    };
    let shown = line.escape_ascii();
    assert!(cookie.max_age().is_none_or(|seconds| seconds <= limit), "too long: {shown}");
    if cookie.max_age().is_none() {
        let left = cookie.expires().map(|date| (date - now()).whole_seconds());
        assert!(left.is_none_or(|left| left <= limit + 60), "too long: {shown}");
    }
    let deletes = cookie.max_age().is_some_and(|seconds| seconds <= 0);
    if let (Some(values), false) = (&declared.values, deletes || cookie.value().is_empty()) {
        assert!(values.iter().any(|known| known.as_bytes() == cookie.value()), "not declared: {shown}");
    }
    assert!(!cookie.is_refused_by_browsers(), "refused by browsers: {shown}");
}

fn is_amended_rightly(
    amendment: Amendment,
    name: &[u8],
    amended: &[u8],
    denial: Option<Reason>,
    consent: &Consent,
    request: &RequestFacts<'_>,
) {
    let shown = amended.escape_ascii();
    assert!(HeaderValue::from_bytes(amended).is_ok(), "{shown}");
    assert_eq!(pair(amended).map(|(name, _)| name), Some(name), "{shown}");
    let cookie = SetCookie::parse(amended).expect("what is written can be read");
    let again = judge(amended, consent, request).verdict;
    if amendment == Amendment::LifetimeCut {
        assert_eq!(denial, None, "{shown}");
        assert_eq!(again, Verdict::Keep, "{shown}");
    } else {
        assert_eq!(amendment, Amendment::DeletionWritten, "{shown}");
        assert_eq!((cookie.value(), cookie.max_age()), (&b""[..], Some(0)), "{shown}");
        assert!(!cookie.is_refused_by_browsers(), "{shown}");
        let stands = match &again {
            Verdict::Keep => denial.is_none(),
            Verdict::Amend { line, .. } => line == amended,
            _ => false,
        };
        assert!(stands, "{shown} becomes {again:?}");
    }
}

/// Of all lines of one answer, those that are kept leave byte for byte, and all in their order.
fn through_the_layer(path: &str, cookies: &[u8], rest: &[u8]) {
    if !path.starts_with('/') || path.starts_with("/consent") || path.starts_with("/.well-known") {
        return;
    }
    let visitor = path.len() % VISITORS.len();
    let Ok(mut request) = get(path, visitor).body(http_body_util::Full::default()) else { return };
    let path = request.uri().path().to_owned();
    if let Some(cookies) = header(cookies) {
        request.headers_mut().append(COOKIE, cookies);
    }
    let all: Vec<_> = request.headers().get_all(COOKIE).iter().map(HeaderValue::as_bytes).collect();
    let circumstances = Circumstances::new(now().date());
    let consent = Consent::from_lines(&POLICY, all.iter().copied(), CookieName::Host, circumstances);
    let carried = Carried::from_lines(&POLICY, all.iter().copied());
    let facts = RequestFacts::new("GET", &path, now()).with_carried(carried);
    let mut answer = text();
    let mut expected = Vec::new();
    for line in lines(rest) {
        let Some(line) = header(line) else { continue };
        match judge(line.as_bytes(), &consent, &facts).verdict {
            Verdict::Keep => expected.push(line.as_bytes().to_vec()),
            Verdict::Amend { line, .. } => expected.push(line),
            _ => {}
        }
        answer.headers_mut().append(SET_COOKIE, line);
    }
    let exchange = ask(request, answer);
    assert_eq!(exchange.lines(SET_COOKIE), expected);
    assert_eq!(exchange.body, b"text");
}
