use super::{FindingKind, ProbeReport, lines};
use crate::response::cache_control::make_private;
use crate::testing::Answer;
use consent_core::Consent;
use consent_core::cookies::SetCookie;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, DATE, SET_COOKIE, TRANSFER_ENCODING, VARY};
use http::{HeaderMap, HeaderName};

/// Compares the responses to one request by the state of consent. `again` is the first visitor's response to
/// the same request. Parts that differ between these two, such as a token or the time, are ignored.
pub(super) fn visitors(
    answers: &[(&str, &Consent, &Answer)],
    again: &Answer,
    label: &str,
    report: &mut ProbeReport,
) {
    let Some((_, _, first)) = answers.first() else { return };
    let aspects: Vec<fn(&Answer) -> Vec<u8>> =
        vec![status, names, body, |answer| answer.header("content-type").into_bytes(), |answer| {
            answer.header("location").into_bytes()
        }];
    let stable: Vec<_> = aspects.into_iter().filter(|aspect| aspect(first) == aspect(again)).collect();
    let differ = |one: &Answer, other: &Answer| stable.iter().any(|aspect| aspect(one) != aspect(other));
    let by_state = answers.iter().any(|(_, _, answer)| differ(first, answer));
    let sets = answers.iter().any(|(_, _, answer)| answer.headers().contains_key(SET_COOKIE));
    if !by_state && !sets {
        return;
    }
    let by_signal = answers.iter().any(|(_, consent, answer)| {
        consent.circumstances().gpc
            && answers.iter().any(|(_, other, unsignalled)| {
                !other.circumstances().gpc
                    && other.choices() == consent.choices()
                    && differ(answer, unsignalled)
            })
    });
    let why = if by_state { "the response depends on the consent" } else { "the response sets cookies" };
    for (visitor, _, answer) in answers {
        let headers = answer.headers();
        if let Some(header) = shared_by(headers) {
            let detail = format!("{why}, but shared caches may store it: {header}");
            report.add(FindingKind::Cacheable, label, visitor, detail);
        }
        if has_directive(headers, "no-store") {
            continue;
        }
        let needed = [("Cookie", true), ("Sec-GPC", by_signal)];
        for (name, _) in needed.into_iter().filter(|(name, needed)| *needed && !varies_on(headers, name)) {
            report.add(
                FindingKind::VaryMissing,
                label,
                visitor,
                format!("{why}, but Vary does not list {name}"),
            );
        }
    }
}

/// Compares `HEAD` with two responses to `GET`. Parts that differ between these two are ignored.
pub(super) fn head(
    get: &Answer,
    again: &Answer,
    head: &Answer,
    label: &str,
    visitor: &str,
    report: &mut ProbeReport,
) {
    let mut add = |detail: String| report.add(FindingKind::HeadDiffers, label, visitor, detail);
    if get.status() == again.status() && head.status() != get.status() {
        add(format!("the status is {} instead of {}", head.status().as_u16(), get.status().as_u16()));
        return;
    }
    if names(get) == names(again) && names(head) != names(get) {
        add("the response sets other cookies".into());
    }
    let mut header_names: Vec<_> = get.headers().keys().chain(head.headers().keys()).collect();
    header_names.sort_by_key(|name| name.as_str());
    header_names.dedup();
    for name in header_names {
        // These headers describe the transfer of a body, or its time.
        if [SET_COOKIE, CONTENT_LENGTH, TRANSFER_ENCODING, DATE].contains(name) {
            continue;
        }
        let all = |answer: &Answer| said(answer, name);
        if all(get) == all(again) && all(head) != all(get) {
            add(format!("{name} is {:?} instead of {:?}", all(head), all(get)));
        }
    }
}

/// Returns the value of a header as one list, without `Accept-Encoding`: compression layers know only from a
/// body if they can compress it, and leave `HEAD` alone.
fn said(answer: &Answer, name: &HeaderName) -> String {
    let all = answer.header(name.as_str());
    if *name != VARY {
        return all;
    }
    let names = all.split(',').map(str::trim).filter(|name| !name.eq_ignore_ascii_case("accept-encoding"));
    names.collect::<Vec<_>>().join(", ")
}

fn status(answer: &Answer) -> Vec<u8> {
    answer.status().as_str().into()
}

/// Returns the names of the cookies that a response sets or deletes. Values may be tokens.
fn names(answer: &Answer) -> Vec<u8> {
    let names = answer.cookie_lines().map(|line| SetCookie::parse(line).map_or(line, |cookie| cookie.name()));
    let mut names: Vec<&[u8]> = names.collect();
    names.sort_unstable();
    names.join(&b';')
}

fn body(answer: &Answer) -> Vec<u8> {
    answer.body().to_vec()
}

/// Returns the header that lets shared caches store a response, or `None` if none does.
fn shared_by(headers: &HeaderMap) -> Option<String> {
    if !has_directive(headers, "private") && !has_directive(headers, "no-store") {
        let said: Vec<_> = lines(headers, "cache-control").map(String::from_utf8_lossy).collect();
        return Some(if said.is_empty() {
            "there is no Cache-Control".into()
        } else {
            format!("Cache-Control: {}", said.join(", "))
        });
    }
    // A header that the layer would still change addresses an upstream cache.
    let mut closed = headers.clone();
    make_private(&mut closed);
    let open = headers.iter().find(|(name, line)| {
        **name != CACHE_CONTROL
            && closed.get(*name) != Some(*line)
            && !closed.get_all(*name).iter().any(|closed| closed == *line)
    });
    open.map(|(name, line)| format!("{name}: {}", String::from_utf8_lossy(line.as_bytes())))
}

fn has_directive(headers: &HeaderMap, directive: &str) -> bool {
    words(headers, "cache-control").any(|word| word.eq_ignore_ascii_case(directive.as_bytes()))
}

fn varies_on(headers: &HeaderMap, name: &str) -> bool {
    words(headers, "vary").any(|word| word == b"*" || word.eq_ignore_ascii_case(name.as_bytes()))
}

fn words<'a>(headers: &'a HeaderMap, name: &'static str) -> impl Iterator<Item = &'a [u8]> {
    lines(headers, name).flat_map(|line| line.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
}
