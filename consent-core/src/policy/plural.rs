/// The form that a text takes with a number (Unicode CLDR, plural categories).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Plural {
    Zero,
    One,
    Two,
    Few,
    Many,
    Other,
}

/// Returns the form for a whole number in a language of the catalogues, by the rules of CLDR 48
/// (`common/supplemental/plurals.xml`). Their conditions on fractions are left out.
pub(super) fn plural(language: &str, number: u32) -> Plural {
    use Plural::{Few, Many, One, Other, Two, Zero};
    let (ten, hundred) = (number % 10, number % 100);
    match language {
        "ja" | "zh-hans" => Other,
        "fr" | "pt" => match number {
            0 | 1 => One,
            _ if number.is_multiple_of(1_000_000) => Many,
            _ => Other,
        },
        "es" | "it" => match number {
            1 => One,
            _ if number > 0 && number.is_multiple_of(1_000_000) => Many,
            _ => Other,
        },
        "he" => match number {
            1 => One,
            2 => Two,
            _ => Other,
        },
        "cs" | "sk" => match number {
            1 => One,
            2..=4 => Few,
            _ => Other,
        },
        "is" => match ten {
            1 if hundred != 11 => One,
            _ => Other,
        },
        "hr" | "uk" => match (ten, hundred) {
            (1, _) if hundred != 11 => One,
            (2..=4, _) if !matches!(hundred, 12..=14) => Few,
            _ if language == "uk" => Many,
            _ => Other,
        },
        "pl" => match (number, ten) {
            (1, _) => One,
            (_, 2..=4) if !matches!(hundred, 12..=14) => Few,
            _ => Many,
        },
        "lt" => match (ten, hundred) {
            (0, _) | (_, 11..=19) => Other,
            (1, _) => One,
            _ => Few,
        },
        "lv" => match (ten, hundred) {
            (0, _) | (_, 11..=19) => Zero,
            (1, _) => One,
            _ => Other,
        },
        "sl" => match hundred {
            1 => One,
            2 => Two,
            3 | 4 => Few,
            _ => Other,
        },
        "ro" => match (number, hundred) {
            (1, _) => One,
            (0, _) | (_, 1..=19) => Few,
            _ => Other,
        },
        "ga" => match number {
            1 => One,
            2 => Two,
            3..=6 => Few,
            7..=10 => Many,
            _ => Other,
        },
        "cy" => match number {
            0 => Zero,
            1 => One,
            2 => Two,
            3 => Few,
            6 => Many,
            _ => Other,
        },
        "mt" => match (number, hundred) {
            (1, _) => One,
            (2, _) => Two,
            (0, _) | (_, 3..=10) => Few,
            (_, 11..=19) => Many,
            _ => Other,
        },
        "ar" => match (number, hundred) {
            (0, _) => Zero,
            (1, _) => One,
            (2, _) => Two,
            (_, 3..=10) => Few,
            (_, 11..=99) => Many,
            _ => Other,
        },
        _ if number == 1 => One,
        _ => Other,
    }
}
