use super::list::members;
use super::navigation::Navigation;
use super::neutral::nobody;
use super::page::PageRequest;
use crate::config::Config;
use consent_core::Consent;
use consent_core::consent::Circumstances;
use consent_core::engine::rules;
use consent_core::page::{View, banner};
use consent_core::policy::Language;
use http::HeaderMap;
use http::header::{ACCEPT_RANGES, ETAG, HeaderValue, IF_MODIFIED_SINCE, IF_NONE_MATCH, LAST_MODIFIED};
use time::Date;

/// Returns the tag of everything that a rewritten page depends on besides the application's own bytes.
pub(crate) fn state_tag(
    config: &Config,
    consent: &Consent,
    page: &PageRequest,
    navigation: Navigation,
) -> StateTag {
    let policy = consent.policy();
    let mut states = Vec::with_capacity(policy.categories().len() * 2 + 8);
    states.extend_from_slice(&page_fingerprint(config).to_be_bytes());
    states.push(consent.prompt() as u8);
    // A piece, a frame and a page of the same address are different bytes.
    states.extend([navigation.destination as u8, u8::from(navigation.speculative), page.placement as u8]);
    for category in policy.category_set().as_slice() {
        states.extend([consent.state(*category) as u8, u8::from(consent.allows(*category))]);
    }
    states.extend(consent.allowed_services().iter().map(|index| u8::try_from(index).unwrap_or(u8::MAX)));
    let circumstances = consent.circumstances();
    states.extend([u8::from(circumstances.gpc), u8::from(circumstances.dnt)]);
    StateTag::of(&[&states, page.languages.as_ref().map(HeaderValue::as_bytes).unwrap_or_default()])
}

/// Returns the same tag for a page that does not depend on the visitor.
pub(crate) fn neutral_tag(config: &Config) -> StateTag {
    StateTag::of(&[b"neutral", &page_fingerprint(config).to_be_bytes()])
}

impl PageRequest {
    /// The mark of the page that responds to this request.
    pub(crate) fn tag(&self, config: &Config, consent: &Consent, navigation: Navigation) -> StateTag {
        if self.neutral { neutral_tag(config) } else { state_tag(config, consent, self, navigation) }
    }
}

/// Returns the hash of everything that the layer adds to a page. The hash is part of the entity tag, so that
/// pages from before a change of the site are not revalidated.
fn page_fingerprint(config: &Config) -> u32 {
    *config.page_fingerprint.get_or_init(|| {
        let links = &config.links;
        let rules = rules(&config.policy, &nobody(config), config.cookie_name, &links.base);
        // The texts of the policy may change without a new revision.
        let wording = serde_json::to_string(&config.policy.data(config.cookie_name)).unwrap_or_default();
        let banners: String =
            config.policy.languages().iter().map(|language| banner_of(config, language)).collect();
        let texts = [&rules, &links.style, &links.guard, &links.module, &wording, &banners];
        let [guard, banner, sweep] = [config.guard, config.banner, config.sweep_undeclared].map(u8::from);
        let switches = [guard, banner, sweep, config.third_parties as u8];
        let origins = config.origins.iter().chain(config.policy.scope());
        fnv(texts.into_iter().chain(origins).flat_map(String::as_bytes).chain(&switches))
    })
}

/// The banner as somebody sees it who has not decided, for the interface's own words.
fn banner_of(config: &Config, language: &Language) -> String {
    let undecided = Consent::undecided(&config.policy, Circumstances::new(Date::MIN));
    banner(&View::new(&undecided, language, &config.links))
}

/// A mark in entity tags that identifies the state of consent. It prevents revalidating a page of one state
/// in another state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StateTag(u32);

/// Returns the FNV-1a hash. It need not resist attacks.
pub(crate) fn fnv<'a>(bytes: impl IntoIterator<Item = &'a u8>) -> u32 {
    bytes.into_iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// Separates the application's own tag from the layer's. The letter `s` or `w` after it says whether the
/// application's tag was strong or weak.
const MARK: &str = ".consent-";

impl StateTag {
    /// Hashes everything that the rewritten page depends on.
    pub(crate) fn of(parts: &[&[u8]]) -> Self {
        Self(fnv(parts.iter().flat_map(|part| part.iter().chain(&[0xFF]))))
    }

    /// Rewrites the tag of a rewritten response, or of a `304 Not Modified` response about one.
    pub(crate) fn mark(self, headers: &mut HeaderMap) {
        headers.remove(LAST_MODIFIED);
        headers.remove(ACCEPT_RANGES);
        let Some(tag) = headers.remove(ETAG) else { return };
        let marked = tag.to_str().ok().and_then(|tag| {
            let (kind, opaque) = match tag.strip_prefix("W/") {
                Some(opaque) => ('w', opaque),
                None => ('s', tag),
            };
            let opaque = opaque.strip_prefix('"')?.strip_suffix('"')?;
            // A tag with a quote inside is invalid. Browsers would send it back as several tags.
            if opaque.contains('"') {
                return None;
            }
            HeaderValue::from_str(&format!("W/\"{opaque}{MARK}{kind}{:08x}\"", self.0)).ok()
        });
        if let Some(marked) = marked {
            headers.insert(ETAG, marked);
        }
    }

    /// Restores the application's own tags if they were marked in this state, and removes the others, so that
    /// the request may become unconditional. If `page` is set, tags without a mark are removed as well.
    ///
    /// Returns `true` if a tag of this state was found. A `304 Not Modified` response is then about a
    /// rewritten page.
    pub(crate) fn unmark(self, headers: &mut HeaderMap, page: bool) -> bool {
        if page {
            headers.remove(IF_MODIFIED_SINCE);
        }
        let lines: Vec<&str> =
            headers.get_all(IF_NONE_MATCH).iter().filter_map(|line| line.to_str().ok()).collect();
        if !page && !lines.iter().any(|line| line.contains(MARK)) {
            return false;
        }
        let marked = lines.iter().any(|line| line.contains(MARK));
        let own: Vec<String> =
            lines.into_iter().flat_map(members).filter_map(|tag| self.own(tag, page)).collect();
        headers.remove(IF_NONE_MATCH);
        if let (false, Ok(line)) = (own.is_empty(), HeaderValue::from_str(&own.join(", "))) {
            headers.insert(IF_NONE_MATCH, line);
            return marked;
        }
        false
    }

    fn own(self, tag: &str, page: bool) -> Option<String> {
        let Some((opaque, mark)) = tag.rsplit_once(MARK) else { return (!page).then(|| tag.to_owned()) };
        let opaque = opaque.strip_prefix("W/\"")?;
        let state = mark.get(1..).and_then(|hex| hex.strip_suffix('"'))?;
        if u32::from_str_radix(state, 16) != Ok(self.0) {
            return None;
        }
        Some(if mark.starts_with('w') { format!("W/\"{opaque}\"") } else { format!("\"{opaque}\"") })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn headers(lines: &[(&'static str, &'static str)]) -> HeaderMap {
        lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
            .collect()
    }

    #[test]
    fn a_tag_is_valid_only_in_its_state() {
        let (granted, refused) = (StateTag::of(&[b"g"]), StateTag::of(&[b"r"]));
        for own in ["\"abc\"", "W/\"abc\""] {
            let mut answer = headers(&[("last-modified", "Thu, 01 Jan 2026 00:00:00 GMT")]);
            answer.insert(ETAG, HeaderValue::from_static(own));
            granted.mark(&mut answer);
            assert!(!answer.contains_key(LAST_MODIFIED));
            let marked = answer[ETAG].clone();
            assert!(marked.to_str().unwrap().starts_with("W/\"abc.consent-"));
            let mut same = HeaderMap::new();
            same.insert(IF_NONE_MATCH, marked.clone());
            granted.unmark(&mut same, true);
            assert_eq!(same[IF_NONE_MATCH], own);
            let mut other = HeaderMap::new();
            other.insert(IF_NONE_MATCH, marked);
            refused.unmark(&mut other, true);
            assert!(!other.contains_key(IF_NONE_MATCH));
        }
    }

    #[test]
    fn invalid_tags_are_removed() {
        for no_tag in ["abc", "\"abc", "\"", "\"a\", \"b\"", "w/\"abc\""] {
            let mut answer = HeaderMap::new();
            answer.insert(ETAG, HeaderValue::from_static(no_tag));
            StateTag::of(&[]).mark(&mut answer);
            assert!(!answer.contains_key(ETAG), "{no_tag}");
        }
    }

    #[test]
    fn tags_of_data_are_left_alone() {
        let mut map = headers(&[("if-none-match", "\"json\"")]);
        StateTag::of(&[]).unmark(&mut map, false);
        assert_eq!(map[IF_NONE_MATCH], "\"json\"");
        StateTag::of(&[]).unmark(&mut map, true);
        assert!(!map.contains_key(IF_NONE_MATCH));
    }
}
