use super::{CatalogueEntry, CatalogueStorage};
use crate::policy::{Kind, Lifetime};
use core::fmt;

/// The maximum lifetime that a policy can declare, in seconds (RFC 6265bis, section 5.5).
const MAX_SECONDS: u32 = 400 * DAY;
const DAY: u32 = 86_400;

/// Writes tables for `policy.toml`: the service, and what its script stores on the page's own origin.
impl fmt::Display for CatalogueEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "[[services]]\npreset = \"{}\"\ncategory = \"{}\"", self.id, self.category)?;
        if self.provider.is_none() {
            f.write_str("provider = \"\" # the company that runs it: the catalogue does not know it\n")?;
        }
        if self.origins.is_empty() {
            f.write_str("origins = [] # where it runs\n")?;
        }
        f.write_str("\n")?;
        let stored = self.storage.as_deref().unwrap_or_default();
        stored.iter().filter(|stored| stored.on.is_none()).try_for_each(|stored| self.write(f, stored))
    }
}

impl CatalogueEntry {
    fn write(&self, f: &mut fmt::Formatter<'_>, stored: &CatalogueStorage) -> fmt::Result {
        writeln!(f, "[[storage]]\nname = \"{}\"\nkind = \"{}\"", stored.name, stored.kind.as_str())?;
        writeln!(f, "service = \"{}\"", self.id)?;
        let purpose = self.purpose.iter().next().map(|(_, purpose)| purpose).unwrap_or_default();
        writeln!(f, "purpose.en = \"{purpose}\"")?;
        match stored.lifetime {
            Some(Lifetime::Session) => f.write_str("lifetime = \"session\"\n")?,
            Some(Lifetime::Seconds(seconds)) => write_lifetime(f, seconds.min(MAX_SECONDS))?,
            None if stored.kind == Kind::Cookie => {
                f.write_str("# lifetime = \"...\" # the catalogue does not know it\n")?;
            }
            None => f.write_str("# lifetime = \"...\" # until when the service needs it\n")?,
        }
        match self.provider() {
            Some(provider) => writeln!(f, "provider = \"{provider}\"\n"),
            None => f.write_str("provider = \"\" # the company that runs the service\n\n"),
        }
    }
}

/// Writes the lifetime in the largest unit that divides it.
fn write_lifetime(f: &mut fmt::Formatter<'_>, seconds: u32) -> fmt::Result {
    let units = [(DAY, 'd'), (3_600, 'h'), (60, 'm'), (1, 's')];
    let (unit, letter) =
        units.into_iter().find(|(unit, _)| seconds.is_multiple_of(*unit)).unwrap_or((1, 's'));
    writeln!(f, "lifetime = \"{}{letter}\"", seconds / unit)
}
