use super::{Exemption, Kind, ParseError, Regime, Signal};
use core::str::FromStr;

macro_rules! parse_words {
    ($($type:ty: $expected:literal,)+) => {$(
        /// Parses the word of `policy.toml`.
        impl FromStr for $type {
            type Err = ParseError;

            fn from_str(word: &str) -> Result<Self, ParseError> {
                Self::from_word(word).ok_or_else(|| ParseError::new(word, $expected))
            }
        }
    )+};
}

parse_words! {
    Kind: "a kind of storage",
    Exemption: "a reason for an exemption",
    Regime: "a regime",
    Signal: "a signal of a browser",
}

#[cfg(feature = "toml")]
parse_words! {
    super::Preset: "a preset",
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::{Jurisdiction, Language};
    use alloc::string::ToString;

    #[test]
    fn words_are_parsed_and_errors_carry_the_input() {
        assert!(Kind::ALL.into_iter().all(|kind| kind.as_str().parse() == Ok(kind)));
        assert!(Exemption::ALL.into_iter().all(|reason| reason.as_str().parse() == Ok(reason)));
        assert!(Signal::ALL.into_iter().all(|signal| signal.as_str().parse() == Ok(signal)));
        assert_eq!("objectable".parse(), Ok(Regime::Objectable));
        let errors = [
            "Cookie".parse::<Kind>().unwrap_err(),
            "opt in".parse::<Regime>().unwrap_err(),
            "Europe".parse::<Jurisdiction>().unwrap_err(),
            "deutsch-".parse::<Language>().unwrap_err(),
        ];
        assert_eq!(errors.each_ref().map(ParseError::input), ["Cookie", "opt in", "Europe", "deutsch-"]);
        assert_eq!(errors[0].to_string(), "\"Cookie\" is not a kind of storage");
    }
}
