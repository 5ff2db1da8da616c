use super::judge::find;
use super::line::{Deletion, visible};
use super::scope::is_below;
use crate::consent::Consent;
use crate::cookies::{cookie_pairs, is_reserved, prefix_of, token};
use crate::policy::{Declaration, Kind, Name, Policy, Scope};
use crate::reason::Reason;
use alloc::string::String;
use alloc::vec::{self, Vec};

/// The most lines by which one answer expires cookies. Proxies have buffers for headers; the rest waits for the next page.
pub const MAX_EXPIRY_LINES: usize = 20;

/// The most bytes of such lines in one answer.
pub const MAX_EXPIRY_BYTES: usize = 2048;

/// The most cookies that one answer looks at, also where the bytes are used up before the lines are: a request may carry
/// tens of thousands.
const MAX_TARGETS: usize = 64;

/// How many segments of a page's path are looked at for cookies that were set below the declared path.
const MAX_DEPTH: usize = 8;

/// The `Set-Cookie` lines that clear what may not be stored any more: an iterator over at most [`MAX_EXPIRY_LINES`].
///
/// What needs no consent is never cleared, nor the consent cookie, nor what a grant covered that merely lapsed. Where
/// nothing is to be cleared, nothing is allocated.
#[derive(Clone, Debug)]
pub struct Expiries {
    lines: vec::IntoIter<String>,
}

impl Expiries {
    /// After a decision, by the same answer: every declared cookie that is not allowed now, wherever it may be valid.
    ///
    /// `decided` is the consent after the decision; `lines` are the request's `Cookie` lines, by which the names are known
    /// that patterns stand for.
    pub fn on_decision<'a>(decided: &'a Consent, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut writer = Writer::default();
        let storage = decided.policy().storage().iter();
        let cookies = storage.filter(|declared| declared.kind == Kind::Cookie);
        let mut cleared = cookies.filter(|declared| is_cleared(declared, decided)).peekable();
        if cleared.peek().is_none() {
            return writer.finish();
        }
        // What the request carried is stored for certain, so it goes first.
        let seen = names(lines).filter_map(|name| Target::declared(name, decided));
        let all = cleared.filter_map(|declared| match &declared.name {
            Name::Exact(name) => Some(Target::of(name, declared)),
            Name::Prefix(_) => None,
        });
        for target in seen.chain(all) {
            writer.clear(target);
        }
        writer.finish()
    }

    /// On a later page: what the request carried of declared cookies that are not allowed and of retired ones; with
    /// `sweep_undeclared` also what the policy does not know, as far as it is of this host alone.
    pub fn on_page<'a>(
        consent: &'a Consent,
        lines: impl IntoIterator<Item = &'a [u8]>,
        sweep_undeclared: bool,
    ) -> Self {
        Self::on_page_at("/", consent, lines, sweep_undeclared)
    }

    /// The same for the page at this path, as the browser asked for it: also what was set below the declared path, and is
    /// not cleared by an expiry at the declared one.
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

/// Whether what is stored of this is cleared, and not only hidden.
fn is_cleared(declared: &Declaration, consent: &Consent) -> bool {
    let clears = |category| consent.denial(category).is_some_and(Reason::clears);
    declared.exempt.is_none() && declared.categories.iter().any(|category| clears(*category))
}

/// The names in a request that can be written into a header. The consent cookie is not among them.
fn names<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> impl Iterator<Item = &'a str> {
    let pairs = lines.into_iter().flat_map(cookie_pairs);
    pairs.filter(|pair| !is_reserved(pair.name())).filter_map(|pair| token(pair.name()))
}

/// A cookie to be cleared, and where it may be.
#[derive(Clone, Copy, Debug)]
struct Target<'a> {
    name: &'a str,
    /// None: of this host alone, at any path.
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

    /// Whether browsers store it at the root only.
    fn is_bound_to_root(&self) -> bool {
        prefix_of(self.name.as_bytes()).is_some_and(|prefix| prefix.host)
    }

    /// Every domain and path. A cookie that is declared for a domain may have been set for the host alone.
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
    /// Clears a cookie in every place where it may be; once, however often its name is met.
    fn clear(&mut self, target: Target<'a>) {
        if self.is_done() || self.targets.iter().any(|known| known.name == target.name) {
            return;
        }
        self.targets.push(target);
        for (domain, path) in target.places() {
            self.push(&Deletion::at(target.name, domain, path, target.partitioned));
        }
    }

    /// Clears all of them also below the places where they were declared, on the way to this path: a cookie that the
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

    /// Clears the declared ones also at the domains of the policy's scope: the request carried their names, and a script may
    /// have given them a wider `Domain` than declared.
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

    /// Whether no further cookie is looked at.
    fn is_done(&self) -> bool {
        self.is_full() || self.targets.len() >= MAX_TARGETS
    }

    fn finish(self) -> Expiries {
        Expiries { lines: self.lines.into_iter() }
    }
}
