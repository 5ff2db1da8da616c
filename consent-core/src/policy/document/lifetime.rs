use super::super::{Lifetime, MistakeKind};
use super::Node;

const DAY: u32 = 86_400;
/// RFC 6265bis, section 5.5.
const MAX_DAYS: u16 = 400;
const MAX_SECONDS: u32 = MAX_DAYS as u32 * DAY;

pub(super) const HELP: &str =
    "write the lifetime, at most 400 days: \"365d\", \"2w\", \"12h\", \"30m\", \"90s\", or \"session\"";
const REASK_HELP: &str = "write for how many days a decision is valid, at most 400: \"180d\"";

/// Parses a lifetime: `365d`, or `session`.
pub(super) fn lifetime(node: &Node<'_>) -> Option<Lifetime> {
    let text = node.text(HELP)?;
    if text == "session" {
        return Some(Lifetime::Session);
    }
    let Some(seconds) = seconds(text) else { return node.invalid(HELP) };
    Some(Lifetime::Seconds(at_most_400_days(node, seconds)?))
}

/// Parses a number of whole days: `180d`.
pub(super) fn days(node: &Node<'_>) -> Option<u16> {
    let text = node.text(REASK_HELP)?;
    let Some(seconds) = seconds(text) else { return node.invalid(REASK_HELP) };
    let seconds = at_most_400_days(node, seconds)?;
    let days = u16::try_from(seconds / DAY).ok().filter(|_| seconds % DAY == 0);
    days.or_else(|| node.invalid(REASK_HELP))
}

fn at_most_400_days(node: &Node<'_>, seconds: u64) -> Option<u32> {
    let fits = u32::try_from(seconds).ok().filter(|seconds| *seconds <= MAX_SECONDS);
    if fits.is_none() {
        node.mistake(
            MistakeKind::LifetimeTooLong,
            "browsers limit lifetimes to 400 days: write at most \"400d\"",
        );
    }
    fits
}

/// Returns the seconds of a number with a unit. A number out of range becomes the largest one.
pub(in crate::policy) fn seconds(text: &str) -> Option<u64> {
    let (last, unit) = text.char_indices().last()?;
    let digits = text.get(..last)?;
    let unit = match unit {
        'w' => 7 * DAY,
        'd' => DAY,
        'h' => 3_600,
        'm' => 60,
        's' => 1,
        _ => return None,
    };
    let written = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
    let number = if written { digits.parse().unwrap_or(u64::MAX) } else { 0 };
    (number > 0).then(|| number.saturating_mul(u64::from(unit)))
}
