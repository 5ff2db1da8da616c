use super::{mistakes, storage, with};
use crate::policy::{MistakeKind, Policy};
use std::string::ToString;
use std::vec::Vec;

#[test]
fn all_mistakes_at_once_in_the_order_of_their_lines() {
    let document = with(
        &(storage("kind = \"cooky\"\nlifetime = \"500d\"\ncolour = 1")
            + &storage("name = \"a b\"\ncategory = \"marketing\"\nexempt = \"because\"")),
    )
    .replace("phone", "fon");
    let found = mistakes(&document);
    let keys: Vec<&str> = found.iter().map(|mistake| mistake.key.as_str()).collect();
    assert_eq!(
        keys,
        [
            "controller.phone",
            "controller.fon",
            "storage[0].kind",
            "storage[0].lifetime",
            "storage[0].colour",
            "storage[1].name",
            "storage[1].category",
            "storage[1].exempt",
        ]
    );
    assert!(found.is_sorted_by_key(|mistake| mistake.line));
}

#[test]
fn the_report_reads_like_a_compiler_s() {
    let error = Policy::from_toml(&with(&storage("lifetime = \"500d\""))).unwrap_err();
    let shown = error.to_string();
    assert!(
        shown.starts_with(
            "the policy has 1 mistake:\n  line 16: storage[0].lifetime (of `theme`) = \"500d\": "
        ),
        "{shown}"
    );
}

#[test]
fn an_empty_document_has_all_that_is_missing() {
    for document in ["", "\n", "# nothing\n"] {
        let found = mistakes(document);
        let keys: Vec<&str> = found.iter().map(|mistake| mistake.key.as_str()).collect();
        assert_eq!(keys, ["languages", "controller", "authority", "categories.functionality", "revisions"]);
        assert!(found.iter().all(|mistake| mistake.line == 1 && mistake.kind == MistakeKind::Missing));
    }
}

#[test]
fn a_long_value_is_cut() {
    let document = with(&storage(&std::format!("purpose.en = \"It.\"\nnote = \"{}\"", "x".repeat(500))));
    assert!(mistakes(&document)[0].value.ends_with('…'));
    let document = with(&storage("note = \"\"\"first\nsecond\"\"\""));
    assert_eq!(mistakes(&document)[0].value, "\"\"\"first…");
}

#[test]
fn what_is_no_toml() {
    let found =
        mistakes("languages = [\"en\"]\nreask = 180d\nscope = example.com\n\n[controller\nname = \"x\"\n");
    let lines: Vec<usize> = found.iter().map(|mistake| mistake.line).collect();
    assert_eq!(lines, [2, 3, 5]);
    assert!(found.iter().all(|mistake| mistake.kind == MistakeKind::Syntax));
    assert_eq!(found[0].value, "reask = 180d");
}

#[test]
fn a_key_that_stands_twice_is_no_toml() {
    let found = mistakes(&with(&storage("path = \"/\"\npath = \"/a\"")));
    assert_eq!(found.len(), 1);
    assert_eq!((found[0].kind, found[0].value.as_str()), (MistakeKind::Syntax, "path = \"/a\""));
}

#[test]
fn an_open_bracket_is_one_mistake() {
    for open in ["languages = [\"en\"", "languages = { en = 1"] {
        let document = with(&storage("")).replace("languages = [\"en\"]", open);
        assert_eq!(mistakes(&document).len(), 1, "{:#?}", mistakes(&document));
    }
}

#[test]
fn a_deep_document_is_a_mistake_and_no_crash() {
    let document = std::format!("x = {}", "[".repeat(100_000));
    assert!(mistakes(&document).iter().all(|mistake| mistake.kind == MistakeKind::Syntax));
}

#[test]
fn a_list_written_as_one_table_is_said_once() {
    let found = mistakes(
        "[storage]\nname = \"a\"\n\n[storage]\nname = \"b\"\nkind = 1\n\n[storage]\nname = \"c\"\n\n[controller]\n\
         [controller]\nname = \"x\"\n[controller]\n",
    );
    let said: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        said,
        [
            "line 4: [storage]: write [[storage]] above each of them: it is a list",
            "line 12: [controller]: duplicate key",
            "line 14: [controller]: duplicate key"
        ]
    );
}

#[test]
fn a_main_that_returns_the_error_prints_it_for_people() {
    let document = with(&storage("httponly = true"));
    let error = Policy::from_toml(&document).unwrap_err();
    assert_eq!(std::format!("{error:?}"), error.to_string());
    assert!(error.to_string().contains("storage[0].httponly (of `theme`) = true: "), "{error}");
    assert_eq!(error.mistakes()[0].entry, "theme");
}
