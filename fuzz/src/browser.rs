//! How browsers read a `Set-Cookie` line and a date: written down once more, apart from what is tested.

use time::{Date, Month, Time, UtcDateTime};

/// Name and value as browsers read them: what is before the first `;`, cut at its first `=`, without the
/// spaces and tabs around either. Nothing where there is no `=` or no name.
#[must_use]
pub fn pair(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = line.iter().position(|byte| *byte == b';').unwrap_or(line.len());
    let (pair, _) = line.split_at_checked(end)?;
    let (name, value) = pair.split_at_checked(pair.iter().position(|byte| *byte == b'=')?)?;
    let (name, value) = (without_blanks(name), without_blanks(value.get(1..)?));
    (!name.is_empty()).then_some((name, value))
}

pub(crate) fn without_blanks(bytes: &[u8]) -> &[u8] {
    let is_blank = |byte: &u8| matches!(byte, b' ' | b'\t');
    let Some(start) = bytes.iter().position(|byte| !is_blank(byte)) else { return b"" };
    let end = bytes.iter().rposition(|byte| !is_blank(byte)).map_or(0, |last| last + 1);
    bytes.get(start..end).unwrap_or_default()
}

/// Whether a policy can declare a cookie's name, apart from its length: all that can be seen but `"`, `,`,
/// `;`, `=` and `\`.
pub(crate) fn is_plain(name: &[u8]) -> bool {
    name.iter()
        .all(|byte| matches!(byte, b'!' | b'#'..=b'+' | b'-'..=b':' | b'<' | b'>'..=b'[' | b']'..=b'~'))
}

/// A date by the letter of RFC 6265, section 5.1.1, step by step.
pub(crate) fn date(text: &[u8]) -> Option<UtcDateTime> {
    let is_delimiter = |byte: &u8| {
        let byte = *byte;
        byte == 0x09
            || (0x20..=0x2F).contains(&byte)
            || (0x3B..=0x40).contains(&byte)
            || (0x5B..=0x60).contains(&byte)
            || (0x7B..=0x7E).contains(&byte)
    };
    let (mut found_time, mut found_day, mut found_month, mut found_year) = (None, None, None, None);
    for token in text.split(is_delimiter) {
        if let (None, Some(time)) = (found_time, time_production(token)) {
            found_time = Some(time);
        } else if let (None, Some(day)) = (found_day, leading_number(token, 1, 2)) {
            found_day = Some(day);
        } else if let (None, Some(month)) = (found_month, month_production(token)) {
            found_month = Some(month);
        } else if let (None, Some(year)) = (found_year, leading_number(token, 2, 4)) {
            found_year = Some(year);
        }
    }
    let mut year = found_year?;
    if (70..=99).contains(&year) {
        year += 1900;
    } else if (0..=69).contains(&year) {
        year += 2000;
    }
    let ((hour, minute, second), day) = (found_time?, found_day?);
    if !(1..=31).contains(&day) || year < 1601 || hour > 23 || minute > 59 || second > 59 {
        return None;
    }
    let date = Date::from_calendar_date(year, found_month?, day as u8).ok()?;
    Some(UtcDateTime::new(date, Time::from_hms(hour as u8, minute as u8, second as u8).ok()?))
}

/// `1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT`, and then no digit.
fn time_production(token: &[u8]) -> Option<(i32, i32, i32)> {
    let mut fields = token.splitn(3, |byte| *byte == b':');
    let mut whole = || fields.next().filter(|field| field.iter().all(u8::is_ascii_digit));
    let hour = leading_number(whole()?, 1, 2)?;
    let minute = leading_number(whole()?, 1, 2)?;
    Some((hour, minute, leading_number(fields.next()?, 1, 2)?))
}

fn month_production(token: &[u8]) -> Option<Month> {
    let names = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];
    let start = token.get(..3)?.to_ascii_lowercase();
    let at = names.iter().position(|name| name.as_bytes() == start)?;
    Month::try_from(at as u8 + 1).ok()
}

/// A number of `min` to `max` digits, and then no digit.
fn leading_number(token: &[u8], min: usize, max: usize) -> Option<i32> {
    let digits: String =
        token.iter().map(|byte| char::from(*byte)).take_while(char::is_ascii_digit).collect();
    if (min..=max).contains(&digits.len()) { digits.parse().ok() } else { None }
}
