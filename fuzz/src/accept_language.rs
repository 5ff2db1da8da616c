use consent_core::policy::{self, Policy};
use std::sync::LazyLock;

/// In English and in German.
static POLICY: LazyLock<Policy> = LazyLock::new(|| policy::example().expect("a policy"));

/// More ranges than these are not read.
const MAX_RANGES: usize = 32;

/// An `Accept-Language`: a language of the policy, and the first one unless another is asked for.
pub fn accept_language(data: &[u8]) {
    let language = |accepted: &[u8]| POLICY.language_for(Some(accepted)).as_str();
    let found = language(data);
    let ranges = || data.split(|byte| *byte == b',');
    let asked = ranges().any(|range| {
        let tag = range.trim_ascii();
        tag.get(..2).is_some_and(|start| start.eq_ignore_ascii_case(found.as_bytes()))
    });
    assert!(found == "en" || found == "de" && asked, "{found} for {}", data.escape_ascii());

    assert_eq!(language(&data.to_ascii_uppercase()), found, "letters have no case");
    assert_eq!(language(&ranges().collect::<Vec<_>>().join(&b" , "[..])), found, "blanks mean nothing");
    if ranges().count() < MAX_RANGES {
        assert_eq!(language(&[data, b",tlh;q=1"].concat()), found, "what is not there changes nothing");
        assert_eq!(language(&[data, b",de;q=0"].concat()), found, "what is not wanted changes nothing");
        assert_eq!(language(&[b"de;q=1,", data].concat()), "de", "of the best, the first");
    }
}
