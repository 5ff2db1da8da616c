use super::expiry::{self, Cut, Deletion};
use super::floor::Missing;
use super::{RequestFacts, Verdict, line, scope};
use crate::consent::{Consent, Source};
use crate::cookies::{SetCookie, is_reserved, split_pair};
use crate::policy::{Category, Declaration, Lifetime, Policy};
use crate::reason::{Amendment, Reason};
use core::ops::Range;

/// The judgment of one `Set-Cookie` header.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Judged<'a> {
    /// The verdict.
    pub verdict: Verdict,
    /// The cookie's name, as browsers read it. Empty if it has no name.
    pub name: &'a [u8],
    /// The policy's declaration of the cookie.
    pub declaration: Option<&'a Declaration>,
    start: usize,
}

impl Judged<'_> {
    /// Returns the range of the name in the line.
    #[must_use]
    pub fn name_range(&self) -> Range<usize> {
        self.start..self.start + self.name.len()
    }

    /// Returns the first category of the declaration.
    #[must_use]
    pub fn category(&self) -> Option<Category> {
        self.declaration.and_then(|declared| declared.categories.first()).copied()
    }
}

/// Judges one `Set-Cookie` header of a response. Allocates nothing if the header is kept or dropped.
///
/// ```
/// # use consent_core::{Consent, Reason, Verdict, consent::Circumstances, policy};
/// # use consent_core::verdict::{RequestFacts, judge};
/// let policy = policy::example()?;
/// let now = time::UtcDateTime::UNIX_EPOCH;
/// let undecided = Consent::undecided(&policy, Circumstances::new(now.date()));
/// let request = RequestFacts::new("GET", "/", now);
/// let verdict = |line: &[u8]| judge(line, &undecided, &request).verdict;
/// assert_eq!(verdict(b"theme=dark; Path=/"), Verdict::Drop(Reason::Undecided));
/// assert_eq!(verdict(b"_ga=GA1.1.1; Path=/"), Verdict::Drop(Reason::Undeclared));
/// assert_eq!(verdict(b"sid=1; Path=/; HttpOnly"), Verdict::Drop(Reason::NotRequested));
/// # Ok::<(), consent_core::PolicyError>(())
/// ```
#[must_use]
pub fn judge<'a>(line: &'a [u8], consent: &'a Consent, request: &RequestFacts<'_>) -> Judged<'a> {
    let policy = consent.policy();
    let cookie = SetCookie::parse(line);
    let name = cookie.as_ref().map_or_else(|unstorable| unstorable.name, SetCookie::name);
    let index = policy.index().declared(name);
    let declaration = index.and_then(|index| policy.storage().get(index));
    let verdict = match (cookie, index.zip(declaration)) {
        _ if is_reserved(name) || (name.is_empty() && is_sent_as_reserved(line)) => {
            Verdict::Drop(Reason::Reserved)
        }
        (Err(unstorable), _) => Verdict::Drop(unstorable.reason),
        (Ok(cookie), None) => judge_undeclared(&cookie, request),
        (Ok(cookie), Some((index, declared))) => {
            let case = Case { cookie, declared, index, policy, request };
            case.judge(consent.denial_of(declared))
        }
    };
    // Only white space precedes the name, so the first occurrence of its first byte is its start.
    let start = name.first().and_then(|first| line.iter().position(|b| b == first)).unwrap_or(0);
    Judged { verdict, name, declaration, start }
}

/// Checks whether the application may see a cookie of the request.
///
/// # Errors
///
/// Returns the reason if it may not: the policy does not declare the name, the visitor does not allow it now,
/// or the cookie has a name of the consent cookie but no consent could be read from it.
pub fn visible(name: &[u8], consent: &Consent) -> Result<(), Reason> {
    if is_reserved(name) {
        return if consent.source() == Source::Cookie { Ok(()) } else { Err(Reason::Reserved) };
    }
    match find(consent.policy(), name) {
        None => Err(Reason::Undeclared),
        Some(declared) => consent.denial_of(declared).map_or(Ok(()), Err),
    }
}

/// Returns whether a nameless cookie (`=consent=x`) would come back as the consent cookie: browsers send only
/// its value.
fn is_sent_as_reserved(line: &[u8]) -> bool {
    let pair = line.split(|b| *b == b';').next().and_then(split_pair);
    pair.and_then(|(_, value)| split_pair(value)).is_some_and(|(name, _)| is_reserved(name))
}

/// Returns the policy's declaration of a cookie.
pub(super) fn find<'p>(policy: &'p Policy, name: &[u8]) -> Option<&'p Declaration> {
    policy.index().declared(name).and_then(|index| policy.storage().get(index))
}

fn judge_undeclared(cookie: &SetCookie<'_>, request: &RequestFacts<'_>) -> Verdict {
    match expiry::deletion(cookie, request.now()) {
        Some(_) => write_deletion(cookie, Reason::Undeclared),
        None if cookie.is_refused_by_browsers() => Verdict::Drop(Reason::Malformed),
        None => Verdict::Drop(Reason::Undeclared),
    }
}

/// Writes a deletion that every browser understands. A deletion of a name that no policy can declare is
/// dropped, because such a name is never written into a header.
fn write_deletion(cookie: &SetCookie<'_>, otherwise: Reason) -> Verdict {
    line::Deletion::meant_by(cookie).map_or(Verdict::Drop(otherwise), |deletion| Verdict::Amend {
        amendment: Amendment::DeletionWritten,
        line: deletion.write().into_bytes(),
    })
}

/// A declared cookie in a response.
struct Case<'a> {
    cookie: SetCookie<'a>,
    declared: &'a Declaration,
    index: usize,
    policy: &'a Policy,
    request: &'a RequestFacts<'a>,
}

impl Case<'_> {
    fn judge(&self, denial: Option<Reason>) -> Verdict {
        let deletion = expiry::deletion(&self.cookie, self.request.now());
        let refused = self.cookie.is_refused_by_browsers();
        match (deletion, denial) {
            (Some(Deletion::Certain), None) if !refused => Verdict::Keep,
            (Some(Deletion::ByDate), None) if !refused && self.is_harmless_where_it_is_stored() => {
                Verdict::Keep
            }
            (Some(_), _) => write_deletion(&self.cookie, denial.unwrap_or(Reason::Malformed)),
            (None, _) if refused => Verdict::Drop(Reason::Malformed),
            (None, Some(denial)) => Verdict::Drop(denial),
            (None, None) => self.breach().map_or_else(|| self.judge_form(), Verdict::Drop),
        }
    }

    /// Judges the lifetime and the attributes of a cookie that may be stored.
    fn judge_form(&self) -> Verdict {
        let declared = match self.declared.lifetime {
            Lifetime::Session => None,
            Lifetime::Seconds(seconds) => Some(seconds),
        };
        let cut = expiry::cut(&self.cookie, declared, self.request.now());
        let missing = self.request.floor().missing(&self.cookie, self.declared);
        let amendment = match cut {
            Some(_) => Amendment::LifetimeCut,
            None if missing != Missing::NOTHING => Amendment::AttributesRaised,
            None => return Verdict::Keep,
        };
        Verdict::Amend {
            amendment,
            line: line::rewritten(&self.cookie, cut.unwrap_or(Cut::NOTHING), missing),
        }
    }

    /// Returns the difference between an allowed cookie and its declaration.
    fn breach(&self) -> Option<Reason> {
        if !self.is_requested() {
            Some(Reason::NotRequested)
        } else if !self.is_declared_value() {
            Some(Reason::ValueNotDeclared)
        } else if !self.is_in_scope() {
            Some(Reason::ScopeWiderThanDeclared)
        } else {
            None
        }
    }

    /// A browser whose clock is slow stores a cookie that a date should delete.
    fn is_harmless_where_it_is_stored(&self) -> bool {
        if self.cookie.value().is_empty() { self.is_in_scope() } else { self.breach().is_none() }
    }

    fn is_requested(&self) -> bool {
        let routes = &self.declared.issued_on;
        routes.is_empty()
            || routes.iter().any(|route| self.request.is_on(route))
            || self.request.carried().has(self.policy, self.index)
    }

    fn is_declared_value(&self) -> bool {
        let value = self.cookie.value();
        let values = self.declared.values.as_deref();
        values.is_none_or(|values| values.iter().any(|known| known.as_bytes() == value))
            && self.declared.max_bytes.is_none_or(|longest| value.len() <= longest)
    }

    fn is_in_scope(&self) -> bool {
        // In another partition it is a different cookie, which no expiry of the declared cookie would clear.
        self.cookie.partitioned() == self.declared.partitioned
            && scope::covers(&self.declared.scopes, &self.cookie, self.request)
    }
}
