use super::counters;
use super::third_parties::{Origins, Witness};
use super::toml::write_string;
use crate::html::OriginWatch;
use consent_core::cookies::{SetCookie, cookie_name};
use consent_core::policy::Kind;
use std::collections::BTreeMap;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use time::{Duration, UtcDateTime};

/// The most names that the inventory keeps.
const MAX_NAMES: usize = 256;

/// The longest name, domain or path that the inventory keeps, in bytes.
const MAX_BYTES: usize = 256;

/// An inventory of the undeclared cookies, other storage and third parties that a running site uses, and that
/// its policy
/// therefore lacks.
///
/// Pass it to [`ConsentLayer::with_inventory`](crate::ConsentLayer::with_inventory), let the site run for a
/// while (best with [`Mode::ReportOnly`](crate::Mode::ReportOnly)), and print it. It prints `[[storage]]`
/// and `[[services]]` entries to complete and paste into
/// `policy.toml`.
///
/// Anyone can send cookies with any name. So the inventory prefers names that a response set to names that
/// only requests carried. If there is no room, it removes the name that was sent longest ago among those that
/// no response set.
///
/// A server cannot see what scripts store. With an inventory, the layer serves a script that sends the names
/// (and no values) to `/consent/inventory`. Write it into the pages that you examine:
/// `<script async src="/consent/assets/inventory.js"></script>`.
///
/// ```
/// use consent_tower::{ConsentLayer, Mode, report::Inventory};
/// # let policy = consent_tower::consent_core::policy::example()?;
/// let inventory = Inventory::new();
/// let layer = ConsentLayer::new(policy).with_mode(Mode::ReportOnly).with_inventory(inventory.clone());
/// assert_eq!(inventory.to_string(), "", "no request was seen yet");
/// # let _ = layer;
/// # Ok::<(), consent_tower::PolicyError>(())
/// ```
///
/// # Privacy
///
/// Held in memory while the process runs: at most 256 names of at most 256 bytes, each with its longest
/// lifetime, scope and counts; and at most 256 origins, each with the elements and directives that asked for
/// it. It holds no values, no addresses beyond their origin, and nothing about any visitor.
#[derive(Clone, Debug, Default)]
pub struct Inventory {
    names: Arc<Mutex<Names>>,
    origins: Arc<Mutex<Origins>>,
}

#[derive(Debug, Default)]
struct Names {
    seen: BTreeMap<(Kind, String), Seen>,
    /// The names that no response set, ordered by the last request that carried or reported them.
    unset: BTreeMap<u64, (Kind, String)>,
    /// The number of counted events. Orders `unset`.
    clock: u64,
    left_out: u64,
}

#[derive(Debug, Default)]
struct Seen {
    set: u64,
    sent: u64,
    /// How often a page reported that its scripts store it.
    found: u64,
    /// The key in `Names::unset`, if no response set the name.
    unset_key: Option<u64>,
    lifetime: Option<Duration>,
    domain: Option<String>,
    path: Option<String>,
    /// Whether a response set it without `HttpOnly`.
    for_scripts: bool,
}

impl Inventory {
    /// Creates an empty inventory.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the names of cookies in alphabetical order. For each name, also returns how often a response
    /// set it and how often a request carried it.
    #[must_use]
    pub fn names(&self) -> Vec<(String, u64, u64)> {
        self.with(|names| {
            let cookies = names.seen.iter().filter(|((kind, _), _)| *kind == Kind::Cookie);
            cookies.map(|((_, name), seen)| (name.clone(), seen.set, seen.sent)).collect()
        })
    }

    /// Returns what scripts store, by kind and name. For each name, also returns how many pages reported it.
    ///
    /// ```
    /// use consent_tower::report::Inventory;
    ///
    /// assert_eq!(Inventory::new().stored_by_scripts(), [], "no page has reported a name yet");
    /// ```
    #[must_use]
    pub fn stored_by_scripts(&self) -> Vec<(Kind, String, u64)> {
        self.with(|names| {
            let found = names.seen.iter().filter(|(_, seen)| seen.found > 0);
            found.map(|((kind, name), seen)| (*kind, name.clone(), seen.found)).collect()
        })
    }

    /// Returns the origins that no service declares, in alphabetical order. For each origin, also returns how
    /// often an element of a page or a report of a browser named it.
    #[must_use]
    pub fn origins(&self) -> Vec<(String, u64)> {
        self.with_origins(|origins| origins.counts())
    }

    /// Adds an origin that a report of a browser names.
    pub(crate) fn reported(&self, origin: &str, directive: &'static str) {
        self.with_origins(|origins| origins.add(origin, directive, Witness::Browser));
    }

    fn with_origins<T>(&self, work: impl FnOnce(&mut Origins) -> T) -> T {
        work(&mut self.origins.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(crate) fn set(&self, line: &[u8], now: UtcDateTime) {
        let Ok(cookie) = SetCookie::parse(line) else { return };
        self.with(|names| {
            let Some(seen) = names.entry(Kind::Cookie, cookie.name(), Origin::Response) else { return };
            seen.set += 1;
            seen.for_scripts |= !cookie.http_only();
            let lifetime = cookie.max_age().map(Duration::seconds);
            seen.lifetime =
                seen.lifetime.max(lifetime.or_else(|| cookie.expires().map(|expires| expires - now)));
            let text = |bytes: &[u8]| {
                (bytes.len() <= MAX_BYTES).then(|| String::from_utf8_lossy(bytes).into_owned())
            };
            seen.domain = cookie.domain().and_then(text).or_else(|| seen.domain.take());
            seen.path = cookie.path().and_then(text).or_else(|| seen.path.take());
        });
    }

    pub(crate) fn sent(&self, name: &[u8]) {
        self.with(|names| {
            if let Some(seen) = names.entry(Kind::Cookie, name, Origin::Request) {
                seen.sent += 1;
            }
        });
    }

    /// Adds a name that a page reported.
    pub(crate) fn found(&self, kind: Kind, name: &[u8]) {
        self.with(|names| {
            if let Some(seen) = names.entry(kind, name, Origin::Request) {
                seen.found += 1;
            }
        });
    }

    fn with<T>(&self, work: impl FnOnce(&mut Names) -> T) -> T {
        // A count is usable even if a panic interrupted its update.
        work(&mut self.names.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Whether a name was seen in a request or in a response.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    Request,
    Response,
}

impl Names {
    /// Returns the record of a name, or `None` if there is no room for it.
    fn entry(&mut self, kind: Kind, name: &[u8], origin: Origin) -> Option<&mut Seen> {
        self.clock += 1;
        if name.len() > MAX_BYTES {
            self.leave_out();
            return None;
        }
        let name = (kind, String::from_utf8_lossy(name).into_owned());
        let known = self.seen.get(&name).map(|seen| seen.unset_key);
        if known.is_none() && self.seen.len() >= MAX_NAMES {
            self.leave_out();
            // `None` if responses set all of them.
            let (_, oldest) = self.unset.pop_first()?;
            self.seen.remove(&oldest);
        }
        if let Some(key) = known.flatten() {
            self.unset.remove(&key);
        }
        let is_unset = origin == Origin::Request && known.is_none_or(|key| key.is_some());
        let unset_key = is_unset.then_some(self.clock);
        if let Some(key) = unset_key {
            self.unset.insert(key, name.clone());
        }
        let seen = self.seen.entry(name).or_default();
        seen.unset_key = unset_key;
        Some(seen)
    }

    fn leave_out(&mut self) {
        self.left_out += 1;
        counters::left_out();
    }
}

impl OriginWatch for Inventory {
    fn undeclared(&self, element: &'static str, origin: &str) {
        self.with_origins(|origins| origins.add(origin, element, Witness::Page));
    }
}

/// Writes `[[storage]]` and `[[services]]` entries for `policy.toml`. The site's owner completes what only
/// they know.
impl fmt::Display for Inventory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with(|names| {
            for ((kind, name), seen) in &names.seen {
                write_entry(f, *kind, name, seen)?;
            }
            if names.left_out > 0 {
                let left_out = names.left_out;
                writeln!(f, "# a name was left out {left_out} times: the inventory keeps at most {MAX_NAMES} names of at most {MAX_BYTES} bytes.")?;
            }
            Ok(())
        })?;
        self.with_origins(|origins| fmt::Display::fmt(origins, f))
    }
}

fn write_entry(f: &mut fmt::Formatter<'_>, kind: Kind, name: &str, seen: &Seen) -> fmt::Result {
    if kind == Kind::Cookie {
        writeln!(f, "# Set {} times, sent {} times.", seen.set, seen.sent)?;
    }
    if seen.found > 0 {
        writeln!(f, "# Stored by scripts, as {} pages reported.", seen.found)?;
    } else if seen.set == 0 {
        f.write_str("# Nothing inside this layer set it: a script did, middleware outside the layer, or a sibling host.\n")?;
    }
    if kind == Kind::Cookie && cookie_name(name.as_bytes()).is_none() {
        f.write_str(
            "# No policy can declare this name, because browsers and servers do not all read it the same: ",
        )?;
        write_string(f, name)?;
        return f.write_str("\n\n");
    }
    f.write_str("[[storage]]\nname = ")?;
    write_string(f, name)?;
    f.write_str("\nkind = \"")?;
    f.write_str(kind.as_str())?;
    f.write_str("\"\ncategory = \"functionality\"\npurpose.en = \"\" # for the visitor to read\n")?;
    match seen.lifetime {
        None if kind == Kind::SessionStorage => f.write_str("lifetime = \"session\"\n")?,
        None if kind != Kind::Cookie => {
            f.write_str("# lifetime = \"...\" # how long the script keeps it\n")?;
        }
        Some(lifetime) if lifetime >= Duration::DAY => {
            let seconds = lifetime.whole_seconds().saturating_add(Duration::DAY.whole_seconds() - 1);
            writeln!(f, "lifetime = \"{}d\"", seconds / Duration::DAY.whole_seconds())?;
        }
        Some(lifetime) if lifetime.is_positive() => {
            writeln!(f, "lifetime = \"{}s\"", lifetime.whole_seconds().max(1))?;
        }
        Some(_) => f.write_str("# lifetime = \"...\" # unknown: responses only deleted it\n")?,
        None if seen.set == 0 => f.write_str("# lifetime = \"...\" # unknown: only requests carried it\n")?,
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
        assert!(text.contains(r#"the same: "a\"\\\u0001b""#), "{text}");
        assert!(!text.contains("secret") && !text.contains("other"));
        assert_eq!(inventory.names().len(), 3);
        let beside = "# Set 0 times, sent 1 times.\n# Nothing inside this layer set it";
        assert_eq!(text.matches("# Nothing inside").count(), 2);
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
    fn a_lifetime_is_written_in_days_if_it_is_known() {
        for (line, expected) in [
            ("a=1; Max-Age=86400", "\nlifetime = \"1d\""),
            ("a=1; Max-Age=86401", "\nlifetime = \"2d\""),
            ("a=1; Max-Age=86399", "\nlifetime = \"86399s\""),
            ("a=1; Max-Age=0", "\n# lifetime = \"...\" # unknown: responses only deleted it"),
            ("a=1", "\nlifetime = \"session\""),
        ] {
            let text = draft_of(&[line.as_bytes()]);
            assert!(text.contains(expected), "{line}: {text}");
        }
        let inventory = Inventory::new();
        inventory.sent(b"cart");
        let text = inventory.to_string();
        assert!(text.contains("\n# lifetime = \"...\" # unknown: only requests carried it\n"), "{text}");
        assert!(!text.contains("session"), "{text}");
    }

    #[test]
    fn http_only_is_drafted_if_every_header_had_it() {
        assert!(draft_of(&[b"sid=1; HttpOnly", b"sid=2; httponly"]).contains("http_only = true\n"));
        assert!(!draft_of(&[b"sid=1; HttpOnly", b"sid=2"]).contains("http_only"));
    }

    #[test]
    fn its_memory_is_bounded() {
        let inventory = Inventory::new();
        for number in 0..1000 {
            inventory.sent(format!("n{number}").as_bytes());
            inventory.sent(&[b'a'; 4096]);
            inventory.set(&[b"set=1; Path=/", &[b'a'; 1000][..]].concat(), UtcDateTime::UNIX_EPOCH);
        }
        let names = inventory.names();
        assert_eq!(names.len(), MAX_NAMES);
        assert!(names.iter().all(|(name, _, _)| name.len() <= MAX_BYTES));
        assert!(!inventory.to_string().contains("aaa"));
        assert!(inventory.to_string().contains("# a name was left out 1745 times"), "{inventory}");
    }

    #[test]
    fn names_in_requests_never_displace_one_that_a_response_set() {
        let inventory = Inventory::new();
        let now = UtcDateTime::UNIX_EPOCH;
        inventory.set(b"early=1", now);
        inventory.sent(b"later");
        for number in 0..1000 {
            inventory.sent(format!("made-up-{number}").as_bytes());
            inventory.sent(b"often");
        }
        inventory.set(b"late=1", now);
        inventory.set(b"often=1", now);
        for number in 1000..2000 {
            inventory.sent(format!("made-up-{number}").as_bytes());
        }
        let kept = |name: &str| inventory.names().into_iter().find(|(known, _, _)| known == name);
        assert_eq!(kept("early"), Some(("early".to_owned(), 1, 0)));
        assert_eq!(kept("late"), Some(("late".to_owned(), 1, 0)));
        assert_eq!(kept("often"), Some(("often".to_owned(), 1, 1000)));
        assert_eq!(kept("made-up-1999"), Some(("made-up-1999".to_owned(), 0, 1)));
        assert_eq!((kept("later"), kept("made-up-1000")), (None, None), "the oldest names are removed first");
        assert_eq!(inventory.names().len(), MAX_NAMES);

        // An inventory that is full of names from responses keeps them.
        let full = Inventory::new();
        for number in 0..300 {
            full.set(format!("set-{number}=1").as_bytes(), now);
            full.sent(b"sent");
        }
        assert_eq!(full.names().len(), MAX_NAMES);
        assert!(full.names().iter().all(|(_, set, _)| *set == 1));
    }
}
