//! Parses a policy document (`policy.toml`).
//!
//! Each parser here takes its value from the parsed document, adds mistakes to the one [`Report`], and
//! continues, so that authors see all mistakes at once. A required value is `None` only if its parser has
//! reported a mistake; an invalid optional value then counts as missing. A document with a mistake never
//! returns parts.

mod categories;
mod exemption;
mod known;
mod lifetime;
mod log;
mod name;
mod node;
mod origin;
mod overlap;
mod parties;
mod report;
mod scopes;
mod service_preset;
mod services;
mod storage;
mod table;
mod text;
mod wording;
mod words;

#[cfg(test)]
mod tests;

use self::known::Known;
pub(super) use self::lifetime::seconds;
use self::node::Node;
use self::report::Report;
use self::table::Table;
use super::{MistakeKind, Parts, PolicyError};
use alloc::vec::Vec;
use toml::de::DeTable;

/// The default time for which a decision stands: about half a year.
const DEFAULT_REASK_DAYS: u16 = 180;

pub(super) fn read(document: &str) -> Result<Parts, PolicyError> {
    let report = Report::new(document);
    let (root, errors) = DeTable::parse_recoverable(document);
    let errors: Vec<_> = errors.iter().map(|e| (e.span().map_or(0, |at| at.start), e.message())).collect();
    report.add_syntax(&errors);
    // The parts that the TOML parser recovers from a broken document would only add false mistakes.
    let parts = if errors.is_empty() { read_root(&report, root.get_ref()) } else { None };
    report.finish(parts, root.get_ref())
}

fn read_root<'d>(report: &'d Report<'d>, root: &'d DeTable<'d>) -> Option<Parts> {
    let mut table = Table::root(report, root);
    let languages = known::languages(&mut table);
    let reask_days = table.get("reask").map_or(Some(DEFAULT_REASK_DAYS), |node| lifetime::days(&node));
    let scope = known::scope(&mut table);
    let controller = parties::controller(&mut table);
    let authority = parties::authority(&mut table);

    let mut known = Known { languages, scope, categories: Vec::new(), services: Vec::new() };
    let categories = categories::read(&mut table, &mut known);
    let services = services::read(&mut table, &mut known);
    let storage = storage::read(&mut table, &known);
    let revisions = log::read(&mut table, &known);
    table.finish();

    let (storage, retired) = storage?;
    let parts = Parts {
        languages: known.languages?,
        reask_days: reask_days?,
        controller: controller?,
        authority: authority?,
        categories: categories?,
        services: known.services.into_iter().filter_map(|known| known.service).collect(),
        storage,
        retired,
        scope: known.scope?,
        revisions: revisions?,
    };
    services?.check_exempt(|category| parts.is_asked(category));
    Some(parts)
}
