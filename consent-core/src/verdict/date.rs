//! The dates of `Expires`, by the algorithm of RFC 6265bis, section 5.6.1: tokens in any order.

use time::{Date, Month, PrimitiveDateTime, Time, UtcDateTime};

/// Reads a date; nothing where a part of it is missing or wrong.
pub(super) fn read(text: &[u8]) -> Option<UtcDateTime> {
    let (mut clock, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|b| is_delimiter(*b)).filter(|token| !token.is_empty()) {
        if clock.is_none() && {
            clock = read_clock(token);
            clock.is_some()
        } {
            continue;
        }
        if day.is_none() && {
            day = read_number(token, 1..=2);
            day.is_some()
        } {
            continue;
        }
        if month.is_none() && {
            month = read_month(token);
            month.is_some()
        } {
            continue;
        }
        if year.is_none() {
            year = read_number(token, 2..=4);
        }
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year @ 1601.. => year,
        _ => return None,
    };
    let date = Date::from_calendar_date(i32::try_from(year).ok()?, month?, u8::try_from(day?).ok()?).ok()?;
    Some(PrimitiveDateTime::new(date, clock?).as_utc())
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, 0x09 | 0x20..=0x2F | 0x3B..=0x40 | 0x5B..=0x60 | 0x7B..=0x7E)
}

/// `hh:mm:ss` with one or two digits each; what follows a non-digit is passed over.
fn read_clock(token: &[u8]) -> Option<Time> {
    let mut fields = token.splitn(3, |b| *b == b':');
    let hour = whole_number(fields.next()?)?;
    let minute = whole_number(fields.next()?)?;
    let second = read_number(fields.next()?, 1..=2)?;
    Time::from_hms(hour, minute, u8::try_from(second).ok()?).ok()
}

fn whole_number(digits: &[u8]) -> Option<u8> {
    if !(1..=2).contains(&digits.len()) || !digits.iter().all(u8::is_ascii_digit) {
        return None;
    }
    digits.iter().try_fold(0_u8, |number, digit| number.checked_mul(10)?.checked_add(digit - b'0'))
}

/// A number of so many digits at the token's beginning, with no digit behind them.
fn read_number(token: &[u8], digits: core::ops::RangeInclusive<usize>) -> Option<u32> {
    let count = token.iter().take_while(|b| b.is_ascii_digit()).count();
    if !digits.contains(&count) {
        return None;
    }
    token
        .iter()
        .take(count)
        .try_fold(0_u32, |number, digit| number.checked_mul(10)?.checked_add(u32::from(digit - b'0')))
}

fn read_month(token: &[u8]) -> Option<Month> {
    const NAMES: &[u8; 36] = b"janfebmaraprmayjunjulaugsepoctnovdec";
    let start = token.get(..3)?;
    let position = NAMES.chunks(3).position(|name| start.eq_ignore_ascii_case(name))?;
    Month::try_from(u8::try_from(position + 1).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_many_forms() {
        let known = [
            ("Thu, 01 Jan 1970 00:00:00 GMT", 0),
            ("Wed, 21 Oct 2015 07:28:00 GMT", 1_445_412_480),
            ("Wed, 21-Oct-15 07:28:00 GMT", 1_445_412_480),
            ("21 oct 2015 7:28:0", 1_445_412_480),
            ("07:28:00 October 21 2015", 1_445_412_480),
            ("Sun Nov  6 08:49:37 1994", 784_111_777),
            ("Mon, 01 Jan 1601 00:00:00 GMT", -11_644_473_600),
        ];
        for (text, unix) in known {
            assert_eq!(read(text.as_bytes()).map(UtcDateTime::unix_timestamp), Some(unix), "{text}");
        }
        let wrong = [
            "",
            "junk",
            "0",
            "-1",
            "Thu, 01 Jan 1970",
            "32 Jan 2020 00:00:00",
            "30 Feb 2020 00:00:00",
            "1 Jan 1600 00:00:00",
            "1 Jan 2020 24:00:00",
            "1 Jan 2020 00:00",
        ];
        for text in wrong {
            assert_eq!(read(text.as_bytes()), None, "{text}");
        }
    }
}
