//! The cookie-date parser of RFC 6265, section 5.1.1.

use time::{Date, Month, Time, UtcDateTime};

const MONTHS: [(&[u8; 3], Month); 12] = [
    (b"jan", Month::January),
    (b"feb", Month::February),
    (b"mar", Month::March),
    (b"apr", Month::April),
    (b"may", Month::May),
    (b"jun", Month::June),
    (b"jul", Month::July),
    (b"aug", Month::August),
    (b"sep", Month::September),
    (b"oct", Month::October),
    (b"nov", Month::November),
    (b"dec", Month::December),
];

/// Parses a date: four tokens in any order. The first token of each kind counts; all other tokens are
/// ignored.
pub(crate) fn read(text: &[u8]) -> Option<UtcDateTime> {
    let (mut time, mut day, mut month, mut year) = (None, None, None, None);
    for token in text.split(|b| is_delimiter(*b)).filter(|token| !token.is_empty()) {
        // The first matching kind claims a token; if that kind is already read, the next kind is tried.
        if fill(&mut time, || read_time(token))
            || fill(&mut day, || number(token, 1, 2).map(|(day, _)| day))
            || fill(&mut month, || read_month(token))
        {
            continue;
        }
        fill(&mut year, || number(token, 2, 4).map(|(year, _)| year));
    }
    let year = match year? {
        year @ 70..=99 => year + 1900,
        year @ 0..=69 => year + 2000,
        year if year < 1601 => return None,
        year => year,
    };
    let byte = |number: u16| u8::try_from(number).ok();
    let (hour, minute, second) = time?;
    let time = Time::from_hms(byte(hour)?, byte(minute)?, byte(second)?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month?, byte(day?)?).ok()?;
    Some(UtcDateTime::new(date, time))
}

fn fill<T>(slot: &mut Option<T>, read: impl FnOnce() -> Option<T>) -> bool {
    if slot.is_some() {
        return false;
    }
    *slot = read();
    slot.is_some()
}

fn is_delimiter(byte: u8) -> bool {
    matches!(byte, b'\t' | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

/// Parses `12:34:56`, followed by anything that does not start with a digit.
fn read_time(token: &[u8]) -> Option<(u16, u16, u16)> {
    let (hour, rest) = number(token, 1, 2)?;
    let (minute, rest) = number(rest.strip_prefix(b":")?, 1, 2)?;
    let (second, _) = number(rest.strip_prefix(b":")?, 1, 2)?;
    Some((hour, minute, second))
}

fn read_month(token: &[u8]) -> Option<Month> {
    let start = token.get(..3)?;
    MONTHS.into_iter().find(|(name, _)| start.eq_ignore_ascii_case(*name)).map(|(_, month)| month)
}

/// Parses the number of `min` to `max` digits at the start of a token, and returns the rest.
fn number(token: &[u8], min: usize, max: usize) -> Option<(u16, &[u8])> {
    let count = token.iter().take_while(|b| b.is_ascii_digit()).count();
    if count < min || count > max {
        return None;
    }
    let (digits, rest) = token.split_at_checked(count)?;
    let number = digits.iter().fold(0, |number, digit| number * 10 + u16::from(digit - b'0'));
    Some((number, rest))
}
