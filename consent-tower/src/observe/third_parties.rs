use super::counters;
use super::toml::write_string;
use crate::addresses::Place;
use consent_core::policy::{Catalogue, CatalogueEntry, Scheme};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// The most origins that the inventory keeps.
const MAX_ORIGINS: usize = 256;

/// The longest origin that the inventory keeps, in bytes: a host has at most 253.
const MAX_BYTES: usize = 272;

/// The origins that no service declares.
#[derive(Debug, Default)]
pub(super) struct Origins {
    seen: BTreeMap<String, Seen>,
    /// The number of counted events. Orders the origins.
    clock: u64,
    left_out: u64,
}

#[derive(Debug)]
struct Seen {
    count: u64,
    last: u64,
    witness: Witness,
    /// Elements and directives.
    by: BTreeSet<&'static str>,
}

/// Who names an origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Witness {
    /// A report. Anyone can send one.
    Browser,
    /// The HTML of a page.
    Page,
}

impl Origins {
    pub(super) fn add(&mut self, origin: &str, by: &'static str, witness: Witness) {
        self.clock += 1;
        if origin.len() > MAX_BYTES {
            return self.leave_out();
        }
        if !self.seen.contains_key(origin) && self.seen.len() >= MAX_ORIGINS {
            self.leave_out();
            // The origin that was reported longest ago, if not all are from pages.
            let reported = self.seen.iter().filter(|(_, seen)| seen.witness == Witness::Browser);
            let Some(oldest) = reported.min_by_key(|(_, seen)| seen.last).map(|(origin, _)| origin.clone())
            else {
                return;
            };
            self.seen.remove(&oldest);
        }
        let new = || Seen { count: 0, last: 0, witness, by: BTreeSet::new() };
        let seen = self.seen.entry(origin.to_owned()).or_insert_with(new);
        seen.count += 1;
        seen.last = self.clock;
        seen.witness = seen.witness.max(witness);
        seen.by.insert(by);
    }

    pub(super) fn counts(&self) -> Vec<(String, u64)> {
        self.seen.iter().map(|(origin, seen)| (origin.clone(), seen.count)).collect()
    }

    fn leave_out(&mut self) {
        self.left_out += 1;
        counters::left_out();
    }
}

/// Writes `[[services]]` entries. Origins of one service of the catalogue share an entry.
impl fmt::Display for Origins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let catalogue = Catalogue::new();
        let mut presets: BTreeMap<&str, Known<'_>> = BTreeMap::new();
        for (origin, seen) in &self.seen {
            let place = Place::parse(origin).filter(|_| origin.contains("://"));
            let known = place
                .iter()
                .flat_map(Place::origins)
                .find_map(|origin| catalogue.at(origin).first().copied());
            match (place, known) {
                (_, Some(entry)) => {
                    let known = presets.entry(entry.id()).or_insert(Known { entry, origins: Vec::new() });
                    known.origins.push((origin, seen));
                }
                (place, None) => write_entry(f, origin, place.as_ref(), seen)?,
            }
        }
        presets.values().try_for_each(|known| write_preset(f, known))?;
        if self.left_out > 0 {
            let left_out = self.left_out;
            writeln!(
                f,
                "# an origin was left out {left_out} times: the inventory keeps at most {MAX_ORIGINS}."
            )?;
        }
        Ok(())
    }
}

/// A service of the catalogue, with the origins that it was recognized by.
struct Known<'a> {
    entry: &'a CatalogueEntry,
    origins: Vec<(&'a str, &'a Seen)>,
}

fn write_preset(f: &mut fmt::Formatter<'_>, Known { entry, origins }: &Known<'_>) -> fmt::Result {
    writeln!(
        f,
        "# From the catalogue: {}.",
        entry.label().iter().next().map_or(entry.id(), |(_, label)| label)
    )?;
    for (origin, seen) in origins {
        write!(f, "# {origin}: ")?;
        write_seen(f, seen)?;
    }
    fmt::Display::fmt(*entry, f)
}

fn write_seen(f: &mut fmt::Formatter<'_>, seen: &Seen) -> fmt::Result {
    let by: Vec<_> = seen.by.iter().copied().collect();
    writeln!(f, "named {} times, by {}.", seen.count, by.join(", "))?;
    if seen.witness == Witness::Browser {
        f.write_str(
            "# Only reports of browsers named it. Anyone can send reports, and extensions cause some.\n",
        )?;
    }
    Ok(())
}

fn write_entry(f: &mut fmt::Formatter<'_>, origin: &str, place: Option<&Place>, seen: &Seen) -> fmt::Result {
    write!(f, "# {origin}: ")?;
    write_seen(f, seen)?;
    let may_be_declared =
        |place: &&Place| place.origins().all(|origin| may_be_declared(origin.scheme, origin.host));
    let Some(place) = place.filter(may_be_declared) else {
        return f.write_str("# No policy can declare this origin: it is not https.\n\n");
    };
    f.write_str("[[services]]\nid = ")?;
    write_string(f, &id(place.host()))?;
    f.write_str("\nlabel.en = ")?;
    write_string(f, place.host())?;
    f.write_str(
        "\nprovider = \"\" # the company that runs it\n\
         category = \"functionality\" # or: exempt = \"transmission\"\n\
         purpose.en = \"\" # for the visitor to read\n\
         origins = [",
    )?;
    write_string(f, origin)?;
    f.write_str("]\n\n")
}

fn may_be_declared(scheme: Scheme, host: &str) -> bool {
    scheme == Scheme::Https && !host.starts_with('[') || matches!(host, "localhost" | "127.0.0.1")
}

/// Returns an id for the service at a host.
fn id(host: &str) -> String {
    let host = host.strip_prefix("www.").unwrap_or(host);
    let id: String = host.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).take(32).collect();
    let id = id.trim_matches('-');
    if id.starts_with(|first: char| first.is_ascii_lowercase()) { id.to_owned() } else { format!("at-{id}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_writes_services_to_paste() {
        let mut origins = Origins::default();
        origins.add("https://cdn.example", "script", Witness::Page);
        origins.add("https://cdn.example", "img-src", Witness::Browser);
        origins.add("http://plain.example", "img", Witness::Page);
        origins.add("unreadable", "img", Witness::Page);
        origins.add("https://1.example", "font-src", Witness::Browser);
        let text = origins.to_string();
        let draft =
            "# https://cdn.example: named 2 times, by img-src, script.\n[[services]]\nid = \"cdn-example\"";
        assert!(text.contains(draft), "{text}");
        assert!(text.contains("\norigins = [\"https://cdn.example\"]\n"), "{text}");
        for undeclarable in ["http://plain.example", "unreadable"] {
            let comment = format!("# {undeclarable}: named 1 times, by img.\n# No policy can declare");
            assert!(text.contains(&comment), "{text}");
        }
        assert!(text.contains("by font-src.\n# Only reports of browsers named it."), "{text}");
        assert!(text.contains("id = \"at-1-example\""), "{text}");
    }

    #[test]
    fn it_recognizes_services_of_the_catalogue() {
        let mut origins = Origins::default();
        origins.add("https://www.youtube.com", "iframe", Witness::Page);
        origins.add("https://i.ytimg.com", "img-src", Witness::Browser);
        origins.add("https://cdn.jsdelivr.net", "script", Witness::Page);
        let text = origins.to_string();
        assert_eq!(text.matches("[[services]]").count(), 2, "{text}");
        for preset in ["youtube", "jsdelivr"] {
            assert_eq!(text.matches(&format!("[[services]]\npreset = \"{preset}\"")).count(), 1, "{text}");
        }
        assert!(text.contains("# https://www.youtube.com: named 1 times, by iframe.\n"), "{text}");
    }

    #[test]
    fn reports_never_displace_what_a_page_names() {
        let mut origins = Origins::default();
        origins.add("https://page.example", "img", Witness::Page);
        for number in 0..1_000 {
            origins.add(&format!("https://{number}.example"), "img-src", Witness::Browser);
            origins.add(&"x".repeat(1_000), "img-src", Witness::Browser);
        }
        let counts = origins.counts();
        assert_eq!(counts.len(), MAX_ORIGINS);
        assert!(counts.contains(&("https://page.example".to_owned(), 1)));
        assert!(origins.to_string().contains("# an origin was left out 1745 times"), "{origins}");
    }
}
