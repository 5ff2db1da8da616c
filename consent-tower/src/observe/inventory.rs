use super::counters;
use consent_core::verdict::SetCookie;
use http::HeaderName;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, UtcDateTime};

/// The most names that are remembered.
const MAX_NAMES: usize = 256;

/// The undeclared cookies that a running site really uses: what is missing in its policy.
///
/// Give one to [`ConsentLayer::with_inventory`](crate::ConsentLayer::with_inventory), let the site run for a while
/// (best with [`Mode::ReportOnly`](crate::Mode::ReportOnly)), and print it: it writes `[[storage]]` entries to complete
/// and paste into `policy.toml`.
///
/// # Privacy
///
/// In memory, as long as the process runs: at most 256 names with their longest lifetime, scope and count. No values,
/// and nothing of any visitor.
#[derive(Clone, Debug, Default)]
pub struct Inventory(Arc<Mutex<Names>>);

#[derive(Debug, Default)]
struct Names {
    seen: BTreeMap<String, Seen>,
    left_out: u64,
}

#[derive(Debug, Default)]
struct Seen {
    set: u64,
    sent: u64,
    lifetime: Option<Duration>,
    domain: Option<String>,
    path: Option<String>,
    /// Set once without `HttpOnly`.
    for_scripts: bool,
}

impl Inventory {
    /// An empty one.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The names seen so far, in alphabetical order, with how often an answer set them and a request carried them.
    #[must_use]
    pub fn names(&self) -> Vec<(String, u64, u64)> {
        self.with(|names| names.seen.iter().map(|(name, seen)| (name.clone(), seen.set, seen.sent)).collect())
    }

    pub(crate) fn set(&self, line: &[u8], now: UtcDateTime) {
        let Ok(cookie) = SetCookie::read(line) else { return };
        self.with(|names| {
            let Some(seen) = names.entry(cookie.name()) else { return };
            seen.set += 1;
            seen.for_scripts |= !cookie.http_only();
            let lifetime = cookie.max_age().map(Duration::seconds);
            seen.lifetime =
                seen.lifetime.max(lifetime.or_else(|| cookie.expires().map(|expires| expires - now)));
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            seen.domain = cookie.domain().map(text).or_else(|| seen.domain.take());
            seen.path = cookie.path().map(text).or_else(|| seen.path.take());
        });
    }

    pub(crate) fn sent(&self, name: &[u8]) {
        self.with(|names| {
            if let Some(seen) = names.entry(name) {
                seen.sent += 1;
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Names) -> T) -> T {
        // A count that a panic left half-way is still a count.
        work(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Names {
    fn entry(&mut self, name: &[u8]) -> Option<&mut Seen> {
        let name = String::from_utf8_lossy(name);
        if self.seen.len() >= MAX_NAMES && !self.seen.contains_key(&*name) {
            self.left_out += 1;
            counters::left_out();
            return None;
        }
        Some(self.seen.entry(name.into_owned()).or_default())
    }
}

/// `[[storage]]` entries for `policy.toml`. What only the site's owner knows is left to be filled in.
impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|names| {
            for (name, seen) in &names.seen {
                write_entry(f, name, seen)?;
            }
            if names.left_out > 0 {
                writeln!(f, "# {} more were met after {MAX_NAMES} names were known.", names.left_out)?;
            }
            Ok(())
        })
    }
}

fn write_entry(f: &mut fmt::Formatter<'_>, name: &str, seen: &Seen) -> fmt::Result {
    writeln!(f, "# Set {} times, sent {} times.", seen.set, seen.sent)?;
    if seen.set == 0 {
        f.write_str("# Nothing behind this layer set it: a script did, what stands around the layer, or a sibling host.\n")?;
    }
    if HeaderName::from_bytes(name.as_bytes()).is_err() {
        f.write_str("# No policy can declare it, since its name is no token (RFC 9110, section 5.6.2): ")?;
        write_string(f, name)?;
        return f.write_str("\n\n");
    }
    f.write_str("[[storage]]\nname = ")?;
    write_string(f, name)?;
    f.write_str(
        "\nkind = \"cookie\"\ncategory = \"functionality\"\npurpose.en = \"\" # in words for the visitor\n",
    )?;
    match seen.lifetime {
        Some(lifetime) if lifetime >= Duration::DAY => {
            let seconds = lifetime.whole_seconds().saturating_add(Duration::DAY.whole_seconds() - 1);
            writeln!(f, "lifetime = \"{}d\"", seconds / Duration::DAY.whole_seconds())?;
        }
        Some(lifetime) if lifetime.is_positive() => {
            writeln!(f, "lifetime = \"{}s\"", lifetime.whole_seconds().max(1))?;
        }
        Some(_) => f.write_str("# lifetime = \"...\" # unknown: it was only deleted\n")?,
        None if seen.set == 0 => f.write_str("# lifetime = \"...\" # unknown: it was only sent\n")?,
        None => f.write_str("lifetime = \"session\"\n")?,
    }
    f.write_str("provider = \"first-party\"\n")?;
    if seen.set > 0 && !seen.for_scripts {
        f.write_str("http_only = true\n")?;
    }
    for (key, value) in [("domain", &seen.domain), ("path", &seen.path)] {
        if let Some(value) = value.as_deref().filter(|value| *value != "/") {
            write!(f, "{key} = ")?;
            write_string(f, value)?;
            f.write_char('\n')?;
        }
    }
    f.write_char('\n')
}

/// A TOML basic string.
fn write_string(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        match c {
            '"' | '\\' => write!(f, "\\{c}")?,
            c if c.is_control() => write!(f, "\\u{:04X}", u32::from(c))?,
            c => f.write_char(c)?,
        }
    }
    f.write_char('"')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_writes_entries_to_paste() {
        let inventory = Inventory::new();
        let now = UtcDateTime::UNIX_EPOCH;
        inventory.set(b"_ga=secret; Path=/; Domain=shop.example; Max-Age=63072000", now);
        inventory.set(b"_ga=other; Path=/; Max-Age=60", now);
        inventory.sent(b"cart");
        inventory.sent(b"a\"\\\x01b");
        let text = inventory.to_string();
        assert!(text.contains("name = \"_ga\"\nkind = \"cookie\"") && text.contains("lifetime = \"730d\""));
        assert!(text.contains("domain = \"shop.example\""));
        assert!(text.contains(r#"5.6.2): "a\"\\\u0001b""#), "{text}");
        assert!(!text.contains("secret") && !text.contains("other"));
        assert_eq!(inventory.names().len(), 3);
        let beside = "# Set 0 times, sent 1 times.\n# Nothing behind this layer set it";
        assert_eq!(text.matches("# Nothing behind").count(), 2);
        assert!(
            text.contains(beside) && text.contains("# Set 2 times, sent 0 times.\n[[storage]]"),
            "{text}"
        );
    }

    fn draft_of(lines: &[&[u8]]) -> String {
        let inventory = Inventory::new();
        for line in lines {
            inventory.set(line, UtcDateTime::UNIX_EPOCH);
        }
        inventory.to_string()
    }

    #[test]
    fn a_lifetime_is_written_in_days_or_left_open() {
        for (line, expected) in [
            ("a=1; Max-Age=86400", "\nlifetime = \"1d\""),
            ("a=1; Max-Age=86401", "\nlifetime = \"2d\""),
            ("a=1; Max-Age=86399", "\nlifetime = \"86399s\""),
            ("a=1; Max-Age=0", "\n# lifetime = \"...\" # unknown: it was only deleted"),
            ("a=1", "\nlifetime = \"session\""),
        ] {
            let text = draft_of(&[line.as_bytes()]);
            assert!(text.contains(expected), "{line}: {text}");
        }
        let inventory = Inventory::new();
        inventory.sent(b"cart");
        let text = inventory.to_string();
        assert!(text.contains("\n# lifetime = \"...\" # unknown: it was only sent\n"), "{text}");
        assert!(!text.contains("session"), "{text}");
    }

    #[test]
    fn http_only_is_drafted_where_every_line_had_it() {
        assert!(draft_of(&[b"sid=1; HttpOnly", b"sid=2; httponly"]).contains("http_only = true\n"));
        assert!(!draft_of(&[b"sid=1; HttpOnly", b"sid=2"]).contains("http_only"));
    }

    #[test]
    fn its_memory_is_bounded() {
        let inventory = Inventory::new();
        for number in 0..1000 {
            inventory.sent(format!("n{number}").as_bytes());
        }
        assert_eq!(inventory.names().len(), MAX_NAMES);
        assert!(inventory.to_string().contains("# 744 more"));
    }
}
