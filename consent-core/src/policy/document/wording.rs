use alloc::string::String;

/// How a sentence begins that takes the use of a website for something.
const USES: &[&str] = &[
    "by using",
    "by continuing",
    "by browsing",
    "by visiting",
    "by accessing",
    "by scrolling",
    "by staying",
    "by remaining",
    "by closing",
    "by clicking anywhere",
    "continued use",
    "continuing to",
    "continue to use",
    "continue to browse",
    "continue browsing",
    "continue using",
    "if you continue",
    "if you keep",
    "when you continue",
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
    "durch das weitersurfen",
    "durch weitersurfen",
    "mit der nutzung",
    "mit der weiteren nutzung",
    "mit ihrem besuch",
    "wenn sie weiter",
    "wenn sie diese",
    "wenn sie unsere",
    "wenn du weiter",
    "wenn du diese",
    "wenn du unsere",
    "indem sie weiter",
    "indem sie diese",
    "indem sie unsere",
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
    "door deze",
    "door onze",
    "als u verder",
];

/// What such a sentence then claims.
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
    "we assume that you",
    "we will assume that you",
    "we'll assume that you",
    "stimmen sie",
    "stimmst du",
    "willigen sie",
    "willigst du",
    "akzeptieren sie",
    "akzeptierst du",
    "erklären sie sich",
    "erklärst du dich",
    "erteilen sie",
    "geben sie ihre einwilligung",
    "gilt als einwilligung",
    "gilt als zustimmung",
    "gehen wir davon aus, dass sie",
    "gehen wir davon aus, dass du",
    "sind sie damit einverstanden",
    "sind sie mit",
    "bist du damit einverstanden",
    "bist du mit",
    "vous acceptez",
    "vous consentez",
    "vous donnez votre consentement",
    "acepta",
    "consiente",
    "acconsenti",
    "acconsente",
    "accetti",
    "accetta",
    "gaat u akkoord",
    "ga je akkoord",
    "stemt u",
    "stem je",
];

/// Words after which a claim is a condition: "nothing is stored until you accept".
const CONDITIONS: &[&str] = &[
    "until", "unless", "before", "after", "if", "when", "once", "where", "whether", "what", "that", "which",
];

/// Whether a sentence of the text says that whoever uses the site consents by it.
pub(super) fn claims_consent_by_use(text: &str) -> bool {
    // Abbreviations end a "sentence" too early at worst, and line breaks never do.
    text.split(['.', '!', '?', ';', ':']).any(|sentence| claims(&plain(sentence)))
}

fn claims(sentence: &str) -> bool {
    let Some(use_at) = USES.iter().filter_map(|words| find(sentence, words)).min() else { return false };
    let rest = sentence.get(use_at..).unwrap_or_default();
    CLAIMS.iter().any(|claim| {
        rest.match_indices(claim).any(|(at, _)| {
            let before = rest.get(..at).unwrap_or_default();
            let previous = before.split_whitespace().next_back().unwrap_or_default();
            is_word_start(before) && !CONDITIONS.contains(&previous)
        })
    })
}

fn find(sentence: &str, words: &str) -> Option<usize> {
    let mut found = sentence.match_indices(words).map(|(at, _)| at);
    found.find(|at| is_word_start(sentence.get(..*at).unwrap_or_default()))
}

fn is_word_start(before: &str) -> bool {
    before.chars().next_back().is_none_or(|c| !c.is_alphanumeric())
}

/// Lower case, with one space between words and plain apostrophes.
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
