use super::{Exemption, Kind, Language};
#[cfg(feature = "toml")]
use super::{Preset, Use};
use alloc::boxed::Box;

/// The catalogues. A language consists of a file and a line here.
const CATALOGUES: [(&str, &str); 2] =
    [("en", include_str!("../../texts/en.txt")), ("de", include_str!("../../texts/de.txt"))];

/// The texts of the interface in one language.
#[derive(Clone, Debug)]
pub struct Texts {
    language: &'static str,
    words: Box<[&'static str]>,
}

impl Texts {
    /// Returns the texts in this language, or in English if there is no catalogue for it.
    pub(crate) fn of(language: &Language) -> Self {
        let known = |tag: &str| CATALOGUES.iter().find(|(known, _)| *known == tag);
        let [english, ..] = &CATALOGUES;
        let (tag, catalogue) =
            known(language.as_str()).or_else(|| known(language.primary())).unwrap_or(english);
        Self::read(tag, catalogue)
    }

    pub(crate) fn english() -> Self {
        let [(tag, catalogue), ..] = CATALOGUES;
        Self::read(tag, catalogue)
    }

    fn read(language: &'static str, catalogue: &'static str) -> Self {
        let mut words = Key::ALL.map(|_| "");
        // Catalogues list the keys in the same order, so each lookup is immediate.
        let mut slots = words.iter_mut().zip(Key::ALL);
        for (key, text) in entries(catalogue) {
            if let Some((slot, _)) = slots.find(|(_, known)| known.name() == key) {
                *slot = text;
            }
        }
        Self { language, words: Box::new(words) }
    }

    /// Returns the actual language of the texts.
    #[must_use]
    pub fn language(&self) -> &'static str {
        self.language
    }

    /// Returns the purpose of a preset's cookie, or `None` if the texts are not in that language.
    #[cfg(feature = "toml")]
    pub(crate) fn purpose_of(language: &Language, preset: Preset) -> Option<&'static str> {
        let texts = Self::of(language);
        (texts.language == language.primary()).then(|| texts.get(Key::of_use(preset.is_for())))
    }

    pub(crate) fn get(&self, key: Key) -> &'static str {
        self.words.get(key as usize).copied().unwrap_or_default()
    }

    /// Returns the pieces of a text.
    pub(crate) fn pieces(&self, key: Key) -> impl Iterator<Item = Piece> {
        let mut rest = self.get(key);
        let mut name = None;
        core::iter::from_fn(move || {
            if let Some(name) = name.take() {
                return Some(Piece::Name(name));
            }
            if rest.is_empty() {
                return None;
            }
            let (words, after) = rest
                .split_once('{')
                .and_then(|(words, tail)| Some((words, tail.split_once('}')?)))
                .map_or((rest, ""), |(words, (filled, after))| {
                    name = Some(filled);
                    (words, after)
                });
            rest = after;
            Some(Piece::Words(words))
        })
    }
}

/// A piece of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Piece {
    /// Literal text.
    Words(&'static str),
    /// A placeholder, with the name in its braces.
    Name(&'static str),
}

fn entries(catalogue: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let lines = catalogue.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines.filter_map(|line| line.split_once(" = "))
}

#[cfg(test)]
#[cfg(feature = "toml")]
pub(crate) fn entries_of(tag: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    let catalogue = CATALOGUES.into_iter().find(|(known, _)| *known == tag);
    catalogue.into_iter().flat_map(|(_, catalogue)| entries(catalogue))
}

/// Declares each key once: as an enum variant, so that the compiler rejects unknown keys, and by name.
macro_rules! keys {
    ($($key:ident = $name:literal,)+) => {
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum Key { $($key,)+ }

        impl Key {
            const ALL: [Self; [$(Self::$key),+].len()] = [$(Self::$key),+];

            const fn name(self) -> &'static str {
                match self { $(Self::$key => $name,)+ }
            }
        }
    };
}

keys! {
    CategoryFunctionality = "category.functionality",
    LinkSettings = "link.settings",
    LinkPolicy = "link.policy",
    LinkBack = "link.back",
    LinkHome = "link.home",
    Accept = "action.accept",
    Refuse = "action.refuse",
    Save = "action.save",
    Withdraw = "action.withdraw",
    Object = "action.object",
    Erase = "action.erase",
    Close = "action.close",
    BannerTitle = "banner.title",
    BannerAsk = "banner.ask",
    BannerAlso = "banner.also",
    BannerProviders = "banner.providers",
    BannerChange = "banner.change",
    BannerAgainChanged = "banner.again.changed",
    BannerAgainExpired = "banner.again.expired",
    NoticeAsk = "notice.ask",
    NoticeChange = "notice.change",
    PlaceholderWhat = "placeholder.what",
    PlaceholderThis = "placeholder.this",
    PlaceholderWhy = "placeholder.why",
    PlaceholderAllow = "placeholder.allow",
    PlaceholderDenied = "placeholder.denied",
    PlaceholderDeniedWhat = "placeholder.denied.what",
    RefusalUndecided = "refusal.undecided",
    RefusalDenied = "refusal.denied",
    RefusalLapsed = "refusal.lapsed",
    RefusalSignal = "refusal.signal",
    RefusalSite = "refusal.site",
    RequiredTitle = "required.title",
    RequiredAsk = "required.ask",
    RequiredDenied = "required.denied",
    RequiredSignal = "required.signal",
    RequiredSite = "required.site",
    RequiredFeatures = "required.features",
    RequiredAllow = "required.allow",
    RequiredHome = "required.home",
    SettingsTitle = "settings.title",
    SettingsIntro = "settings.intro",
    SettingsSaved = "settings.saved",
    SettingsSaving = "settings.saving",
    SettingsPending = "settings.pending",
    SettingsUnsaved = "settings.unsaved",
    SettingsStatic = "settings.static",
    SettingsGranted = "settings.granted",
    SettingsWithdraw = "settings.withdraw",
    SettingsChoose = "settings.choose",
    SettingsOn = "settings.on",
    SettingsOff = "settings.off",
    SettingsStored = "settings.stored",
    SettingsObject = "settings.object",
    SettingsErase = "settings.erase",
    SettingsRequired = "settings.required",
    StateGranted = "state.granted",
    StateLapsed = "state.lapsed",
    StateRefused = "state.refused",
    StateObjected = "state.objected",
    StateInformed = "state.informed",
    StateUndecided = "state.undecided",
    StateUntold = "state.untold",
    StateSignal = "state.signal",
    StateSignalDnt = "state.signal.dnt",
    StateExempt = "state.exempt",
    StorageName = "storage.name",
    StoragePurpose = "storage.purpose",
    StorageLifetime = "storage.lifetime",
    StorageProvider = "storage.provider",
    StorageFirstParty = "storage.first-party",
    StorageConsent = "storage.consent",
    StoragePattern = "storage.pattern",
    StorageAffixes = "storage.affixes",
    StorageReaders = "storage.readers",
    StorageRequired = "storage.required",
    StorageAsked = "storage.asked",
    StorageObjectable = "storage.objectable",
    StorageExempt = "storage.exempt",
    ExemptTransmission = "exempt.transmission",
    ExemptLoadBalancing = "exempt.load-balancing",
    ExemptSignIn = "exempt.sign-in",
    ExemptSecurity = "exempt.security",
    ExemptUserInput = "exempt.user-input",
    ExemptConsent = "exempt.consent",
    PresetSession = "preset.session",
    PresetCsrf = "preset.csrf",
    PresetFlash = "preset.flash",
    PresetSignInState = "preset.sign-in-state",
    PresetLoadBalancing = "preset.load-balancing",
    KindCookie = "kind.cookie",
    KindLocalStorage = "kind.local-storage",
    KindSessionStorage = "kind.session-storage",
    KindIndexedDb = "kind.indexed-db",
    KindCacheStorage = "kind.cache-storage",
    KindServiceWorker = "kind.service-worker",
    KindService = "kind.service",
    KindClientHint = "kind.client-hint",
    KindDictionary = "kind.dictionary",
    KindNetworkReport = "kind.network-report",
    KindLoginStatus = "kind.login-status",
    LifetimeSession = "lifetime.session",
    LifetimeRenews = "lifetime.renews",
    Second = "duration.second",
    Seconds = "duration.seconds",
    Minute = "duration.minute",
    Minutes = "duration.minutes",
    Hour = "duration.hour",
    Hours = "duration.hours",
    Day = "duration.day",
    Days = "duration.days",
    Year = "duration.year",
    Date = "date",
    January = "month.1",
    February = "month.2",
    March = "month.3",
    April = "month.4",
    May = "month.5",
    June = "month.6",
    July = "month.7",
    August = "month.8",
    September = "month.9",
    October = "month.10",
    November = "month.11",
    December = "month.12",
    ListSeparator = "list.separator",
    ListLast = "list.last",
    PolicyTitle = "policy.title",
    PolicyUpdated = "policy.updated",
    PolicyEarlier = "policy.earlier",
    PolicyCurrent = "policy.current",
    PolicyOnlyFunctionality = "policy.only-functionality",
    PolicyUses = "policy.uses",
    PolicyEnforced = "policy.enforced",
    PolicyGuarded = "policy.guarded",
    PolicyWhatTitle = "policy.what.title",
    PolicyWhat = "policy.what",
    PolicyUseTitle = "policy.use.title",
    PolicyStoredTitle = "policy.stored.title",
    PolicyStored = "policy.stored",
    PolicyChangeTitle = "policy.change.title",
    PolicyChangeAsk = "policy.change.ask",
    PolicyChangeTell = "policy.change.tell",
    PolicyChangeReask = "policy.change.reask",
    PolicyBrowserTitle = "policy.browser.title",
    PolicyBrowser = "policy.browser",
    PolicyBrowserRequired = "policy.browser.required",
    PolicyControllerTitle = "policy.controller.title",
    PolicyController = "policy.controller",
    PolicyContact = "policy.contact",
    PolicyEmail = "policy.email",
    PolicyPhone = "policy.phone",
    PolicyAddress = "policy.address",
    PolicyAuthorityTitle = "policy.authority.title",
    PolicyAuthority = "policy.authority",
    PolicyLogTitle = "policy.log.title",
    PolicyLog = "policy.log",
    PolicyRevision = "policy.revision",
    PolicyInForce = "policy.in-force",
    PolicyNoText = "policy.no-text",
}

impl Key {
    pub(crate) const fn of_kind(kind: Kind) -> Self {
        match kind {
            Kind::Cookie => Self::KindCookie,
            Kind::LocalStorage => Self::KindLocalStorage,
            Kind::SessionStorage => Self::KindSessionStorage,
            Kind::IndexedDb => Self::KindIndexedDb,
            Kind::CacheStorage => Self::KindCacheStorage,
            Kind::ServiceWorker => Self::KindServiceWorker,
            Kind::Service => Self::KindService,
            Kind::ClientHint => Self::KindClientHint,
            Kind::Dictionary => Self::KindDictionary,
            Kind::NetworkReport => Self::KindNetworkReport,
            Kind::LoginStatus => Self::KindLoginStatus,
        }
    }

    #[cfg(feature = "toml")]
    const fn of_use(is_for: Use) -> Self {
        match is_for {
            Use::Session => Self::PresetSession,
            Use::Csrf => Self::PresetCsrf,
            Use::Flash => Self::PresetFlash,
            Use::SignInState => Self::PresetSignInState,
            Use::LoadBalancing => Self::PresetLoadBalancing,
        }
    }

    pub(crate) const fn of_exemption(exemption: Exemption) -> Self {
        match exemption {
            Exemption::Transmission => Self::ExemptTransmission,
            Exemption::LoadBalancing => Self::ExemptLoadBalancing,
            Exemption::SignIn => Self::ExemptSignIn,
            Exemption::Security => Self::ExemptSecurity,
            Exemption::UserInput => Self::ExemptUserInput,
            Exemption::Consent => Self::ExemptConsent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    fn placeholders(text: &str) -> Vec<&str> {
        let mut names: Vec<&str> =
            text.split('{').skip(1).map(|tail| tail.split_once('}').expect("a brace is closed").0).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    #[test]
    fn every_language_says_the_same() {
        let english: Vec<_> = entries(CATALOGUES[0].1).collect();
        for (language, catalogue) in CATALOGUES {
            let keys: Vec<_> = entries(catalogue).map(|(key, _)| key).collect();
            assert_eq!(keys, Key::ALL.map(Key::name), "{language}");
            for ((key, text), (_, original)) in entries(catalogue).zip(&english) {
                assert!(!text.trim().is_empty(), "{language}: {key}");
                assert_eq!(placeholders(text), placeholders(original), "{language}: {key}");
            }
        }
    }

    #[test]
    fn no_line_of_a_catalogue_is_lost() {
        for (language, catalogue) in CATALOGUES {
            for line in catalogue.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
                assert!(line.contains(" = "), "{language}: {line}");
            }
            assert!(!catalogue.contains('<'), "{language}: markup comes from the renderer");
        }
    }

    #[test]
    fn an_unknown_language_is_english_and_says_so() {
        let of = |tag| Texts::of(&Language::parse(tag).unwrap());
        assert_eq!(of("fr").language(), "en");
        assert_eq!(of("de-at").language(), "de");
        assert_eq!(of("fr").get(Key::Refuse), "Reject all");
    }

    #[test]
    fn no_wording_presses() {
        // Interface texts inform: they neither praise one choice nor discourage the other (EDPB Guidelines
        // 03/2022).
        let pressing =
            ["sorry", "best experience", "improve your", "!", "please", "by using", "leider", "bitte"];
        for (language, catalogue) in CATALOGUES {
            for (key, text) in entries(catalogue) {
                let text = text.to_lowercase();
                for word in pressing {
                    assert!(!text.contains(word), "{language}: {key}: {word}");
                }
            }
        }
    }
}
