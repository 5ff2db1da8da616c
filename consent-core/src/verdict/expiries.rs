use super::index::Entry;
use super::visible::is_reserved;
use super::{cookie_pairs, deletion};
use crate::consent::Consent;
use crate::policy::{Declaration, Kind, Name, Scope};
use alloc::string::String;
use alloc::vec::Vec;

/// The most lines by which one answer expires cookies: proxies have header buffers.
pub const MAX_EXPIRY_LINES: usize = 20;

/// The most bytes of such lines in one answer.
pub const MAX_EXPIRY_BYTES: usize = 2048;

/// The `Set-Cookie` lines that expire what is stored and not allowed. What does not fit into one answer waits for the
/// next page, where the cookies that are still there are met again.
#[derive(Debug)]
pub struct Expiries {
    lines: alloc::vec::IntoIter<String>,
}

impl Expiries {
    /// After a decision: every declared cookie of what is not allowed any more, wherever it may be valid, and the names
    /// that a pattern covers as far as the request (its `Cookie` lines) shows them.
    pub fn on_decision<'a>(decided: &Consent, lines: impl IntoIterator<Item = &'a [u8]>) -> Self {
        let mut list = List::default();
        let cookies = decided.policy().storage().iter().filter(|declared| declared.kind == Kind::Cookie);
        for declared in cookies.filter(|declared| is_cleared(decided, declared)) {
            if let Name::Exact(name) = &declared.name {
                list.add(name.as_bytes(), &declared.scopes, declared.partitioned);
            }
        }
        list.add_seen(decided, lines, false);
        list.finish()
    }

    /// On a page that shows a visitor's consent as it stands: what the request shows to be stored and is not allowed, or
    /// is retired; with `undeclared` also what the policy does not know, as far as this host can expire it.
    pub fn on_page<'a>(
        consent: &Consent,
        lines: impl IntoIterator<Item = &'a [u8]>,
        undeclared: bool,
    ) -> Self {
        let mut list = List::default();
        if !consent.is_hands_off() {
            list.add_seen(consent, lines, undeclared);
        }
        list.finish()
    }
}

impl Iterator for Expiries {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.lines.next()
    }
}

/// Whether what is stored under a declaration goes. What is exempt stays, and so does what a lapsed grant covered.
fn is_cleared(consent: &Consent, declared: &Declaration) -> bool {
    consent.denial_of(declared).is_some_and(super::Reason::clears)
}

#[derive(Default)]
struct List {
    lines: Vec<String>,
    bytes: usize,
}

impl List {
    fn add_seen<'a>(
        &mut self,
        consent: &Consent,
        lines: impl IntoIterator<Item = &'a [u8]>,
        undeclared: bool,
    ) {
        let policy = consent.policy();
        for name in lines.into_iter().flat_map(cookie_pairs).map(|pair| pair.name()) {
            match policy.index().find(name) {
                Some(Entry::Declared(at)) => {
                    if let Some(declared) =
                        policy.storage().get(at).filter(|declared| is_cleared(consent, declared))
                    {
                        self.add(name, &declared.scopes, declared.partitioned);
                    }
                }
                Some(Entry::Retired(at)) => {
                    if let Some(retired) = policy.retired().get(at) {
                        self.add(name, &retired.scopes, retired.partitioned);
                    }
                }
                None if undeclared && !is_reserved(name) => self.add(name, &[Scope::host_only()], false),
                None => {}
            }
        }
    }

    fn add(&mut self, name: &[u8], scopes: &[Scope], partitioned: bool) {
        if !is_token(name) {
            return;
        }
        for scope in scopes {
            let Ok(line) = String::from_utf8(deletion::in_scope(name, scope, partitioned)) else { continue };
            let fits = self.lines.len() < MAX_EXPIRY_LINES && self.bytes + line.len() <= MAX_EXPIRY_BYTES;
            if fits && !self.lines.contains(&line) {
                self.bytes += line.len();
                self.lines.push(line);
            }
        }
    }

    fn finish(self) -> Expiries {
        Expiries { lines: self.lines.into_iter() }
    }
}

/// RFC 9110, section 5.6.2: what can stand in a header without being read otherwise.
fn is_token(name: &[u8]) -> bool {
    !name.is_empty() && name.iter().all(|b| b.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(b))
}
