use super::{CATEGORY, LOG, PARTIES, assert_mistake, good, with};
use crate::policy::Category;
use crate::policy::MistakeKind::{Invalid, LogOutOfOrder, Missing, UnknownCategory, Wording};
use std::format;
use std::string::String;
use time::{Date, Month};

/// Returns a document with this log.
fn log(log: &str) -> String {
    format!("languages = [\"en\"]\n{PARTIES}{CATEGORY}{log}")
}

fn revision(lines: &str) -> String {
    format!("[[revisions]]\n{lines}\nsummary.en = \"It.\"\n")
}

#[test]
fn a_log_from_old_to_new() {
    let policy = good(&log(&(revision("number = 1\neffective = 2023-02-09")
        + &revision("number = 3\neffective = \"2023-02-09\"\nreask = []")
        + &revision(
            "number = 4\neffective = 2026-01-31\nreask = [\"functionality\"]\ndocument.en = \"All.\"",
        ))));
    let [first, second, third] = policy.revisions() else { panic!("three revisions") };
    assert_eq!((first.number, second.number, third.number), (1, 3, 4));
    assert_eq!(Ok(second.effective), Date::from_calendar_date(2023, Month::February, 9));
    assert_eq!(first.effective, second.effective);
    assert_eq!(first.reask, None);
    assert_eq!(second.reask.as_deref(), Some([].as_slice()));
    assert_eq!(third.reask.as_deref(), Some([Category::FUNCTIONALITY].as_slice()));
    assert!(!third.document.is_empty());
    assert_eq!(policy.revision(), 4);
    assert_eq!(policy.standing_since(Category::FUNCTIONALITY), 4);
}

#[test]
fn numbers_grow() {
    for second in ["1", "2"] {
        let document = log(&(revision("number = 2\neffective = 2023-02-09")
            + &revision(&format!("number = {second} # <-\neffective = 2024-01-01"))));
        assert_mistake(&document, LogOutOfOrder, "revisions[1].number", second);
    }
}

#[test]
fn dates_do_not_go_back() {
    let document = log(&(revision("number = 1\neffective = 2023-02-09")
        + &revision("number = 2\neffective = 2023-02-08 # <-")));
    assert_mistake(&document, LogOutOfOrder, "revisions[1].effective", "2023-02-08");
}

#[test]
fn a_log_has_an_entry() {
    let document = format!("languages = [\"en\"] # <-\n{PARTIES}{CATEGORY}");
    assert_mistake(&document, Missing, "revisions", "");
    let document = format!("languages = [\"en\"]\nrevisions = [] # <-\n{PARTIES}{CATEGORY}");
    assert_mistake(&document, Missing, "revisions", "[]");
}

#[test]
fn what_must_be_said_of_a_revision() {
    for key in ["number", "effective", "summary"] {
        let entry: String =
            LOG.lines().filter(|line| !line.starts_with(key)).flat_map(|line| [line, "\n"]).collect();
        let document = log(&entry).replace("[[revisions]]", "[[revisions]] # <-");
        assert_mistake(&document, Missing, &format!("revisions[0].{key}"), "");
    }
}

#[test]
fn a_number_counts() {
    for wrong in ["0", "-1", "1.5", "\"1\"", "1000000000"] {
        let document = log(&revision(&format!("number = {wrong} # <-\neffective = 2023-02-09")));
        assert_mistake(&document, Invalid, "revisions[0].number", wrong);
    }
    assert_eq!(good(&log(&revision("number = 0x1_0\neffective = 2023-02-09"))).revision(), 16);
}

#[test]
fn a_date_is_a_day_of_the_calendar() {
    for wrong in [
        "\"2023-02-29\"",
        "\"2023-2-9\"",
        "\"9 February 2023\"",
        "2023",
        "2023-02-09T00:00:00Z",
        "07:32:00",
        "\"2023-02-09-01\"",
        "\"\"",
    ] {
        let document = log(&revision(&format!("number = 1\neffective = {wrong} # <-")));
        assert_mistake(&document, Invalid, "revisions[0].effective", wrong);
    }
}

#[test]
fn a_revision_asks_for_declared_categories() {
    let document = log(&revision("number = 1\neffective = 2023-02-09\nreask = [\"statistics\"] # <-"));
    assert_mistake(&document, UnknownCategory, "revisions[0].reask[0]", "\"statistics\"");
}

#[test]
fn history_stays_as_it_was_and_the_present_is_checked() {
    let claim = "document.en = \"By using this website you consent to it.\" # <-";
    let earlier = revision(&format!("number = 1\neffective = 2023-02-09\n{claim}"));
    good(&log(&(earlier.clone() + &revision("number = 2\neffective = 2024-01-01"))));
    assert_mistake(
        &log(&earlier),
        Wording,
        "revisions[0].document.en",
        "\"By using this website you consent to it.\"",
    );
}

#[test]
fn an_entry_is_a_table() {
    let document = with("").replace(LOG, "").replace("languages", "revisions = [1] # <-\nlanguages");
    assert_mistake(&document, Invalid, "revisions[0]", "1");
}
