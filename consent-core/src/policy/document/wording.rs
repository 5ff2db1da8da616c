use alloc::string::String;

/// Phrases that start a sentence about using a website.
const USES: &[&str] = &[
    "by using",
    "by continuing",
    "by browsing",
    "by visiting",
    "by accessing",
    "by scrolling",
    "by staying",
    "by remaining",
    "by closing this",
    "by closing the",
    "continued use",
    "continuing to use",
    "continuing to browse",
    "continue to use",
    "continue to browse",
    "continue browsing",
    "continue using",
    "keep using",
    "keep browsing",
    "your use of",
    "use of this site",
    "use of this website",
    "use of our site",
    "use of our website",
    "durch die nutzung",
    "durch die weitere nutzung",
    "durch nutzung",
    "durch ihre nutzung",
    "durch deine nutzung",
    "durch den besuch",
    "durch ihren besuch",
    "durch deinen besuch",
    "durch das weitersurfen",
    "durch weitersurfen",
    "mit der nutzung",
    "mit der weiteren nutzung",
    "mit ihrem besuch",
    "mit deinem besuch",
    "wenn sie weiter",
    "wenn sie diese website",
    "wenn sie diese webseite",
    "wenn sie diese seite",
    "wenn sie unsere website",
    "wenn sie unsere webseite",
    "wenn sie unsere seite",
    "wenn du weiter",
    "wenn du diese website",
    "wenn du diese seite",
    "wenn du unsere website",
    "wenn du unsere seite",
    "indem sie weiter",
    "indem sie diese website",
    "indem sie diese seite",
    "indem sie unsere website",
    "indem du weiter",
    "en utilisant",
    "en continuant",
    "en poursuivant",
    "en naviguant",
    "si vous continuez",
    "al usar",
    "al utilizar",
    "al navegar",
    "al continuar",
    "si continúa",
    "utilizzando",
    "continuando",
    "proseguendo",
    "navigando",
    "door gebruik te maken",
    "door verder te",
    "door deze website",
    "door deze site",
    "door onze website",
    "door onze site",
];

/// Claims of consent that such a sentence then makes.
const CLAIMS: &[&str] = &[
    "you consent",
    "you agree",
    "you accept",
    "you are consenting",
    "you are agreeing",
    "you are accepting",
    "you give consent",
    "you give your consent",
    "you give us your consent",
    "you have consented",
    "you have agreed",
    "you are deemed",
    "constitutes consent",
    "constitutes your consent",
    "constitutes acceptance",
    "constitutes your acceptance",
    "implies consent",
    "implies your consent",
    "means that you consent",
    "means that you agree",
    "we assume that you",
    "we will assume that you",
    "we'll assume that you",
    "stimmen sie",
    "stimmst du",
    "willigen sie",
    "willigst du",
    "akzeptieren sie",
    "akzeptierst du",
    "erteilen sie",
    "geben sie ihre einwilligung",
    "gilt als einwilligung",
    "gilt als zustimmung",
    "einverstanden",
    "vous acceptez",
    "vous consentez",
    "vous donnez votre consentement",
    "acepta",
    "aceptas",
    "consiente",
    "consientes",
    "acconsenti",
    "acconsente",
    "accetti",
    "accetta",
    "gaat u akkoord",
    "ga je akkoord",
    "stemt u",
    "stem je",
];

/// Words that turn a claim into a condition: "nothing is stored until you accept".
const CONDITIONS: &[&str] = &[
    "until", "unless", "before", "after", "if", "when", "once", "where", "whether", "what", "wenn", "falls",
    "sobald", "bis", "bevor", "ob", "nicht", "si", "quand", "lorsque", "cuando", "no", "se", "quando", "non",
    "als", "zodra", "niet",
];

/// Returns whether a sentence of the text claims that using the site is consent.
pub(super) fn claims_consent_by_use(text: &str) -> bool {
    // An abbreviation may end a "sentence" too early; a line break never does.
    text.split(['.', '!', '?', ';', ':']).any(|sentence| claims(&plain(sentence)))
}

fn claims(sentence: &str) -> bool {
    let Some(use_at) = USES.iter().filter_map(|words| positions(sentence, words).next()).min() else {
        return false;
    };
    let rest = sentence.get(use_at..).unwrap_or_default();
    let is_claimed = |at: usize| {
        let before = rest.get(..at).unwrap_or_default();
        !before.split_whitespace().next_back().is_some_and(|word| CONDITIONS.contains(&word))
    };
    CLAIMS.iter().any(|claim| positions(rest, claim).any(is_claimed))
}

/// Returns the index of whole words in a sentence.
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
    use super::claims_consent_by_use;

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
