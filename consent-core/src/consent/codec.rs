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
//! The stamp (revision and day) precedes the categories that were decided under it. So
//! `1-20261123.functionality:g` is complete in 26 bytes, and a script without a codec can compare prefixes. A
//! refusal contains nothing that distinguishes two visitors.

use super::State;
use crate::cookies::{CookieName, find, push_digits, read_digits};
use crate::policy::{Category, CategorySet, MAX_CATEGORIES};
use alloc::string::String;
use core::fmt;
use time::{Date, Month};

/// The maximum length of a value, in bytes. Longer values are invalid.
pub const MAX_VALUE_BYTES: usize = 1024;

/// One stored choice: the decision on a category, its day and its revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    state: State,
    revision: u32,
    day: Date,
}

impl Choice {
    /// Creates a choice. Returns `None` for [`State::Undecided`], for revision 0 and for a year without
    /// exactly four digits.
    #[must_use]
    pub fn new(state: State, revision: u32, day: Date) -> Option<Self> {
        let fits = state != State::Undecided && revision > 0 && (0..=9999).contains(&day.year());
        fits.then_some(Self { state, revision, day })
    }

    /// Returns the decision; never [`State::Undecided`].
    #[must_use]
    pub const fn state(self) -> State {
        self.state
    }

    /// Returns the revision that was in force; never 0.
    #[must_use]
    pub const fn revision(self) -> u32 {
        self.revision
    }

    /// Returns the day (UTC) of the decision.
    #[must_use]
    pub const fn day(self) -> Date {
        self.day
    }

    fn stamp(&self) -> Stamp {
        (self.revision, self.day)
    }
}

/// The maximum number of different stamps in one set of choices: a policy of 8 categories never needs more.
pub const MAX_STAMPS: usize = 8;

/// The revision and the day of a decision.
type Stamp = (u32, Date);

/// The choices on all categories of a [`CategorySet`], by index.
///
/// The choices travel with every request, so the value is small. A decision covers all categories at once, so
/// its stamp is stored once for all of them. At most [`MAX_STAMPS`] stamps differ.
#[derive(Clone, Copy)]
pub struct Choices {
    /// For each category: the number of the state, and in the higher bits the index of the stamp. 0 means no
    /// choice.
    slots: [u8; MAX_CATEGORIES],
    /// Revision 0 marks a free entry.
    stamps: [Stamp; MAX_STAMPS],
}

/// The bits of a slot that hold the state.
const STATE_BITS: u32 = 4;

impl Choices {
    /// Returns choices without any choice.
    pub const NONE: Self = Self { slots: [0; MAX_CATEGORIES], stamps: [(0, Date::MIN); MAX_STAMPS] };

    /// Returns the choice on the category at this index.
    #[must_use]
    pub fn get(&self, position: usize) -> Option<Choice> {
        let slot = *self.slots.get(position).filter(|slot| **slot != 0)?;
        let state = *State::ALL.get(usize::from(slot & ((1 << STATE_BITS) - 1)))?;
        let (revision, day) = *self.stamps.get(usize::from(slot >> STATE_BITS))?;
        Some(Choice { state, revision, day })
    }

    /// Sets or clears the choice on the category at this index. An index out of range is ignored.
    ///
    /// A choice that would exceed [`MAX_STAMPS`] is omitted: an absent choice means off, so the visitor is
    /// asked or notified again.
    pub fn set(&mut self, position: usize, choice: Option<Choice>) {
        let index = choice.and_then(|choice| self.index_of(choice.stamp()));
        if let Some(slot) = self.slots.get_mut(position) {
            *slot = choice.zip(index).map_or(0, |(choice, index)| slot_of(choice.state, index));
        }
    }

    /// Returns the index of a stamp, or else of the first free entry.
    fn index_of(&mut self, stamp: Stamp) -> Option<u8> {
        let index = self.stamps.iter().position(|known| *known == stamp || known.0 == 0)?;
        *self.stamps.get_mut(index)? = stamp;
        u8::try_from(index).ok()
    }

    fn iter(&self) -> impl Iterator<Item = Option<Choice>> {
        (0..MAX_CATEGORIES).map(|position| self.get(position))
    }

    /// Returns whether there is no choice.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.slots == [0; MAX_CATEGORIES]
    }

    /// Returns the highest revision of any choice, or 0 if there is none.
    #[must_use]
    pub fn highest_revision(&self) -> u32 {
        self.iter().flatten().map(|choice| choice.revision).max().unwrap_or(0)
    }

    /// Returns the cookie's value. Empty if there is no choice.
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

    /// Returns the `Set-Cookie` header that stores these choices for as long as a decision stands, or a
    /// deletion if there is nothing to store.
    #[must_use]
    pub fn set_cookie(&self, categories: &CategorySet, name: CookieName, reask_days: u16) -> String {
        let mut line = String::with_capacity(128);
        self.write_set_cookie(categories, name, reask_days, &mut line);
        line
    }

    /// Writes the same header as [`set_cookie`](Self::set_cookie), without allocating.
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

    /// Parses a cookie's value. It never panics: any bytes give choices or an error.
    ///
    /// # Errors
    ///
    /// Returns an error for every value that [`encode`](Self::encode) would not write: see [`CodecError`]. An
    /// unknown category is an error under revisions up to `current`. Under a higher revision, from a server
    /// with a newer policy, it is skipped.
    pub fn decode(value: &[u8], categories: &CategorySet, current: u32) -> Result<Self, CodecError> {
        let mut choices = Self::NONE;
        choices.read(value, categories, current).map(|()| choices)
    }

    /// Parses a cookie's value into empty choices. After an error, their content is unspecified.
    pub(super) fn read(
        &mut self,
        value: &[u8],
        categories: &CategorySet,
        current: u32,
    ) -> Result<(), CodecError> {
        if value.len() > MAX_VALUE_BYTES {
            return Err(CodecError::TooLong);
        }
        let (mut group, mut previous) = (value, None);
        loop {
            let (stamp, mut rest) = read_stamp(group).ok_or(CodecError::Stamp)?;
            if previous.replace(stamp) == Some(stamp) {
                return Err(CodecError::Stamp);
            }
            let index = self.index_of(stamp).ok_or(CodecError::ManyStamps)?;
            // A group has at least one item.
            loop {
                let (name, state, behind) = read_item(rest).ok_or(CodecError::Item)?;
                match categories.position_of(name).and_then(|position| self.slots.get_mut(position)) {
                    Some(slot) if *slot == 0 => *slot = slot_of(state, index),
                    Some(_) => return Err(CodecError::Repeated),
                    None if stamp.0 > current && Category::named(name).is_some() => {}
                    None => return Err(CodecError::UnknownCategory),
                }
                match behind {
                    [] => return Ok(()),
                    [b'~', next @ ..] => {
                        group = next;
                        break;
                    }
                    _ => rest = behind,
                }
            }
        }
    }
}

fn slot_of(state: State, index: u8) -> u8 {
    state as u8 | index << STATE_BITS
}

impl Default for Choices {
    fn default() -> Self {
        Self::NONE
    }
}

impl PartialEq for Choices {
    fn eq(&self, other: &Self) -> bool {
        // The index of a stamp is irrelevant to equality.
        self.iter().eq(other.iter())
    }
}

impl Eq for Choices {}

impl fmt::Debug for Choices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// Writes ASCII.
fn push_bytes(out: &mut impl Extend<char>, bytes: &[u8]) {
    out.extend(bytes.iter().map(|byte| char::from(*byte)));
}

/// Parses the stamp at the start of a group, and returns the rest.
fn read_stamp(group: &[u8]) -> Option<(Stamp, &[u8])> {
    let at = find(group, b'-')?;
    let (revision, rest) = group.split_at_checked(at)?;
    // A day always has eight digits.
    let (day, rest) = rest.get(1..)?.split_first_chunk::<8>()?;
    if revision.first() == Some(&b'0') {
        return None;
    }
    Some(((read_digits(revision)?, self::day(read_digits(day)?)?), rest))
}

/// Parses eight digits as a day: `20261123`.
#[must_use]
pub fn day(digits: u32) -> Option<Date> {
    let month = Month::try_from(u8::try_from(digits / 100 % 100).ok()?).ok()?;
    let year = i32::try_from(digits / 10_000).ok()?;
    Date::from_calendar_date(year, month, u8::try_from(digits % 100).ok()?).ok()
}

/// Parses the category and the state at the start of an item, and returns the rest.
fn read_item(rest: &[u8]) -> Option<(&[u8], State, &[u8])> {
    let item = rest.strip_prefix(b".")?;
    match item.split_at_checked(find(item, b':')?)? {
        (name, [_, letter, behind @ ..]) => Some((name, State::from_letter(*letter)?, behind)),
        _ => None,
    }
}

/// The error of an invalid consent cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CodecError {
    /// The value is longer than [`MAX_VALUE_BYTES`].
    TooLong,
    /// A group does not start with a revision and a day, or repeats the previous stamp.
    Stamp,
    /// An item is not a category with a state, or a group has no items.
    Item,
    /// The policy does not declare a category.
    UnknownCategory,
    /// A category occurs twice.
    Repeated,
    /// There are more than [`MAX_STAMPS`] stamps.
    ManyStamps,
}

impl fmt::Display for CodecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => "the value is too long",
            Self::Stamp => "a group has no revision and day of its own",
            Self::Item => "an item is no category with a state",
            Self::UnknownCategory => "a category is not declared",
            Self::Repeated => "a category stands twice",
            Self::ManyStamps => "there are too many groups",
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

    #[test]
    fn choices_are_small_and_their_stamps_few() {
        assert!(size_of::<Choices>() <= 80);
        let mut choices = Choices::NONE;
        let choice = |revision| Choice::new(State::Granted, revision, day(2026, 300));
        for position in 0..MAX_CATEGORIES {
            choices.set(position, choice(u32::try_from(position).unwrap() + 1));
        }
        let kept: Vec<_> = (0..MAX_CATEGORIES).filter(|position| choices.get(*position).is_some()).collect();
        assert_eq!(kept, (0..MAX_STAMPS).collect::<Vec<_>>(), "what does not fit is off");
        choices.set(0, choice(2));
        assert_eq!(choices.get(0), choice(2));
    }

    #[test]
    fn more_stamps_than_fit_are_no_consent() {
        let mut set = CategorySet::EMPTY;
        for letter in b'a'..=b'i' {
            assert!(set.push(Category::named(&[letter]).unwrap()));
        }
        let group = |revision: u8| alloc::format!("{revision}-20261123.{}:g", char::from(b'`' + revision));
        let value = (1..=9).map(group).collect::<Vec<_>>().join("~");
        assert_eq!(Choices::decode(value.as_bytes(), &set, 9), Err(CodecError::ManyStamps));
        let (fits, _) = value.rsplit_once('~').unwrap();
        assert_eq!(Choices::decode(fits.as_bytes(), &set, 9).unwrap().encode(&set), fits);
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
