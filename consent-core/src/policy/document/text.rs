use super::super::{Language, Localized, MistakeKind, Preset, Texts};
use super::{Known, Node, Table, wording, words};
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use toml::de::DeValue;

/// Whether a text is checked for false claims about consent.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Claims {
    /// The text describes the site today.
    Checked,
    /// The text is history: the log shows it unchanged.
    Kept,
}

/// Parses a required text, at least in the policy's first language.
pub(super) fn required(
    table: &mut Table<'_>,
    key: &'static str,
    what: &str,
    known: &Known,
) -> Option<Localized> {
    let help = help(key, what, known);
    read(&table.require(key, &help)?, &help, known, Claims::Checked)
}

/// Parses the purpose of a preset's cookie, or takes it from the interface texts.
pub(super) fn purpose_of(table: &mut Table<'_>, preset: Preset, known: &Known) -> Option<Localized> {
    const WHAT: &str = "the purpose, in words for the visitor";
    written_or_preset(table, "purpose", WHAT, known, |language| Texts::purpose_of(language, preset))
}

/// Parses a text, or takes it from a preset if it is not written. `preset` returns the preset's text in a
/// language.
pub(super) fn written_or_preset<'t>(
    table: &mut Table<'_>,
    key: &'static str,
    what: &str,
    known: &Known,
    preset: impl Fn(&Language) -> Option<&'t str>,
) -> Option<Localized> {
    if table.get(key).is_some() {
        return required(table, key, what, known);
    }
    let languages = known.languages.as_deref()?;
    let mut localized = Localized::default();
    for (at, language) in languages.iter().enumerate() {
        match preset(language) {
            Some(text) => localized.insert(language.clone(), text),
            None if at == 0 => {
                let help = help(key, what, known);
                table.missing(key, &format!("presets have no text in `{language}`: {help}"));
                return None;
            }
            None => {}
        }
    }
    Some(localized)
}

/// Parses an optional text.
pub(super) fn optional(
    table: &mut Table<'_>,
    key: &'static str,
    what: &str,
    known: &Known,
    claims: Claims,
) -> Option<Localized> {
    let Some(node) = table.get(key) else { return Some(Localized::default()) };
    read(&node, &help(key, what, known), known, claims)
}

fn help(key: &str, what: &str, known: &Known) -> String {
    let first = known.languages.as_ref().and_then(|languages| languages.first());
    let first = first.map_or("en", Language::as_str);
    format!("write {what}: {key}.{first} = \"...\"")
}

fn read(node: &Node<'_>, help: &str, known: &Known, claims: Claims) -> Option<Localized> {
    match (node.value(), known.languages.as_deref()) {
        (DeValue::String(_), Some([only])) => {
            let mut localized = Localized::default();
            localized.insert(only.clone(), text(node, help, claims)?);
            Some(localized)
        }
        (DeValue::String(_), Some(_)) => {
            node.invalid(format!("the policy has several languages, so say which one this is: {help}"))
        }
        (DeValue::String(_), None) => None,
        _ => by_language(&node.table(help)?, node, help, known, claims),
    }
}

fn by_language(
    table: &Table<'_>,
    node: &Node<'_>,
    help: &str,
    known: &Known,
    claims: Claims,
) -> Option<Localized> {
    let mut texts: Vec<(Language, Option<&str>)> = Vec::new();
    let mut complete = true;
    for (tag, entry) in table.entries() {
        let text = text(&entry, help, claims);
        match language(tag, &entry, known) {
            Some(language) if texts.iter().any(|(there, _)| *there == language) => {
                complete = false;
                entry.mistake(MistakeKind::Invalid, "this language already has a text");
            }
            Some(language) => texts.push((language, text)),
            None => complete = false,
        }
    }
    // In the order of the policy's languages: the first text is the fallback for every other language.
    let languages = known.languages.as_deref()?;
    let mut localized = Localized::default();
    for (at, language) in languages.iter().enumerate() {
        match texts.iter().find(|(there, _)| there == language) {
            Some((_, Some(text))) => localized.insert(language.clone(), text),
            Some((_, None)) => complete = false,
            None if at == 0 => {
                node.missing(language.as_str(), help);
                complete = false;
            }
            None => {}
        }
    }
    complete.then_some(localized)
}

/// Parses a language that the policy declares.
fn language(tag: &str, entry: &Node<'_>, known: &Known) -> Option<Language> {
    let languages = known.languages.as_deref()?;
    let language = Language::parse(tag).ok().filter(|language| languages.contains(language));
    if language.is_none() {
        let tags: Vec<&str> = languages.iter().map(Language::as_str).collect();
        let help = words::instead_of(tag, "a language of this policy", &tags);
        entry.mistake(MistakeKind::UnknownKey, help);
    }
    language
}

fn text<'d>(node: &Node<'d>, help: &str, claims: Claims) -> Option<&'d str> {
    let text = node.text(help)?.trim();
    if claims == Claims::Checked && wording::claims_consent_by_use(text) {
        node.mistake(
            MistakeKind::Wording,
            "using a website is not consent, so no text may claim it: say what happens if the visitor decides",
        );
        return None;
    }
    Some(text)
}
