use super::language::{family, written};
use super::{Language, Policy};

impl Policy {
    /// Returns the response's language for the request's `Accept-Language` headers, joined with commas. Each
    /// accepted range, best first, is looked up among the policy's languages (RFC 4647, section 3.4), and
    /// then by its primary subtag. If no range matches, the policy's first language is used. It never fails:
    /// any bytes give a language.
    ///
    /// ```
    /// let policy = consent_core::policy::example()?;
    /// assert_eq!(policy.language_for(Some(b"fr, de-CH;q=0.8, en;q=0.5")).as_str(), "de");
    /// assert_eq!(policy.language_for(Some(b"tlh")).as_str(), "en");
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn language_for(&self, accept_language: Option<&[u8]>) -> &Language {
        negotiate(self.languages(), accept_language.unwrap_or_default())
            .unwrap_or_else(|| self.default_language())
    }

    /// The policy's language for a language tag, such as a page's `<html lang>`, if it has one: the language
    /// that the tag looks up (RFC 4647, section 3.4), else one with the same primary subtag.
    ///
    /// ```
    /// let policy = consent_core::policy::example()?;
    /// assert_eq!(policy.language_of("de-AT").map(|language| language.as_str()), Some("de"));
    /// assert_eq!(policy.language_of("tlh"), None);
    /// # Ok::<(), consent_core::PolicyError>(())
    /// ```
    #[must_use]
    pub fn language_of(&self, tag: &str) -> Option<&Language> {
        let tag = tag.trim();
        // `*` is a range, and no language's tag.
        if tag.is_empty() || tag == "*" { None } else { lookup(self.languages(), tag.as_bytes()) }
    }
}

/// The maximum number of ranges that are read; no browser sends more.
const MAX_RANGES: usize = 32;

fn negotiate<'a>(languages: &'a [Language], accepted: &[u8]) -> Option<&'a Language> {
    let mut best: Option<(u16, &Language)> = None;
    for range in accepted.split(|byte| *byte == b',').take(MAX_RANGES) {
        let Some((tag, weight)) = read_range(range) else { continue };
        // Among equal weights, the first range counts.
        if best.is_some_and(|(known, _)| known >= weight) {
            continue;
        }
        if let Some(language) = lookup(languages, tag) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

fn lookup<'a>(languages: &'a [Language], range: &[u8]) -> Option<&'a Language> {
    if range == b"*" {
        return languages.first();
    }
    let range = core::str::from_utf8(range).ok()?;
    let find = |matches: &dyn Fn(&str) -> bool| languages.iter().find(|known| matches(known.as_str()));
    let mut prefix = range;
    let exact = loop {
        if let Some(found) = find(&|known| known.eq_ignore_ascii_case(prefix)) {
            break Some(found);
        }
        let Some((shorter, _)) = prefix.rsplit_once('-') else { break None };
        prefix = shorter;
        // A single letter or digit belongs to the next subtag.
        if let Some((shorter, [_])) = prefix.rsplit_once('-').map(|(head, tail)| (head, tail.as_bytes())) {
            prefix = shorter;
        }
    };
    // `zh` says nothing of the script; `zh-tw` does.
    let is_written = |known: &str| written(known).eq_ignore_ascii_case(written(range));
    exact
        .filter(|found| is_written(found.as_str()))
        .or_else(|| find(&is_written))
        .or(exact)
        // Visitors who ask for `pt` get `pt-br` rather than another language.
        .or_else(|| find(&|known| family(known).eq_ignore_ascii_case(family(range))))
}

/// Parses a language range and its weight in thousandths. Returns `None` if it is invalid or not accepted.
fn read_range(range: &[u8]) -> Option<(&[u8], u16)> {
    let mut parts = range.split(|byte| *byte == b';').map(<[u8]>::trim_ascii);
    let tag = parts.next().filter(|tag| !tag.is_empty())?;
    let mut weight = 1000;
    for parameter in parts {
        if let [b'q' | b'Q', b'=', value @ ..] = parameter {
            weight = read_weight(value.trim_ascii())?;
        }
    }
    (weight > 0).then_some((tag, weight))
}

/// Parses `0.8` as 800 (RFC 9110, section 12.4.2).
fn read_weight(value: &[u8]) -> Option<u16> {
    let (whole, rest) = value.split_first()?;
    let whole = match whole {
        b'0' => 0,
        b'1' => 1000,
        _ => return None,
    };
    let digits = match rest {
        [] => &[],
        [b'.', digits @ ..] if digits.len() <= 3 => digits,
        _ => return None,
    };
    let mut weight = whole;
    for (digit, unit) in digits.iter().zip([100, 10, 1]) {
        weight += u16::from(digit.checked_sub(b'0').filter(|digit| *digit <= 9)?) * unit;
    }
    (weight <= 1000).then_some(weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    fn languages(tags: &[&str]) -> Vec<Language> {
        tags.iter().map(|tag| Language::parse(tag).unwrap()).collect()
    }

    #[test]
    fn the_best_that_there_is() {
        let known = languages(&["en", "de", "pt-br", "zh-hant"]);
        for (accepted, expected) in [
            ("de", Some("de")),
            ("DE-at", Some("de")),
            ("fr, de;q=0.1", Some("de")),
            ("en;q=0.5, de;q=0.6", Some("de")),
            ("en;q=0.5,de;q=0.5", Some("en")),
            ("de;q=0, en;q=0.1", Some("en")),
            ("pt", Some("pt-br")),
            ("pt-PT", Some("pt-br")),
            ("zh-Hant-TW", Some("zh-hant")),
            ("zh-Hant-x-private", Some("zh-hant")),
            ("*", Some("en")),
            ("de;q=1.0, *;q=0.1", Some("de")),
            ("de;q=1.001, en;q=0.2", Some("en")),
            ("de;q=x", None),
            ("fr", None),
            ("", None),
            (",;,", None),
            ("e", None),
            ("\u{e9}", None),
        ] {
            let found = negotiate(&known, accepted.as_bytes()).map(Language::as_str);
            assert_eq!(found, expected, "{accepted}");
        }
    }

    #[test]
    fn related_tags_find_one_another() {
        for (known, range, expected) in [
            // Norwegian: `no` is bokmål in practice, and readers of nynorsk read bokmål.
            (&["en", "nb"][..], "no", Some("nb")),
            (&["en", "nb"], "no-NO", Some("nb")),
            (&["en", "nb"], "nn", Some("nb")),
            (&["en", "nb"], "NN-no", Some("nb")),
            (&["en", "no"], "nb-NO", Some("no")),
            (&["en", "no"], "nn", Some("no")),
            (&["en", "nb", "nn"], "nn", Some("nn")),
            (&["en", "nn", "nb"], "no", Some("nb")),
            (&["en", "nn"], "nb", Some("nn")),
            // Chinese: the region implies the script.
            (&["en", "zh"], "zh-TW", Some("zh")),
            (&["en", "zh", "zh-hant"], "zh-TW", Some("zh-hant")),
            (&["en", "zh-hant", "zh-hans"], "zh-CN", Some("zh-hans")),
            (&["en", "zh-hant", "zh-hans"], "zh", Some("zh-hans")),
            (&["en", "zh-hant", "zh-hans"], "zh-Hans-HK", Some("zh-hans")),
            (&["en", "zh-tw", "zh-cn"], "zh-HK", Some("zh-tw")),
            (&["en", "zh-tw", "zh-cn"], "zh-SG", Some("zh-cn")),
            (&["en", "zh-hans"], "zh-Hant-TW", Some("zh-hans")),
            (&["en", "zh", "zh-hant-hk"], "zh-Hant-HK", Some("zh-hant-hk")),
            // Portuguese, and the deprecated tag of Hebrew.
            (&["en", "pt"], "pt-BR", Some("pt")),
            (&["en", "pt-br", "pt-pt"], "pt-PT", Some("pt-pt")),
            (&["en", "pt-br", "pt"], "pt-AO", Some("pt")),
            (&["en", "he"], "iw-IL", Some("he")),
            (&["en", "iw"], "he", Some("iw")),
            (&["en", "de-at", "de"], "de-CH", Some("de")),
            (&["en", "da"], "nb", None),
        ] {
            let languages = languages(known);
            let found = lookup(&languages, range.as_bytes()).map(Language::as_str);
            assert_eq!(found, expected, "{range} in {known:?}");
        }
    }

    proptest! {
        #[test]
        fn any_bytes_give_a_language_of_the_policy(bytes in any::<Vec<u8>>()) {
            let known = languages(&["en", "de"]);
            prop_assert!(negotiate(&known, &bytes).is_none_or(|found| known.contains(found)));
        }
    }
}
