use super::judge::{find, is_reserved};
use super::line::{Deletion, token};
use super::{Reason, cookie_pairs};
use crate::consent::Consent;
use crate::policy::{Declaration, Kind, Name, Scope};
use alloc::string::String;
use alloc::vec::{self, Vec};

/// The most lines in one answer. Proxies have buffers for headers; the rest waits for the next page.
const MAX_LINES: usize = 20;

/// The most bytes in one answer.
const MAX_BYTES: usize = 2048;

/// The `Set-Cookie` lines that clear what may not be stored any more: an iterator over at most 20 lines and 2 KB.
///
/// What needs no consent is never cleared, nor the consent cookie, nor what a grant covered that merely lapsed. Where
/// nothing is to be cleared, nothing is allocated.
#[derive(Clone, Debug)]
pub struct Expiries {
    lines: vec::IntoIter<String>,
}

impl Expiries {
    /// After a decision, by the same answer: every declared cookie that is not allowed now, wherever it may be valid.
    /// `consent` is the one after the decision, `lines` are the request's `Cookie` lines, by which the names that
    /// patterns stand for are known.
    pub fn on_decision<'a>(consent: &'a Consent, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut writer = Writer::default();
        let cookies = consent.policy().storage().iter().filter(|declared| declared.kind == Kind::Cookie);
        let mut cleared = cookies.filter(|declared| is_cleared(declared, consent)).peekable();
        if cleared.peek().is_none() {
            return writer.finish();
        }
        // What the request carried is stored for certain, so it goes first.
        for name in names(lines) {
            if let Some(declared) =
                find(consent.policy(), name.as_bytes()).filter(|it| is_cleared(it, consent))
            {
                writer.clear(name, &declared.scopes, declared.partitioned);
            }
        }
        for declared in cleared {
            if let Name::Exact(name) = &declared.name {
                writer.clear(name, &declared.scopes, declared.partitioned);
            }
        }
        writer.finish()
    }

    /// On a later page: what the request carried of declared cookies that are not allowed and of retired ones; with
    /// `sweep_undeclared` also what the policy does not know, as far as it is of this host alone.
    pub fn on_page<'a>(
        consent: &Consent,
        lines: impl IntoIterator<Item = &'a [u8]>,
        sweep_undeclared: bool,
    ) -> Self {
        let mut writer = Writer::default();
        if consent.is_hands_off() {
            return writer.finish();
        }
        let policy = consent.policy();
        for name in names(lines) {
            if let Some(declared) = find(policy, name.as_bytes()) {
                if is_cleared(declared, consent) {
                    writer.clear(name, &declared.scopes, declared.partitioned);
                }
            } else if let Some(place) = policy.index().retired(name.as_bytes()) {
                if let Some(retired) = policy.retired().get(place) {
                    writer.clear(name, &retired.scopes, retired.partitioned);
                }
            } else if sweep_undeclared {
                writer.clear(name, &[Scope { domain: None, path: "/".into() }], false);
            }
        }
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

#[derive(Debug, Default)]
struct Writer<'a> {
    cleared: Vec<&'a str>,
    lines: Vec<String>,
    bytes: usize,
}

impl<'a> Writer<'a> {
    /// Clears a cookie in every place where it may be; once, however often its name is met.
    fn clear(&mut self, name: &'a str, scopes: &[Scope], partitioned: bool) {
        if self.lines.len() == MAX_LINES || self.cleared.contains(&name) {
            return;
        }
        self.cleared.push(name);
        for scope in scopes {
            self.push(&Deletion::of(name, scope, partitioned));
        }
    }

    fn push(&mut self, deletion: &Deletion<'_>) {
        let line = deletion.write();
        if self.lines.len() < MAX_LINES && self.bytes + line.len() <= MAX_BYTES {
            self.bytes += line.len();
            self.lines.push(line);
        }
    }

    fn finish(self) -> Expiries {
        Expiries { lines: self.lines.into_iter() }
    }
}
