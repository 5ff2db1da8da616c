use super::super::{LinkReader, LinkTarget, RequestFacts, Target, Verdict};
use super::{JudgedMember, StoringHeader, json, list};
use crate::consent::Consent;
use crate::cookies::{token, trim};
use crate::policy::{Declaration, Kind, Name, Policy};
use crate::reason::{Amendment, Reason};
use alloc::borrow::Cow;
use alloc::string::{String, ToString};

/// The replacement of `"*"` in `Clear-Site-Data`: everything except cookies.
const ALL_BUT_COOKIES: &[u8] =
    b"\"cache\", \"clientHints\", \"executionContexts\", \"prefetchCache\", \"prerenderCache\", \"storage\"";

/// One header of a response, with the facts that its verdict depends on.
pub(super) struct Case<'a> {
    header: StoringHeader,
    consent: &'a Consent,
    /// The path of the request.
    path: &'a str,
    links: Option<&'a dyn LinkReader>,
}

impl<'a> Case<'a> {
    pub(super) fn new(header: StoringHeader, consent: &'a Consent, request: &RequestFacts<'a>) -> Self {
        Self { links: request.links(), ..Self::at(header, consent, request.path()) }
    }

    pub(super) fn at(header: StoringHeader, consent: &'a Consent, path: &'a str) -> Self {
        Self { header, consent, path, links: None }
    }

    /// Returns the members of a line. A line of a header without lists is one member.
    pub(super) fn members(&self, line: &'a [u8]) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        list::members(
            line,
            match self.header {
                StoringHeader::AcceptCh | StoringHeader::CriticalCh | StoringHeader::ClearSiteData => {
                    Some(list::Brackets::NONE)
                }
                StoringHeader::Nel | StoringHeader::ReportTo => Some(list::Brackets::OF_JSON),
                StoringHeader::Link => Some(list::Brackets::OF_LINKS),
                _ => None,
            },
        )
    }

    /// Returns the verdict on a member, or `None` if it requests nothing.
    pub(super) fn judge(&self, member: &'a [u8]) -> Option<JudgedMember<'a>> {
        let text = trim(member);
        if text.is_empty() {
            return None;
        }
        match self.header {
            StoringHeader::AcceptCh | StoringHeader::CriticalCh => {
                let hint = token(list::item(text));
                Some(hint.map_or_else(|| self.malformed(), |hint| self.judge_named(hint.as_bytes().into())))
            }
            StoringHeader::UseAsDictionary => {
                let pattern = list::text_of(text, b"match");
                Some(pattern.map_or_else(|| self.malformed(), |pattern| self.judge_named(pattern)))
            }
            StoringHeader::Nel => self.judge_report(text, b"report_to", b"NEL"),
            StoringHeader::ReportTo => self.judge_report(text, b"group", b"default"),
            StoringHeader::ServiceWorkerAllowed => Some(self.judge_worker()),
            StoringHeader::SetLogin => Some(self.judge_kind()),
            StoringHeader::Link => self.judge_link(text),
            StoringHeader::ClearSiteData => self.judge_clearing(text),
        }
    }

    pub(super) fn judge_worker(&self) -> JudgedMember<'a> {
        // If the path is unknown, nothing is declared for it.
        let name = if self.path.is_empty() { self.header.as_str() } else { self.path };
        self.judge_named(name.as_bytes().into())
    }

    fn judge_report(&self, text: &'a [u8], key: &[u8], otherwise: &'static [u8]) -> Option<JudgedMember<'a>> {
        let Some(report) = json::Report::read(text, key) else { return Some(self.malformed()) };
        // An age of 0 revokes what the browser stored.
        (!report.is_taken_back).then(|| self.judge_named(report.name.unwrap_or(otherwise).into()))
    }

    /// Judges the declaration with this name, or with the header's own name.
    fn judge_named(&self, name: Cow<'a, [u8]>) -> JudgedMember<'a> {
        let header = self.header.as_str().as_bytes();
        let named = self.declared().find(|declared| self.is_meant(&declared.name, &name));
        let declared =
            named.or_else(|| self.declared().find(|declared| self.is_meant(&declared.name, header)));
        self.judged(declared, name)
    }

    fn is_meant(&self, declared: &Name, name: &[u8]) -> bool {
        if self.header.kind() != Kind::ClientHint {
            return declared.matches(name);
        }
        // Client hints are header field names, which are case-insensitive.
        let literal = declared.literal();
        if matches!(declared, Name::Exact(_)) {
            return name.eq_ignore_ascii_case(literal.as_bytes());
        }
        let is_at_start =
            name.get(..literal.len()).is_some_and(|start| start.eq_ignore_ascii_case(literal.as_bytes()));
        let rest = name.get(literal.len()..).unwrap_or_default();
        let suffix = declared.suffix().as_bytes();
        let end = rest.len().checked_sub(suffix.len()).and_then(|at| rest.get(at..));
        is_at_start && end.is_some_and(|end| end.eq_ignore_ascii_case(suffix))
    }

    /// Judges all declarations of the kind together: if one of them is denied, the header is denied.
    fn judge_kind(&self) -> JudgedMember<'a> {
        let denied = self.declared().find(|declared| self.consent.denial_of(declared).is_some());
        self.judged(denied.or_else(|| self.declared().next()), self.own_name())
    }

    /// Judges a link by every URL that browsers load because of it. A link that cannot be read clearly is
    /// dropped, unless links to undeclared origins are kept anyway and the policy declares no services.
    fn judge_link(&self, text: &'a [u8]) -> Option<JudgedMember<'a>> {
        let parameters = list::link_parameters(text);
        if !text.contains(&b'<') || !list::loads(parameters) {
            return None;
        }
        if self.links.is_none() && self.consent.policy().services().is_empty() {
            return None;
        }
        if !text.starts_with(b"<") || !text.contains(&b'>') {
            return Some(self.malformed());
        }
        let mut allowed = None;
        for address in list::link_addresses(text).chain(list::source_set(parameters)) {
            let address = String::from_utf8_lossy(address);
            let judged = match self.links {
                Some(links) => self.judge_read(links.read(&address)),
                None => match Target::of(&address) {
                    Target::Unclear => Some(self.malformed()),
                    target => self.judge_target(&target),
                },
            };
            let Some(judged) = judged else { continue };
            if judged.verdict != Verdict::Keep {
                return Some(judged);
            }
            allowed = Some(judged);
        }
        allowed
    }

    fn judge_read(&self, target: LinkTarget) -> Option<JudgedMember<'a>> {
        let policy: &'a Policy = self.consent.policy();
        let (service, origin) = match target {
            LinkTarget::Own => return None,
            LinkTarget::Unreadable => return Some(self.malformed()),
            LinkTarget::Undeclared(origin) => (None, origin),
            LinkTarget::Service(index, origin) => (policy.services().get(index), origin),
        };
        let denial =
            service.map_or(Some(Reason::Undeclared), |service| self.consent.denial_of_service(service));
        let verdict = denial.map_or(Verdict::Keep, Verdict::Drop);
        Some(JudgedMember { service, ..self.member(verdict, None, origin.into_bytes().into()) })
    }

    /// Judges the services at a URL. A URL without a scheme may lead to several; the strictest verdict
    /// counts.
    fn judge_target(&self, target: &Target) -> Option<JudgedMember<'a>> {
        let policy: &'a Policy = self.consent.policy();
        let mut found = None;
        for origin in target.origins() {
            let Some(service) = policy.service_at(origin) else { continue };
            let verdict = self.consent.denial_of_service(service).map_or(Verdict::Keep, Verdict::Drop);
            if verdict != Verdict::Keep || found.is_none() {
                let name = origin.to_string().into_bytes().into();
                found = Some(JudgedMember { service: Some(service), ..self.member(verdict, None, name) });
            }
        }
        found
    }

    fn judge_clearing(&self, text: &[u8]) -> Option<JudgedMember<'a>> {
        let verdict = match text {
            b"\"cookies\"" => Verdict::Drop(Reason::Reserved),
            b"\"*\"" => Verdict::Amend { amendment: Amendment::CookiesSpared, line: ALL_BUT_COOKIES.into() },
            _ => return None,
        };
        Some(self.member(verdict, None, self.own_name()))
    }

    /// Judges a member that browsers ignore, or do not all read the same.
    fn malformed(&self) -> JudgedMember<'a> {
        self.member(Verdict::Drop(Reason::Malformed), None, self.own_name())
    }

    fn judged(&self, declared: Option<&'a Declaration>, name: Cow<'a, [u8]>) -> JudgedMember<'a> {
        let verdict = denial(declared, self.consent).map_or(Verdict::Keep, Verdict::Drop);
        self.member(verdict, declared, name)
    }

    fn member(
        &self,
        verdict: Verdict,
        declaration: Option<&'a Declaration>,
        name: Cow<'a, [u8]>,
    ) -> JudgedMember<'a> {
        JudgedMember { verdict, name, kind: self.header.kind(), declaration, service: None }
    }

    fn own_name(&self) -> Cow<'a, [u8]> {
        self.header.as_str().as_bytes().into()
    }

    /// Returns all declarations of the header's kind.
    fn declared(&self) -> impl Iterator<Item = &'a Declaration> + use<'a> {
        let (policy, kind): (&'a Policy, _) = (self.consent.policy(), self.header.kind());
        let indexes = policy.index().beyond_cookies().iter();
        indexes.filter_map(|index| policy.storage().get(*index)).filter(move |declared| declared.kind == kind)
    }
}

/// Returns the reason why the declared thing may not be stored or read, or [`Reason::Undeclared`] without a
/// declaration.
fn denial(declared: Option<&Declaration>, consent: &Consent) -> Option<Reason> {
    declared.map_or(Some(Reason::Undeclared), |declared| consent.denial_of(declared))
}
