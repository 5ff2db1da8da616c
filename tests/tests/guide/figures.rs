//! The figures in the README.

use crate::blocks::{read, root};
use consent_core::consent::{Action, Circumstances, CookieName, Decision};
use consent_core::{Consent, policy};
use consent_wasm::ASSETS;
use std::fs;
use time::{Date, Month};

#[test]
fn the_readme_states_the_bytes_that_are_sent_and_stored() {
    let readme = read("README.md");
    let row = readme.lines().find(|line| line.ends_with("| everything works |")).unwrap();
    let cells: Vec<&str> = row.split('|').map(str::trim).collect();
    let number = |cell: &str| cell.replace(',', "").parse::<usize>().unwrap();

    // Pages of the site load neither the style of our own pages nor the script for the inventory.
    let sent: usize = ASSETS
        .iter()
        .filter(|asset| !["page.css", "inventory.js"].contains(&asset.name))
        .map(|asset| asset.brotli.len())
        .sum();
    let said = number(cells[2]);
    assert!(sent.abs_diff(said) * 33 < sent, "README.md says {said} bytes, and it is {sent}");

    let today = Date::from_calendar_date(2026, Month::November, 23).unwrap();
    let decided = Consent::undecided(&policy::example().unwrap(), Circumstances::new(today))
        .decide(&Decision::new(Action::Accept));
    let line = decided.set_cookie(CookieName::Host);
    assert_eq!(number(cells[3]), line.split(';').next().unwrap().len(), "{line}");
    assert_eq!(number(cells[4]), fs::read_dir(root().join("consent-core/texts")).unwrap().count());
}
