//! The value of the consent cookie.
//!
//! ```text
//! value    = group *( "~" group )
//! group    = revision "-" day 1*( "." category ":" state )
//! revision = %x31-39 *9DIGIT
//! day      = 8DIGIT               ; year, month, day (UTC)
//! state    = "g" / "r" / "o" / "i"
//! ```
//!
//! The stamp stands before the categories that were decided under it, so that `1-20261123.functionality:g` says all
//! there is in 26 bytes and a script that has no codec can compare beginnings. A refusal holds nothing that tells two
//! visitors apart.

use super::{CookieName, State};
use crate::policy::{Category, CategorySet, MAX_CATEGORIES};
use crate::verdict::split;
use alloc::string::String;
use core::fmt;
use time::{Date, Month};

/// The longest value that is read, in bytes. A longer one is no consent.
pub const MAX_VALUE_BYTES: usize = 1024;

/// What is stored of one decision on one category.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Choice {
    /// What was decided; never [`State::Undecided`].
    pub state: State,
    /// The revision it was decided under.
    pub revision: u32,
    /// The day (UTC) it was decided on.
    pub day: Date,
}

impl Choice {
    /// A choice; nothing for [`State::Undecided`], for revision 0 and for a year that has not four digits.
    #[must_use]
    pub fn new(state: State, revision: u32, day: Date) -> Option<Self> {
        let fits = state != State::Undecided && revision > 0 && (0..=9999).contains(&day.year());
        fits.then_some(Self { state, revision, day })
    }

    fn stamp(&self) -> (u32, Date) {
        (self.revision, self.day)
    }
}

/// The choices on all categories of a [`CategorySet`], by their place in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Choices([Option<Choice>; MAX_CATEGORIES]);

impl Choices {
    /// No choice at all.
    pub const NONE: Self = Self([None; MAX_CATEGORIES]);

    /// The choice on the category at that place.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Choice> {
        self.0.get(position).copied().flatten()
    }

    /// Sets or clears the choice on the category at that place; a place past the last one is ignored.
    pub fn set(&mut self, position: usize, choice: Option<Choice>) {
        if let Some(slot) = self.0.get_mut(position) {
            *slot = choice;
        }
    }

    /// Whether there is no choice.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }

    /// The highest revision that a choice was made under; 0 without any.
    #[must_use]
    pub fn highest_revision(&self) -> u32 {
        self.0.iter().flatten().map(|choice| choice.revision).max().unwrap_or(0)
    }

    /// The cookie's value; empty where there is no choice.
    #[must_use]
    pub fn encode(&self, categories: &CategorySet) -> String {
        let mut value = String::new();
        self.write(categories, &mut value);
        value
    }

    fn write(&self, categories: &CategorySet, out: &mut impl Extend<char>) {
        let mut stamp = None;
        for (position, category) in categories.as_slice().iter().enumerate() {
            let Some(choice) = self.get(position) else { continue };
            let Some(letter) = choice.state.letter() else { continue };
            if stamp != Some(choice.stamp()) {
                if stamp.is_some() {
                    push_bytes(out, b"~");
                }
                push_digits(out, choice.revision, 1);
                push_bytes(out, b"-");
                push_digits(out, u32::try_from(choice.day.year()).unwrap_or(0), 4);
                push_digits(out, u32::from(u8::from(choice.day.month())), 2);
                push_digits(out, u32::from(choice.day.day()), 2);
                stamp = Some(choice.stamp());
            }
            push_bytes(out, b".");
            push_bytes(out, category.as_bytes());
            push_bytes(out, &[b':', letter]);
        }
    }

    /// The `Set-Cookie` line that keeps these choices for as long as a decision stands: a deletion where there is
    /// nothing to keep.
    #[must_use]
    pub fn set_cookie(&self, categories: &CategorySet, name: CookieName, reask_days: u16) -> String {
        let mut line = String::with_capacity(128);
        self.write_set_cookie(categories, name, reask_days, &mut line);
        line
    }

    /// Writes what [`set_cookie`](Self::set_cookie) gives, to where there need be no memory for it.
    pub fn write_set_cookie(
        &self,
        categories: &CategorySet,
        name: CookieName,
        reask_days: u16,
        out: &mut impl Extend<char>,
    ) {
        push_bytes(out, name.as_str().as_bytes());
        push_bytes(out, b"=");
        self.write(categories, out);
        push_bytes(out, b"; Max-Age=");
        push_digits(out, if self.is_empty() { 0 } else { u32::from(reask_days) * 86_400 }, 1);
        push_bytes(out, name.attributes().as_bytes());
    }

    /// Reads a cookie's value. Total: any bytes give choices or an error.
    ///
    /// # Errors
    ///
    /// Everything that [`encode`](Self::encode) would not write: see [`CodecError`]. An unknown category is an error
    /// under revisions up to `current`; under a higher one (another server is ahead of this one) it is passed over.
    pub fn decode(value: &[u8], categories: &CategorySet, current: u32) -> Result<Self, CodecError> {
        let mut choices = Self::NONE;
        choices.read(value, categories, current).map(|()| choices)
    }

    /// Reads a cookie's value into choices that are none yet; what is there after an error means nothing.
    pub(super) fn read(
        &mut self,
        value: &[u8],
        categories: &CategorySet,
        current: u32,
    ) -> Result<(), CodecError> {
        if value.len() > MAX_VALUE_BYTES {
            return Err(CodecError::TooLong);
        }
        let mut previous = None;
        for group in split(value, b'~') {
            let mut items = split(group, b'.');
            let (revision, day) = items.next().and_then(read_stamp).ok_or(CodecError::Stamp)?;
            if previous.replace((revision, day)) == Some((revision, day)) {
                return Err(CodecError::Stamp);
            }
            let mut count = 0;
            for item in items {
                count += 1;
                let (name, state) = read_item(item).ok_or(CodecError::Item)?;
                let Some(position) = categories.position_of(name) else {
                    if revision > current && Category::named(name).is_some() {
                        continue;
                    }
                    return Err(CodecError::UnknownCategory);
                };
                if self.get(position).is_some() {
                    return Err(CodecError::Repeated);
                }
                self.set(position, Choice::new(state, revision, day));
            }
            if count == 0 {
                return Err(CodecError::Item);
            }
        }
        Ok(())
    }
}

/// Writes ASCII.
fn push_bytes(out: &mut impl Extend<char>, bytes: &[u8]) {
    out.extend(bytes.iter().map(|byte| char::from(*byte)));
}

/// Writes a number, without `format!`: that alone would weigh more than the module in the page.
pub(crate) fn push_digits(out: &mut impl Extend<char>, mut number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut count = 0;
    for digit in digits.iter_mut().rev() {
        if number == 0 && count >= width {
            break;
        }
        // A remainder of ten is a digit.
        *digit = b'0' + u8::try_from(number % 10).unwrap_or(0);
        number /= 10;
        count += 1;
    }
    push_bytes(out, digits.get(digits.len() - count..).unwrap_or_default());
}

fn read_stamp(stamp: &[u8]) -> Option<(u32, Date)> {
    // A day has eight digits, always.
    let (rest, day) = stamp.split_last_chunk::<8>()?;
    let (dash, revision) = rest.split_last()?;
    if *dash != b'-' || revision.first() == Some(&b'0') {
        return None;
    }
    Some((read_digits(revision)?, self::day(read_digits(day)?)?))
}

/// The day of these eight digits: `20261123`.
#[must_use]
pub fn day(digits: u32) -> Option<Date> {
    let month = Month::try_from(u8::try_from(digits / 100 % 100).ok()?).ok()?;
    let year = i32::try_from(digits / 10_000).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(digits % 100).ok()?).ok()
}

pub(crate) fn read_digits(digits: &[u8]) -> Option<u32> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u32, |number, digit| {
        let digit = digit.checked_sub(b'0').filter(|digit| *digit <= 9)?;
        number.checked_mul(10)?.checked_add(u32::from(digit))
    })
}

fn read_item(item: &[u8]) -> Option<(&[u8], State)> {
    let (letter, rest) = item.split_last()?;
    let (colon, name) = rest.split_last()?;
    (*colon == b':').then_some((name, State::from_letter(*letter)?))
}

/// Why a value is no consent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodecError {
    /// It is longer than [`MAX_VALUE_BYTES`].
    TooLong,
    /// A group does not begin with a revision and a day, or repeats the one before.
    Stamp,
    /// An item is no category with a state, or a group has none.
    Item,
    /// A category that the policy does not declare.
    UnknownCategory,
    /// A category stands twice.
    Repeated,
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the value is too long",
            Self::Stamp => "a group has no revision and day of its own",
            Self::Item => "an item is no category with a state",
            Self::UnknownCategory => "a category is not declared",
            Self::Repeated => "a category stands twice",
        })
    }
}

impl core::error::Error for CodecError {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::strategies;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn categories() -> CategorySet {
        let mut set = CategorySet::EMPTY;
        for name in ["functionality", "statistics", "marketing"] {
            assert!(set.push(Category::named(name.as_bytes()).unwrap()));
        }
        set
    }

    fn day(year: i32, ordinal: u16) -> Date {
        Date::from_ordinal_date(year, ordinal).unwrap()
    }

    #[test]
    fn a_grant_is_short_and_readable() {
        let mut choices = Choices::NONE;
        choices.set(
            0,
            Choice::new(State::Granted, 1, Date::from_calendar_date(2026, Month::November, 23).unwrap()),
        );
        let value = choices.encode(&categories());
        assert_eq!(value, "1-20261123.functionality:g");
        assert!("__Host-consent=".len() + value.len() <= 48);
    }

    #[test]
    fn three_categories_fit_in_72_bytes() {
        let mut choices = Choices::NONE;
        for position in 0..3 {
            choices.set(position, Choice::new(State::Refused, 1, day(2026, 300)));
        }
        assert!("__Host-consent=".len() + choices.encode(&categories()).len() <= 72);
    }

    #[test]
    fn what_is_not_written_is_not_read() {
        let bad: &[&str] = &[
            "",
            "yes",
            "1-20261123",
            "1-20261123.",
            "1-20261123.functionality",
            "1-20261123.functionality:",
            "1-20261123.functionality:G",
            "1-20261123.functionality:g.",
            "1-20261123.functionality:g~",
            "1-20261123.functionality:g.functionality:r",
            "1-20261123.functionality:g~1-20261123.statistics:g",
            "01-20261123.functionality:g",
            "0-20261123.functionality:g",
            "1-20261323.functionality:g",
            "1-20260231.functionality:g",
            "1-2026112.functionality:g",
            "1-+2026112.functionality:g",
            "99999999999-20261123.functionality:g",
            "1-20261123.advertising:g",
            "1-20261123.functionality:g ",
            "\"1-20261123.functionality:g\"",
        ];
        for value in bad {
            assert!(Choices::decode(value.as_bytes(), &categories(), 1).is_err(), "{value}");
        }
    }

    #[test]
    fn an_unknown_category_of_a_later_revision_is_passed_over() {
        let read = Choices::decode(b"3-20261123.functionality:r.later:g", &categories(), 2).unwrap();
        assert_eq!(read.get(0).unwrap().state, State::Refused);
        for value in
            [&b"3-20261123.functionality:g.la\xffter:g"[..], b"3-20261123.:g", b"3-20261123.La ter:g"]
        {
            let read = Choices::decode(value, &categories(), 2);
            assert_eq!(read, Err(CodecError::UnknownCategory), "no server writes {}", value.escape_ascii());
        }
    }

    proptest! {
        #[test]
        fn round_trip(choices in strategies::choices(&categories())) {
            prop_assume!(!choices.is_empty());
            let value = choices.encode(&categories());
            prop_assert_eq!(Choices::decode(value.as_bytes(), &categories(), u32::MAX), Ok(choices));
        }

        #[test]
        fn any_bytes_give_choices_that_encode_to_them_or_an_error(bytes in any::<Vec<u8>>()) {
            if let Ok(choices) = Choices::decode(&bytes, &categories(), u32::MAX) {
                prop_assert_eq!(choices.encode(&categories()).len(), bytes.len());
            }
        }

        #[test]
        fn a_grant_is_only_read_from_bytes_that_encode_it(
            value in "[1-3]-2026(11|12)[0-2][0-9](\\.(functionality|statistics|x):[groi]){0,3}(~[1-3]-202612[0-2][1-9]\\.marketing:[groi])?"
        ) {
            if let Ok(choices) = Choices::decode(value.as_bytes(), &categories(), u32::MAX) {
                let again = choices.encode(&categories());
                prop_assert_eq!(Choices::decode(again.as_bytes(), &categories(), u32::MAX), Ok(choices));
                prop_assert_eq!(value.matches(":g").count(), again.matches(":g").count());
            }
        }
    }
}
