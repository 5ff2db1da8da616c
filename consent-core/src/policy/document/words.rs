use alloc::string::String;

/// The maximum length of words that are compared letter by letter.
const MAX_COMPARED: usize = 32;

/// Returns a message that `wrong` is not `what`, with the probably intended word and all known words.
pub(super) fn instead_of(wrong: &str, what: &str, known: &[&str]) -> String {
    let mut help = ["this is not ", what].concat();
    match nearest(wrong, known) {
        Some(meant) => help.extend(["; did you mean `", meant, "`?"]),
        None => help.push('.'),
    }
    for (at, word) in known.iter().enumerate() {
        help.extend([if at == 0 { " Known: " } else { ", " }, word]);
    }
    help
}

/// Returns the known word that differs in one or two letters.
fn nearest<'k>(wrong: &str, known: &[&'k str]) -> Option<&'k str> {
    let near = |word: &&'k str| {
        let distance = distance(wrong, word);
        (distance <= 2 && distance < word.len()).then_some((distance, *word))
    };
    known.iter().filter_map(near).min_by_key(|(distance, _)| *distance).map(|(_, word)| word)
}

/// Returns the number of letters to add, remove or change (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    if a.len() > MAX_COMPARED || b.len() > MAX_COMPARED {
        return usize::MAX;
    }
    let mut row = [0; MAX_COMPARED + 1];
    for (at, cell) in row.iter_mut().enumerate() {
        *cell = at;
    }
    for (at, x) in a.bytes().enumerate() {
        let mut diagonal = at;
        let mut left = at + 1;
        if let Some(first) = row.first_mut() {
            *first = left;
        }
        for (cell, y) in row.iter_mut().skip(1).zip(b.bytes()) {
            let changed = diagonal + usize::from(x != y);
            diagonal = *cell;
            left = changed.min(left + 1).min(diagonal + 1);
            *cell = left;
        }
    }
    row.get(b.len()).copied().unwrap_or(usize::MAX)
}
