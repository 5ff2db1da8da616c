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

/// What is left of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Left {
    /// All of it.
    Whole,
    /// These bytes: each member that was kept, as it was written.
    Part(Vec<u8>),
    /// Nothing.
    Nothing,
}

/// Judges one line of such a header, member by member, and gives what is left of it.
///
/// `carry_out` is told each verdict, and says what is really done: the same, as a rule. Members that ask for nothing are
/// not judged. What is kept stays byte for byte as it was.
///
/// ```
/// # use consent_core::{Consent, consent::Circumstances, policy};
/// # use consent_core::verdict::{Left, RequestFacts, StoringHeader, judge_header};
/// let policy = policy::example()?;
/// let now = time::UtcDateTime::UNIX_EPOCH;
/// let undecided = Consent::undecided(&policy, Circumstances::on(now.date()));
/// let request = RequestFacts::new("GET", "/", now);
/// let line = b"Sec-CH-UA-Model, Device-Memory";
/// let left = judge_header(StoringHeader::AcceptCh, line, &undecided, &request, |member| member.verdict.clone());
/// assert_eq!(left, Left::Nothing, "the policy declares no client hints");
/// # Ok::<(), consent_core::PolicyError>(())
/// ```
pub fn judge_header<'a>(
    header: StoringHeader,
    line: &'a [u8],
    consent: &'a Consent,
    request: &RequestFacts<'a>,
    mut carry_out: impl FnMut(&JudgedMember<'a>) -> Verdict,
) -> Left {
    let case = Case::new(header, consent, request.path());
    let mut changed = false;
    let mut left = Vec::new();
    let mut is_first = true;
    let mut is_forgotten = false;
    for member in case.members(line) {
        let judged = case.judge(member);
        let verdict = judged.as_ref().map_or(Verdict::Keep, &mut carry_out);
        let kept = match &verdict {
            Verdict::Keep => member,
            Verdict::Amend { line, .. } => line.as_slice(),
            Verdict::Drop(reason) => {
                changed = true;
                is_forgotten |= reason.clears() && judged.is_some_and(|judged| judged.declaration.is_some());
                continue;
            }
        };
        changed |= verdict != Verdict::Keep;
        if is_first {
            left.extend_from_slice(if changed { kept.trim_ascii_start() } else { kept });
        } else {
            left.push(b',');
            left.extend_from_slice(kept);
        }
        is_first = false;
    }
    match left {
        _ if !changed => Left::Whole,
        // The browser goes on sending what it was asked for once, until it is asked for something else.
        _ if is_first && !(is_forgotten && header == StoringHeader::AcceptCh) => Left::Nothing,
        left => Left::Part(left),
    }
}

/// Whether the script of a service worker may be handed out: a browser asks for it at this path with
/// `Service-Worker: script`.
#[must_use]
pub fn judge_worker<'a>(path: &'a str, consent: &'a Consent) -> JudgedMember<'a> {
    Case::new(StoringHeader::ServiceWorkerAllowed, consent, path).judge_worker()
}
