//! The other response headers by which a site stores something on a device, or has it read.

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

/// What is done about one member of a header after it was judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberOutcome {
    /// The verdict is carried out.
    AsJudged,
    /// The member is kept as it was written, whatever the verdict is.
    Keep,
    /// The member is removed, whatever the verdict is.
    Drop,
}

/// What becomes of one field line of a header.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HeaderOutcome {
    /// The line stays as it is.
    Unchanged,
    /// These bytes take the place of the line: each member that was kept, as it was written.
    Replaced(Vec<u8>),
    /// The line is removed.
    Removed,
}

/// Judges one field line of such a header, member by member, and returns what becomes of the line.
///
/// `carry_out` is called with each verdict and returns what is done about the member: [`MemberOutcome::AsJudged`], unless
/// the caller only reports. A member that asks for nothing is not judged. Members that are kept stay byte for byte.
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
    let case = Case::new(header, consent, request.path());
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
        // The browser goes on sending what it was asked for once, until it is asked for something else.
        _ if is_first && !(is_forgotten && header == StoringHeader::AcceptCh) => HeaderOutcome::Removed,
        left => HeaderOutcome::Replaced(left),
    }
}

/// Whether the script of a service worker may be handed out: a browser asks for it at this path with
/// `Service-Worker: script`.
#[must_use]
pub fn judge_worker<'a>(path: &'a str, consent: &'a Consent) -> JudgedMember<'a> {
    Case::new(StoringHeader::ServiceWorkerAllowed, consent, path).judge_worker()
}
