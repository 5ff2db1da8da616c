//! Days, lifetimes and lists in words.

use super::html::Html;
use super::view::View;
use crate::policy::{Declaration, Key, Lifetime, Piece, Texts, Unit};
use time::{Date, Month};

const DAY: u32 = 86_400;

impl Texts {
    /// Renders a text. `fill` renders each placeholder, and receives the name in the braces.
    pub(super) fn push(&self, html: &mut Html, key: Key, mut fill: impl FnMut(&mut Html, &str)) {
        for piece in self.pieces(key) {
            match piece {
                Piece::Words(words) => {
                    html.text(words);
                }
                Piece::Name(name) => fill(html, name),
            }
        }
    }
}

/// Renders `<time datetime="2026-11-23">23 November 2026</time>`.
pub(super) fn push_date(html: &mut Html, texts: &Texts, date: Date) {
    let year = u32::try_from(date.year()).unwrap_or(0);
    html.raw("<time datetime=\"").padded(year, 4).raw("-").padded(u32::from(u8::from(date.month())), 2);
    html.raw("-").padded(u32::from(date.day()), 2).raw("\">");
    texts.push(html, Key::Date, |html, name| {
        match name {
            "day" => html.number(u32::from(date.day())),
            "month" => html.text(texts.get(month(date.month()))),
            _ => html.number(year),
        };
    });
    html.raw("</time>");
}

/// Renders a lifetime: `365 days after your last visit`.
pub(super) fn push_lifetime(html: &mut Html, texts: &Texts, lifetime: Lifetime, renews: bool) {
    match lifetime {
        Lifetime::Session => {
            html.text(texts.get(Key::LifetimeSession));
        }
        Lifetime::Seconds(seconds) if renews => {
            texts.push(html, Key::LifetimeRenews, |html, _| push_duration(html, texts, seconds));
        }
        Lifetime::Seconds(seconds) => push_duration(html, texts, seconds),
    }
}

/// Renders days in words.
pub(super) fn push_days(html: &mut Html, texts: &Texts, days: u16) {
    push_duration(html, texts, u32::from(days) * DAY);
}

/// Uses the largest unit that is exact.
fn push_duration(html: &mut Html, texts: &Texts, seconds: u32) {
    if seconds == 365 * DAY {
        html.text(texts.get(Key::Year));
        return;
    }
    let units = [(DAY, Unit::Day), (3600, Unit::Hour), (60, Unit::Minute)];
    let exact = units.into_iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(*unit));
    let (length, unit) = exact.unwrap_or((1, Unit::Second));
    let number = seconds / length;
    texts.push(html, texts.duration(unit, number), |html, _| {
        html.number(number);
    });
}

/// Renders `a, b and c`, each item with `write`.
pub(super) fn push_list<T>(
    html: &mut Html,
    texts: &Texts,
    items: impl IntoIterator<Item = T>,
    mut write: impl FnMut(&mut Html, T),
) {
    let mut items = items.into_iter().peekable();
    let mut first = true;
    while let Some(item) = items.next() {
        if !first {
            let key = if items.peek().is_some() { Key::ListSeparator } else { Key::ListLast };
            // The braces stand for the items around, which are rendered here.
            texts.push(html, key, |_, _| {});
        }
        write(html, item);
        first = false;
    }
}

/// Renders a list item for each declaration with features that need it.
pub(super) fn push_features<'a>(
    html: &mut Html,
    view: &View<'_>,
    storage: impl IntoIterator<Item = &'a Declaration>,
) {
    for declared in storage {
        html.raw("<li>");
        view.push_localized(html, &declared.required_by);
        html.raw("</li>");
    }
}

const fn month(month: Month) -> Key {
    match month {
        Month::January => Key::January,
        Month::February => Key::February,
        Month::March => Key::March,
        Month::April => Key::April,
        Month::May => Key::May,
        Month::June => Key::June,
        Month::July => Key::July,
        Month::August => Key::August,
        Month::September => Key::September,
        Month::October => Key::October,
        Month::November => Key::November,
        Month::December => Key::December,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::Language;
    use alloc::string::String;

    fn written(language: &str, write: impl FnOnce(&mut Html, &Texts)) -> String {
        let mut html = Html::default();
        write(&mut html, &Texts::of(&Language::parse(language).unwrap()));
        html.finish()
    }

    #[test]
    fn a_day_in_words() {
        let day = Date::from_calendar_date(2023, Month::February, 9).unwrap();
        let written = |language| written(language, |html, texts| push_date(html, texts, day));
        assert_eq!(written("en"), "<time datetime=\"2023-02-09\">9 February 2023</time>");
        assert_eq!(written("de"), "<time datetime=\"2023-02-09\">9. Februar 2023</time>");
    }

    #[test]
    fn lifetimes_in_words() {
        let cases = [
            (Lifetime::Session, false, "Until you close the browser"),
            (Lifetime::Seconds(31_536_000), false, "1 year"),
            (Lifetime::Seconds(34_560_000), false, "400 days"),
            (Lifetime::Seconds(86_400), false, "1 day"),
            (Lifetime::Seconds(90_000), false, "25 hours"),
            (Lifetime::Seconds(1_800), true, "30 minutes after your last visit"),
            (Lifetime::Seconds(61), false, "61 seconds"),
            (Lifetime::Seconds(0), false, "0 seconds"),
        ];
        for (lifetime, renews, words) in cases {
            assert_eq!(written("en", |html, texts| push_lifetime(html, texts, lifetime, renews)), words);
        }
    }

    #[test]
    fn lists_in_words() {
        let list = |items: &[&str]| {
            written("en", |html, texts| {
                push_list(html, texts, items, |html, item| {
                    html.text(item);
                });
            })
        };
        assert_eq!(list(&[]), "");
        assert_eq!(list(&["a"]), "a");
        assert_eq!(list(&["a", "b"]), "a and b");
        assert_eq!(list(&["a", "b", "<c>"]), "a, b and &lt;c&gt;");
    }

    #[test]
    fn braces_are_filled() {
        let texts = Texts::of(&Language::parse("en").unwrap());
        let mut html = Html::default();
        texts.push(&mut html, Key::Date, |html, name| {
            html.raw("<b>").text(name).raw("</b>");
        });
        assert_eq!(html.finish(), "<b>day</b> <b>month</b> <b>year</b>");
    }
}
