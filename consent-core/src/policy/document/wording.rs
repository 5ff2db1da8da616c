use alloc::string::String;

/// The phrases of all languages. The first lines of the file explain the format.
const PHRASES: &str = include_str!("../../../wording/consent-by-use.txt");

/// A phrase that starts a sentence about using a website.
const USE: &str = "use";

/// A claim of consent that such a sentence then makes.
const CLAIM: &str = "claim";

/// A word that turns a claim into a condition: "nothing is stored until you accept".
const CONDITION: &str = "condition";

/// Returns whether a sentence of the text claims that using the site is consent.
pub(super) fn claims_consent_by_use(text: &str) -> bool {
    // An abbreviation may end a "sentence" too early; a line break never does.
    text.split(['.', '!', '?', ';', ':']).any(|sentence| claims(&plain(sentence)))
}

fn claims(sentence: &str) -> bool {
    let Some(use_at) = phrases(USE).filter_map(|words| positions(sentence, words).next()).min() else {
        return false;
    };
    let rest = sentence.get(use_at..).unwrap_or_default();
    let is_claimed = |at: usize| {
        let before = rest.get(..at).unwrap_or_default();
        !before
            .split_whitespace()
            .next_back()
            .is_some_and(|word| phrases(CONDITION).any(|known| known == word))
    };
    phrases(CLAIM).any(|claim| positions(rest, claim).any(is_claimed))
}

/// Returns all phrases of a role.
fn phrases(role: &str) -> impl Iterator<Item = &'static str> {
    entries().filter_map(move |(known, phrase)| (known == role).then_some(phrase))
}

/// Returns the role and the words of each phrase.
fn entries() -> impl Iterator<Item = (&'static str, &'static str)> {
    PHRASES.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(" = "))
}

/// Returns the index of each occurrence of whole words in a sentence.
fn positions<'s>(sentence: &'s str, words: &'s str) -> impl Iterator<Item = usize> + 's {
    sentence.match_indices(words).map(|(at, _)| at).filter(|at| {
        let before = sentence.get(..*at).unwrap_or_default();
        let after = sentence.get(at + words.len()..).unwrap_or_default();
        !before.ends_with(char::is_alphanumeric) && !after.starts_with(char::is_alphanumeric)
    })
}

/// Returns the text in lower case, with single spaces between words and plain apostrophes.
fn plain(sentence: &str) -> String {
    let mut plain = String::with_capacity(sentence.len());
    for word in sentence.split_whitespace() {
        if !plain.is_empty() {
            plain.push(' ');
        }
        plain.push_str(&word.to_lowercase().replace('’', "'"));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::collections::BTreeSet;

    #[test]
    fn every_line_of_the_phrases_is_a_known_role_and_a_plain_phrase() {
        let mut seen = BTreeSet::new();
        let lines = PHRASES.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
        for (line, entry) in lines.map(|line| (line, line.split_once(" = "))) {
            let (role, phrase) = entry.unwrap_or_else(|| panic!("no role: {line}"));
            assert!([USE, CLAIM, CONDITION].contains(&role), "{line}");
            // Sentences are compared in this form, so no other phrase would ever be found.
            assert_eq!(plain(phrase), phrase);
            assert!(role != CONDITION || !phrase.contains(' '), "only one word is compared: {line}");
            assert!(seen.insert((role, phrase)), "twice: {line}");
        }
        assert_eq!(seen.len(), entries().count());
        for role in [USE, CLAIM, CONDITION] {
            assert!(phrases(role).count() >= 6, "{role}");
        }
    }

    #[test]
    fn a_claim_of_consent_by_use_is_found() {
        for text in [
            "By using this website you consent to the collection of your data.",
            "We use cookies. By continuing to browse, you accept them.",
            "Your continued use of our pages means that you consent to cookies",
            "If you continue\nto use this site, we’ll assume that you are happy with it.",
            "Durch die Nutzung dieser Website stimmen Sie der Verwendung von Cookies zu.",
            "Wenn Sie weiter surfen, erklären Sie sich damit einverstanden.",
            "En poursuivant votre navigation, vous acceptez les cookies.",
            "Al navegar por este sitio usted acepta las cookies.",
            "Proseguendo la navigazione accetti i cookie.",
            "Door gebruik te maken van deze site gaat u akkoord met cookies.",
        ] {
            assert!(claims_consent_by_use(text), "{text}");
        }
    }

    #[test]
    fn what_is_true_may_be_said() {
        for text in [
            "Nothing is stored by using this website until you accept.",
            "If you continue to use the website without a choice, nothing is stored unless you agree.",
            "If you press Accept, you consent to these cookies.",
            "By choosing a theme you tell us which one you prefer. You accept or reject in the settings.",
            "Wenn Sie weiter surfen, speichern wir nichts, bis Sie zustimmen.",
            "Wenn Sie diese Kategorie erlauben, erklären Sie sich mit diesen Cookies einverstanden.",
            "Al navegar puede aceptar o rechazar las cookies.",
            "",
        ] {
            assert!(!claims_consent_by_use(text), "{text}");
        }
    }
}
