//! Policies of any size, half of them exact names and half patterns.

use consent_core::Policy;
use std::fmt::Write;

/// The start of every policy, with a sign-in cookie for certain routes.
const HEAD: &str = r#"
languages = ["en"]
reask = "180d"

[controller]
name = "Example Ltd."
address = "1 Example Road, Exampleton"
email = "privacy@example.com"
phone = "+44 20 7946 0000"

[authority]
name = "Information Commissioner's Office"
url = "https://ico.org.uk/"

[categories.functionality]
purpose.en = "To recognise you and to remember what you chose."

[[storage]]
name = "sid"
kind = "cookie"
category = "functionality"
exempt = "sign-in"
purpose.en = "Keeps you signed in."
lifetime = "session"
provider = "first-party"
http_only = true
issued_on = ["POST /sign-in"]

[[revisions]]
number = 1
effective = 2023-02-09
summary.en = "First version."
"#;

/// An exact name.
pub fn exact(number: usize) -> String {
    format!("preference_{number:05}")
}

/// A name that a pattern covers.
pub fn covered(number: usize) -> String {
    format!("{}17", pattern(number))
}

fn pattern(number: usize) -> String {
    format!("draft_{number:05}_")
}

/// A policy that also declares `declarations` cookies; `declarations / 2` of them have exact names.
pub fn policy(declarations: usize) -> Policy {
    let mut document = String::from(HEAD);
    for number in 0..declarations.div_ceil(2) {
        for name in [exact(number), format!("{}*", pattern(number))] {
            write!(
                document,
                "[[storage]]\nname = \"{name}\"\nkind = \"cookie\"\ncategory = \"functionality\"\n\
                 purpose.en = \"Remembers a choice.\"\nlifetime = \"365d\"\nprovider = \"first-party\"\n"
            )
            .unwrap();
        }
    }
    Policy::from_toml(&document).unwrap()
}
