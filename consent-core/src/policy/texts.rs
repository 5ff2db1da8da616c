use super::language::{family, written};
use super::plural::{Plural, plural};
use super::{Exemption, Kind, Language};
#[cfg(feature = "toml")]
use super::{Preset, Use};
use alloc::boxed::Box;

/// Declares the catalogues: a language tag, and the name of its file in `texts/`.
macro_rules! catalogues {
    ($($tag:literal = $file:literal,)+) => {
        const CATALOGUES: [(&str, &str); [$($tag),+].len()] =
            [$(($tag, include_str!(concat!("../../texts/", $file, ".txt"))),)+];
    };
}

catalogues! {
    "en" = "en",
    "ar" = "ar",
    "bg" = "bg",
    "cs" = "cs",
    "cy" = "cy",
    "da" = "da",
    "de" = "de",
    "el" = "el",
    "es" = "es",
    "et" = "et",
    "fi" = "fi",
    "fr" = "fr",
    "ga" = "ga",
    "he" = "he",
    "hr" = "hr",
    "hu" = "hu",
    "is" = "is",
    "it" = "it",
    "ja" = "ja",
    "lt" = "lt",
    "lv" = "lv",
    "mt" = "mt",
    "nb" = "nb",
    "nl" = "nl",
    "pl" = "pl",
    "pt" = "pt",
    "ro" = "ro",
    "sk" = "sk",
    "sl" = "sl",
    "sv" = "sv",
    "tr" = "tr",
    "uk" = "uk",
    "zh-hans" = "zh",
}

/// The texts of the interface in one language.
#[derive(Clone, Debug)]
pub struct Texts {
    language: &'static str,
    words: Box<[&'static str]>,
}

impl Texts {
    /// Returns the texts in this language, else in a language that its readers also read (bokmål for
    /// nynorsk, simplified characters for traditional ones), else in English.
    pub(crate) fn of(language: &Language) -> Self {
        let known = |tag: &str| CATALOGUES.iter().find(|(known, _)| *known == tag);
        let related = || CATALOGUES.iter().find(|(known, _)| family(known) == family(language.as_str()));
        let [english, ..] = &CATALOGUES;
        let (tag, catalogue) = known(written(language.as_str())).or_else(related).unwrap_or(english);
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

    /// Returns the languages of the interface texts that exist, as tags.
    ///
    /// ```
    /// use consent_core::policy::Texts;
    ///
    /// assert!(Texts::languages().any(|tag| tag == "cy"));
    /// assert!(Texts::languages().all(|tag| tag != "tlh"));
    /// ```
    pub fn languages() -> impl Iterator<Item = &'static str> {
        CATALOGUES.iter().map(|(tag, _)| *tag)
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
        (texts.language == written(language.as_str())).then(|| texts.get(Key::of_use(preset.is_for())))
    }

    /// Returns the form of a duration for this number: `1 day`, but `2 days`.
    pub(crate) fn duration(&self, unit: Unit, number: u32) -> Key {
        Key::of_duration(unit, plural(self.language, number))
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

/// A unit of durations whose texts contain a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unit {
    Second,
    Minute,
    Hour,
    Day,
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
    SecondZero = "duration.second.zero",
    SecondOne = "duration.second.one",
    SecondTwo = "duration.second.two",
    SecondFew = "duration.second.few",
    SecondMany = "duration.second.many",
    SecondOther = "duration.second.other",
    MinuteZero = "duration.minute.zero",
    MinuteOne = "duration.minute.one",
    MinuteTwo = "duration.minute.two",
    MinuteFew = "duration.minute.few",
    MinuteMany = "duration.minute.many",
    MinuteOther = "duration.minute.other",
    HourZero = "duration.hour.zero",
    HourOne = "duration.hour.one",
    HourTwo = "duration.hour.two",
    HourFew = "duration.hour.few",
    HourMany = "duration.hour.many",
    HourOther = "duration.hour.other",
    DayZero = "duration.day.zero",
    DayOne = "duration.day.one",
    DayTwo = "duration.day.two",
    DayFew = "duration.day.few",
    DayMany = "duration.day.many",
    DayOther = "duration.day.other",
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

    const fn of_duration(unit: Unit, plural: Plural) -> Self {
        match (unit, plural) {
            (Unit::Second, Plural::Zero) => Self::SecondZero,
            (Unit::Second, Plural::One) => Self::SecondOne,
            (Unit::Second, Plural::Two) => Self::SecondTwo,
            (Unit::Second, Plural::Few) => Self::SecondFew,
            (Unit::Second, Plural::Many) => Self::SecondMany,
            (Unit::Second, Plural::Other) => Self::SecondOther,
            (Unit::Minute, Plural::Zero) => Self::MinuteZero,
            (Unit::Minute, Plural::One) => Self::MinuteOne,
            (Unit::Minute, Plural::Two) => Self::MinuteTwo,
            (Unit::Minute, Plural::Few) => Self::MinuteFew,
            (Unit::Minute, Plural::Many) => Self::MinuteMany,
            (Unit::Minute, Plural::Other) => Self::MinuteOther,
            (Unit::Hour, Plural::Zero) => Self::HourZero,
            (Unit::Hour, Plural::One) => Self::HourOne,
            (Unit::Hour, Plural::Two) => Self::HourTwo,
            (Unit::Hour, Plural::Few) => Self::HourFew,
            (Unit::Hour, Plural::Many) => Self::HourMany,
            (Unit::Hour, Plural::Other) => Self::HourOther,
            (Unit::Day, Plural::Zero) => Self::DayZero,
            (Unit::Day, Plural::One) => Self::DayOne,
            (Unit::Day, Plural::Two) => Self::DayTwo,
            (Unit::Day, Plural::Few) => Self::DayFew,
            (Unit::Day, Plural::Many) => Self::DayMany,
            (Unit::Day, Plural::Other) => Self::DayOther,
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
#[path = "texts/tests.rs"]
mod tests;
