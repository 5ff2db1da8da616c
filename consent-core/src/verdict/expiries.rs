use super::judge::find;
use super::line::{Deletion, visible};
use super::scope::is_below;
use crate::consent::Consent;
use crate::cookies::{cookie_name, cookie_pairs, is_reserved, prefix_of};
use crate::policy::{Declaration, Kind, Name, Policy, Scope};
use crate::reason::Reason;
use alloc::string::String;
use alloc::vec::{self, Vec};

/// The maximum number of expiring `Set-Cookie` headers in one response. Proxies limit the size of headers, so
/// the rest waits for the next page.
pub const MAX_EXPIRY_LINES: usize = 20;

/// The maximum total size of these headers in one response, in bytes.
pub const MAX_EXPIRY_BYTES: usize = 2048;

/// The maximum number of cookies examined for one response, even if neither limit above is reached. A request
/// may carry tens of thousands.
const MAX_TARGETS: usize = 64;

/// The maximum number of segments of a page's path examined for cookies set below the declared path.
const MAX_DEPTH: usize = 8;

/// The `Set-Cookie` headers that clear what may no longer be stored: an iterator over at most
/// [`MAX_EXPIRY_LINES`].
///
/// Exempt cookies, the consent cookie, and cookies whose grant merely lapsed are never cleared. If there is
/// nothing to clear, nothing is allocated.
#[derive(Clone, Debug)]
pub struct Expiries {
    lines: vec::IntoIter<String>,
}

impl Expiries {
    /// Clears, in the response to a decision, every declared cookie that is not allowed now, in every scope
    /// where it may be valid.
    ///
    /// `decided` is the consent after the decision. `lines` are the request's `Cookie` headers, which supply
    /// the names that match patterns.
    pub fn on_decision<'a>(decided: &'a Consent, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut writer = Writer::default();
        let storage = decided.policy().storage().iter();
        let cookies = storage.filter(|declared| declared.kind == Kind::Cookie);
        let mut cleared = cookies.filter(|declared| is_cleared(declared, decided)).peekable();
        if cleared.peek().is_none() {
            return writer.finish();
        }
        // Cookies that the request carried are certain to be stored, so they go first.
        let seen = names(lines).filter_map(|name| Target::declared(name, decided));
        let all = cleared.filter_map(|declared| match &declared.name {
            Name::Exact(name) => Some(Target::of(name, declared)),
            Name::Prefix(_) | Name::Affixes { .. } => None,
        });
        for target in seen.chain(all) {
            writer.clear(target);
        }
        writer.finish()
    }

    /// Clears, on a later page, the request's retired cookies and its declared cookies that are not allowed.
    /// `sweep_undeclared` also clears undeclared host-only cookies.
    pub fn on_page<'a>(
        consent: &'a Consent,
        lines: impl IntoIterator<Item = &'a [u8]>,
        sweep_undeclared: bool,
    ) -> Self {
        Self::on_page_at("/", consent, lines, sweep_undeclared)
    }

    /// Like [`on_page`](Self::on_page), for the page at this path, as the browser requested it. It also
    /// clears cookies set below the declared path, which an expiry at the declared path would not reach.
    pub fn on_page_at<'a>(
        path: &str,
        consent: &'a Consent,
        lines: impl IntoIterator<Item = &'a [u8]>,
        sweep_undeclared: bool,
    ) -> Self {
        let mut writer = Writer::default();
        if consent.is_hands_off() {
            return writer.finish();
        }
        for name in names(lines) {
            if writer.is_done() {
                break;
            }
            let target = match find(consent.policy(), name.as_bytes()) {
                Some(_) => Target::declared(name, consent),
                None => Target::retired(name, consent.policy())
                    .or_else(|| sweep_undeclared.then(|| Target::undeclared(name))),
            };
            if let Some(target) = target {
                writer.clear(target);
            }
        }
        writer.clear_below(path);
        writer.clear_above(consent.policy());
        writer.finish()
    }
}

impl Iterator for Expiries {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.lines.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.lines.size_hint()
    }
}

impl ExactSizeIterator for Expiries {}

/// Returns whether cookies with this reason are cleared, not only hidden.
fn is_cleared(declared: &Declaration, consent: &Consent) -> bool {
    let clears = |category| consent.denial(category).is_some_and(Reason::clears);
    declared.exempt.is_none() && declared.categories.iter().any(|category| clears(*category))
}

/// Returns the names in a request that can be written into a header, without the consent cookie's names.
fn names<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> impl Iterator<Item = &'a str> {
    let pairs = lines.into_iter().flat_map(cookie_pairs);
    pairs.filter(|pair| !is_reserved(pair.name())).filter_map(|pair| cookie_name(pair.name()))
}

/// A cookie to clear, with its possible scopes.
#[derive(Clone, Copy, Debug)]
struct Target<'a> {
    name: &'a str,
    /// If empty, the cookie is host-only, at any path.
    scopes: &'a [Scope],
    partitioned: bool,
}

impl<'a> Target<'a> {
    fn of(name: &'a str, declared: &'a Declaration) -> Self {
        Self { name, scopes: &declared.scopes, partitioned: declared.partitioned }
    }

    fn declared(name: &'a str, consent: &'a Consent) -> Option<Self> {
        let declared = find(consent.policy(), name.as_bytes())?;
        is_cleared(declared, consent).then(|| Self::of(name, declared))
    }

    fn retired(name: &'a str, policy: &'a Policy) -> Option<Self> {
        let retired = policy.retired().get(policy.index().retired(name.as_bytes())?)?;
        Some(Self { name, scopes: &retired.scopes, partitioned: retired.partitioned })
    }

    fn undeclared(name: &'a str) -> Self {
        Self { name, scopes: &[], partitioned: false }
    }

    /// Returns whether browsers store the cookie only at the root.
    fn is_bound_to_root(&self) -> bool {
        prefix_of(self.name.as_bytes()).is_some_and(|prefix| prefix.host)
    }

    /// Returns every domain and path. A cookie that is declared for a domain may have been set host-only.
    fn places(&self) -> impl Iterator<Item = (Option<&'a str>, &'a str)> {
        let host = self.scopes.is_empty().then_some((None, "/"));
        let declared = self.scopes.iter().flat_map(|scope| {
            let domain = scope.domain.as_deref();
            let host = domain.map(|_| (None, scope.path.as_str()));
            core::iter::once((domain, scope.path.as_str())).chain(host)
        });
        host.into_iter().chain(declared)
    }
}

#[derive(Debug, Default)]
struct Writer<'a> {
    targets: Vec<Target<'a>>,
    lines: Vec<String>,
    bytes: usize,
}

impl<'a> Writer<'a> {
    /// Clears a cookie in all its possible scopes, once, even if its name occurs several times.
    fn clear(&mut self, target: Target<'a>) {
        if self.is_done() || self.targets.iter().any(|known| known.name == target.name) {
            return;
        }
        self.targets.push(target);
        for (domain, path) in target.places() {
            self.push(&Deletion::at(target.name, domain, path, target.partitioned));
        }
    }

    /// Also clears all cookies below their declared scopes, on the way to this path: a cookie that the
    /// request carried from there has one of these paths.
    fn clear_below(&mut self, path: &str) {
        let Some(path) = visible(path.as_bytes()) else { return };
        let slashes = path.bytes().enumerate().skip(1).filter(|(_, byte)| *byte == b'/');
        let ends = slashes.map(|(at, _)| at).chain([path.len()]).take(MAX_DEPTH);
        let targets = core::mem::take(&mut self.targets);
        for base in ends.filter_map(|end| path.get(..end)) {
            for target in targets.iter().filter(|target| !target.is_bound_to_root()) {
                let places = target.places();
                for (domain, _) in places.filter(|(_, over)| is_below(base.as_bytes(), over.as_bytes())) {
                    self.push(&Deletion::at(target.name, domain, base, target.partitioned));
                }
            }
        }
        self.targets = targets;
    }

    /// Also clears the declared cookies at the domains of the policy's scope. The request carried their
    /// names, and a script may have set a wider `Domain` than declared.
    fn clear_above(&mut self, policy: &Policy) {
        let targets = core::mem::take(&mut self.targets);
        for domain in policy.scope() {
            for target in targets.iter().filter(|target| !target.is_bound_to_root()) {
                for scope in target.scopes.iter().filter(|scope| scope.domain.is_none()) {
                    let deletion = Deletion::at(target.name, Some(domain), &scope.path, target.partitioned);
                    self.push(&deletion);
                }
            }
        }
    }

    fn push(&mut self, deletion: &Deletion<'_>) {
        if self.is_full() {
            return;
        }
        let line = deletion.write();
        if self.bytes + line.len() <= MAX_EXPIRY_BYTES && !self.lines.contains(&line) {
            self.bytes += line.len();
            self.lines.push(line);
        }
    }

    fn is_full(&self) -> bool {
        self.lines.len() >= MAX_EXPIRY_LINES
    }

    /// Returns whether the limit of examined cookies is reached.
    fn is_done(&self) -> bool {
        self.is_full() || self.targets.len() >= MAX_TARGETS
    }

    fn finish(self) -> Expiries {
        Expiries { lines: self.lines.into_iter() }
    }
}
