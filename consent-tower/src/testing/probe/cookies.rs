use super::{FindingKind, Run, Seen, lines};
use crate::testing::{Answer, SetCookies, TestRequest};
use consent_core::consent::{Choices, CookieName, RESERVED_NAMES, Source};
use consent_core::cookies::SetCookie;
use consent_core::engine::Carried;
use consent_core::engine::{ReadConsent, read_consent};
use consent_core::verdict::{RequestFacts, judge};
use consent_core::{Consent, Policy, Reason, Verdict};
use http::Method;
use http::header::SET_COOKIE;

impl<S, B> Run<'_, S, B> {
    /// Judges every `Set-Cookie` header of a response as the layer would. If the layer did not see the
    /// response, only cookies that no consent covers are reported.
    pub(super) fn look_at_cookies(&mut self, seen: &Seen<'_>, covered: bool) {
        let Seen { request, label, visitor, consent, answer } = seen;
        if answer.trailers().contains_key(SET_COOKIE) {
            let detail = "the trailers contain Set-Cookie, which the layer does not judge";
            self.report.add(FindingKind::CookieInTrailers, label, visitor, detail);
        }
        let carried = Carried::from_lines(&self.probe.policy, lines(request.headers(), "cookie"));
        let facts =
            RequestFacts::new(request.method().as_str(), request.path(), self.now).with_carried(carried);
        for line in answer.cookie_lines() {
            let judged = judge(line, consent, &facts);
            let name = String::from_utf8_lossy(judged.name).into_owned();
            let found = match judged.verdict {
                Verdict::Drop(Reason::Reserved) => self.judge_consent_cookie(line, seen),
                Verdict::Drop(reason) => {
                    Some((kind_of(reason), format!("the response sets {name}: {reason}")))
                }
                Verdict::Amend { line: amended, .. } if amended == line => None,
                Verdict::Amend { amendment, .. } => {
                    let kind = FindingKind::OtherThanDeclared;
                    Some((kind, format!("the response sets {name} otherwise than declared: {amendment}")))
                }
                _ => None,
            };
            let told = found.filter(|(kind, _)| covered || *kind == FindingKind::Undeclared);
            if let Some((kind, detail)) = told {
                self.report.add(kind, label, visitor, detail);
            }
        }
    }

    /// Judges the consent cookie, which the layer writes for a notice and for a decision.
    fn judge_consent_cookie(&self, line: &[u8], seen: &Seen<'_>) -> Option<(FindingKind, String)> {
        let name = self.probe.cookie_name;
        let told = seen.consent.notified().map(|told| told.set_cookie(name));
        if told.is_some_and(|told| told.as_bytes() == line) {
            return None;
        }
        if kept_choices(line, name, &self.probe.policy).is_none() {
            let detail = "the response sets a consent cookie that the layer did not write";
            return Some((FindingKind::ConsentCookie, detail.into()));
        }
        // A handler may decide for the visitor, but not in response to a safe method.
        is_safe(seen.request).then(|| (FindingKind::DecisionByGet, "the request changes the consent".into()))
    }
}

/// Returns the choices that a `Set-Cookie` header stores, if the layer would write the same header for them.
pub(super) fn kept_choices(line: &[u8], name: CookieName, policy: &Policy) -> Option<Choices> {
    let cookie = SetCookie::parse(line).ok()?;
    let pair = [cookie.name(), b"=", cookie.value()].concat();
    let categories = policy.category_set();
    let choices = match read_consent([&pair[..]], name, categories, policy.revision()) {
        ReadConsent::Read(choices) => choices,
        // The consent is erased.
        _ if cookie.value().is_empty() => Choices::NONE,
        _ => return None,
    };
    (choices.set_cookie(categories, name, policy.reask_days()).as_bytes() == line).then_some(choices)
}

/// Returns the consent after a response whose handler decided for the visitor. The response's own cookies are
/// judged by it.
pub(super) fn decided(
    request: &TestRequest,
    answer: &Answer,
    consent: &Consent,
    name: CookieName,
) -> Option<Consent> {
    if is_safe(request) {
        return None;
    }
    let policy = consent.policy();
    let choices = answer.cookie_lines().find_map(|line| kept_choices(line, name, policy))?;
    Some(Consent::from_choices(policy, choices, Source::Decided, consent.circumstances()))
}

/// Returns `true` if a link or an image on another site can send the request.
fn is_safe(request: &TestRequest) -> bool {
    matches!(*request.method(), Method::GET | Method::HEAD)
}

/// Returns `true` if a response sets or deletes either of the consent cookie's names.
pub(super) fn writes_consent(cookies: &SetCookies<'_>) -> bool {
    RESERVED_NAMES.iter().any(|name| cookies.stores(name) || cookies.deletes(name))
}

/// Returns the kind of finding for a cookie with this verdict.
fn kind_of(reason: Reason) -> FindingKind {
    match reason {
        Reason::Undeclared | Reason::Nameless | Reason::Malformed | Reason::TooLarge => {
            FindingKind::Undeclared
        }
        Reason::NotRequested | Reason::ValueNotDeclared | Reason::ScopeWiderThanDeclared => {
            FindingKind::OtherThanDeclared
        }
        _ => FindingKind::NotConsented,
    }
}
