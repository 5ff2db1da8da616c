//! Verdicts on the other response headers that make browsers store or reveal something.

mod case;
mod header;
mod json;
mod list;
mod member;
#[cfg(test)]
mod tests;

pub use self::header::StoringHeader;
pub use self::member::JudgedMember;

use self::case::Case;
use super::{RequestFacts, Verdict};
use crate::consent::Consent;
use alloc::vec::Vec;

/// The caller's choice for one judged member of a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOutcome {
    /// Apply the verdict.
    AsJudged,
    /// Keep the member unchanged, whatever the verdict is.
    Keep,
    /// Remove the member, whatever the verdict is.
    Drop,
}

/// The result for one field line of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderOutcome {
    /// The line stays unchanged.
    Unchanged,
    /// The replacement for the line: the members that were kept, unchanged.
    Replaced(Vec<u8>),
    /// The line is removed.
    Removed,
}

/// Judges one field line of a header, member by member.
///
/// `carry_out` receives each verdict and chooses the outcome: [`MemberOutcome::AsJudged`], unless the caller
/// only reports. A member that requests nothing is not judged. Members that are kept stay byte for byte.
///
/// ```
/// # use consent_core::{Consent, consent::Circumstances, policy};
/// # use consent_core::verdict::{HeaderOutcome, MemberOutcome, RequestFacts, StoringHeader, judge_header};
/// let policy = policy::example()?;
/// let now = time::UtcDateTime::UNIX_EPOCH;
/// let undecided = Consent::undecided(&policy, Circumstances::new(now.date()));
/// let request = RequestFacts::new("GET", "/", now);
/// let line = b"Sec-CH-UA-Model, Device-Memory";
/// let carry_out = |_: &_| MemberOutcome::AsJudged;
/// let outcome = judge_header(StoringHeader::AcceptCh, line, &undecided, &request, carry_out);
/// assert_eq!(outcome, HeaderOutcome::Removed, "the policy declares no client hints");
/// # Ok::<(), consent_core::PolicyError>(())
/// ```
pub fn judge_header<'a>(
    header: StoringHeader,
    line: &'a [u8],
    consent: &'a Consent,
    request: &RequestFacts<'a>,
    mut carry_out: impl FnMut(&JudgedMember<'a>) -> MemberOutcome,
) -> HeaderOutcome {
    let case = Case::new(header, consent, request);
    let mut changed = false;
    let mut left = Vec::new();
    let mut is_first = true;
    let mut is_forgotten = false;
    for member in case.members(line) {
        let judged = case.judge(member);
        let outcome = judged.as_ref().map_or(MemberOutcome::Keep, &mut carry_out);
        let kept = match (outcome, judged.as_ref().map(|judged| &judged.verdict)) {
            (MemberOutcome::AsJudged, Some(Verdict::Amend { line, .. })) => {
                changed = true;
                line.as_slice()
            }
            (MemberOutcome::AsJudged, Some(Verdict::Drop(reason))) => {
                changed = true;
                is_forgotten |= reason.clears() && judged.is_some_and(|judged| judged.declaration.is_some());
                continue;
            }
            (MemberOutcome::Drop, _) => {
                changed = true;
                continue;
            }
            (MemberOutcome::AsJudged | MemberOutcome::Keep, _) => member,
        };
        if is_first {
            left.extend_from_slice(if changed { kept.trim_ascii_start() } else { kept });
        } else {
            left.push(b',');
            left.extend_from_slice(kept);
        }
        is_first = false;
    }
    match left {
        _ if !changed => HeaderOutcome::Unchanged,
        // Browsers keep sending the hints of an earlier response until another `Accept-CH` replaces the list.
        _ if is_first && !(is_forgotten && header == StoringHeader::AcceptCh) => HeaderOutcome::Removed,
        left => HeaderOutcome::Replaced(left),
    }
}

/// Judges whether the script of a service worker may be served. A browser requests it at this path with
/// `Service-Worker: script`.
#[must_use]
pub fn judge_worker<'a>(path: &'a str, consent: &'a Consent) -> JudgedMember<'a> {
    Case::at(StoringHeader::ServiceWorkerAllowed, consent, path).judge_worker()
}
