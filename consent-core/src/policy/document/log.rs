use super::super::{Category, Revision};
use super::text::{self, Claims};
use super::{Known, MistakeKind, Node, Table, words};
use alloc::string::String;
use alloc::vec::Vec;
use time::{Date, Month};
use toml::de::DeValue;

/// Nine digits: the largest number that fits every part of the consent cookie.
const MAX_NUMBER: u32 = 999_999_999;

/// Parses the log, oldest revision first.
pub(super) fn read(root: &mut Table<'_>, known: &Known) -> Option<Vec<Revision>> {
    const HELP: &str = "write at least one [[revisions]] with number, effective and summary";
    let node = root.require("revisions", HELP)?;
    let items = node.list(HELP)?;
    if items.is_empty() {
        node.mistake(MistakeKind::Missing, HELP);
    }
    let mut last = Last::default();
    let read = |(at, item): (usize, &Node<'_>)| {
        // The texts of earlier revisions are history. Only the last one describes the site today.
        let claims = if at + 1 == items.len() { Claims::Checked } else { Claims::Kept };
        revision(item, known, claims, &mut last)
    };
    let revisions: Vec<Option<Revision>> = items.iter().enumerate().map(read).collect();
    revisions.into_iter().collect()
}

/// The last valid number and date.
#[derive(Default)]
struct Last {
    number: Option<u32>,
    effective: Option<Date>,
}

fn revision(node: &Node<'_>, known: &Known, claims: Claims, last: &mut Last) -> Option<Revision> {
    let mut table = node.table("write a table: [[revisions]]")?;
    let number = number(&mut table, last);
    let effective = effective(&mut table, last);
    let summary = text::required(&mut table, "summary", "what changed, in a sentence", known);
    let reask = match table.get("reask") {
        Some(node) => reask(&node, known).map(|(categories, services)| (Some(categories), services)),
        None => Some((None, Vec::new())),
    };
    let document = text::optional(&mut table, "document", "the text that is in force", known, claims);
    table.finish();
    let (reask, reask_services) = reask?;
    Some(Revision {
        number: number?,
        effective: effective?,
        summary: summary?,
        reask,
        reask_services,
        document: document?,
    })
}

fn number(table: &mut Table<'_>, last: &mut Last) -> Option<u32> {
    let node = table.require("number", "write the revision's number: number = 1")?;
    let number = node.number(MAX_NUMBER)?;
    if last.number.is_some_and(|last| number <= last) {
        node.mistake(
            MistakeKind::LogOutOfOrder,
            "the log goes from old to new: each number is higher than the previous one",
        );
    }
    last.number = Some(number);
    Some(number)
}

fn effective(table: &mut Table<'_>, last: &mut Last) -> Option<Date> {
    const HELP: &str = "write the day from which it is in force: effective = 2023-02-09";
    let node = table.require("effective", HELP)?;
    let Some(date) = date(node.value()) else { return node.invalid(HELP) };
    if last.effective.is_some_and(|last| date < last) {
        node.mistake(
            MistakeKind::LogOutOfOrder,
            "the log goes from old to new: no revision is in force before the previous one",
        );
    }
    last.effective = Some(date);
    Some(date)
}

/// Parses the names of categories and the ids of services. A name of both means both.
fn reask(node: &Node<'_>, known: &Known) -> Option<(Vec<Category>, Vec<String>)> {
    const HELP: &str =
        "write the categories or services whose grants it makes stale: reask = [\"functionality\"]";
    let names = Node::each_once(&node.list(HELP)?, |item| {
        let name = item.text(HELP)?;
        let category = known.categories.iter().find(|category| category.as_str() == name);
        let service = known.services.iter().find(|service| service.id == name);
        match (category, service) {
            (None, None) => {
                let categories = known.categories.iter().map(Category::as_str);
                let services = known.services.iter().map(|service| service.id.as_str());
                let names: Vec<&str> = categories.chain(services).collect();
                let help = words::instead_of(name, "a category or service that this policy declares", &names);
                item.mistake(MistakeKind::UnknownCategory, help);
                None
            }
            (category, service) => Some((category.copied(), service.map(|service| service.id.clone()))),
        }
    })?;
    let (categories, services): (Vec<_>, Vec<_>) = names.into_iter().unzip();
    Some((categories.into_iter().flatten().collect(), services.into_iter().flatten().collect()))
}

/// Parses a TOML date, or a string with a date.
fn date(value: &DeValue<'_>) -> Option<Date> {
    let (year, month, day) = match value {
        DeValue::Datetime(written) if written.time.is_none() => {
            let date = written.date?;
            (i32::from(date.year), date.month, date.day)
        }
        DeValue::String(text) => {
            let mut fields = text.split('-');
            let year = digits(fields.next()?, 4)?;
            let month = u8::try_from(digits(fields.next()?, 2)?).ok()?;
            let day = u8::try_from(digits(fields.next()?, 2)?).ok()?;
            if fields.next().is_some() {
                return None;
            }
            (year, month, day)
        }
        _ => return None,
    };
    Date::from_calendar_date(year, Month::try_from(month).ok()?, day).ok()
}

fn digits(text: &str, width: usize) -> Option<i32> {
    let written = text.len() == width && text.bytes().all(|b| b.is_ascii_digit());
    if written { text.parse().ok() } else { None }
}
