use super::{FindingKind, Run, Seen};
use consent_core::Consent;
use consent_core::policy::Kind;
use consent_core::verdict::visible;
use http::header::SET_COOKIE;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;
use std::sync::LazyLock;

/// Cookies that the application must not see: one that the policy does not declare, and every declared cookie
/// that the visitor does not allow. Their values are recognizable in responses.
pub(super) struct Canary {
    names: Vec<String>,
    /// The prefix of every value. It is random, so that no page contains it by chance.
    mark: String,
}

impl Canary {
    pub(super) fn of(consent: &Consent) -> Self {
        static RANDOM: LazyLock<RandomState> = LazyLock::new(RandomState::new);
        let declared = consent.policy().storage().iter().filter(|declared| declared.kind == Kind::Cookie);
        let declared = declared.map(|declared| declared.name.with_middle("probe"));
        // A policy may declare `probe`.
        let undeclared = ["probe", "canary", "zz9-plural-z-alpha"].into_iter().map(str::to_owned);
        let names = declared.chain(undeclared).filter(|name| visible(name.as_bytes(), consent).is_err());
        Self { names: names.collect(), mark: format!("probe{:016x}", RANDOM.hash_one(())) }
    }

    /// Returns a `Cookie` header for each.
    pub(super) fn lines(&self) -> impl Iterator<Item = String> {
        self.names.iter().enumerate().map(|(at, name)| format!("{name}={}x{at}x", self.mark))
    }

    /// Returns the names of the cookies whose values are in these bytes.
    fn found(&self, bytes: &[u8]) -> Vec<&str> {
        let text = String::from_utf8_lossy(bytes);
        let marked = text.split(self.mark.as_str()).skip(1);
        let places = marked.filter_map(|rest| rest.split('x').nth(1)?.parse::<usize>().ok());
        places.filter_map(|at| self.names.get(at)).map(String::as_str).collect()
    }
}

impl<S, B> Run<'_, S, B> {
    /// Searches a response for values of hidden cookies.
    pub(super) fn look_for(&mut self, canary: &Canary, seen: &Seen<'_>) {
        let Seen { label, visitor, answer, .. } = seen;
        let headers = answer.headers().iter().filter(|(name, _)| **name != SET_COOKIE);
        let places = headers.map(|(_, line)| line.as_bytes()).chain([&answer.body()[..]]);
        for name in places.flat_map(|bytes| canary.found(bytes)) {
            let detail =
                format!("the response contains the value of {name}, which is hidden from the application");
            self.report.add(FindingKind::HiddenCookieSeen, label, visitor, detail);
        }
    }
}
