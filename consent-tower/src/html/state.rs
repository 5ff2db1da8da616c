//! What is known of a page while it streams past.

use super::insert::{self, Insert};
use super::loading::is_set;
use super::prelude::Prelude;
use super::srcset::candidates;
use super::tag::{Tag, TagEnd};
use super::{BannerPlacement, Document, GatePage, OriginGate};
use crate::addresses::{Base, OwnHosts, Target, is_plainly_own};
use consent_core::page::PlaceholderControls;
use consent_core::policy::{Language, Service, ServiceSet};
use consent_core::{Category, Prompt, Reason};
use std::cell::OnceCell;
use std::sync::Arc;

/// What still has to be put into a page.
#[derive(Debug, Default)]
struct Due {
    banner: bool,
    link: bool,
    /// The categories whose placeholders have a button.
    forms: Vec<Category>,
}

/// One page on its way.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else of the page")]
pub(super) struct State {
    pub(super) page: GatePage,
    language: Language,
    utf_8: bool,
    /// How many `<template>`s are open: what is in one is not shown.
    templates: usize,
    /// The application's own banner, if it is open.
    in_banner: bool,
    due: Due,
    /// Whether the element that is looked at is inside of a link, a button or a list of options.
    pub(super) in_control: bool,
    /// Whether a form of the page may be open: another one would not begin inside it.
    in_form: bool,
    pub(super) without_scripts: WithoutScripts,
    /// Where in the output browsers may begin to read the page differently.
    pub(super) doubt: Option<usize>,
    pub(super) probe: Probe,
    /// Whether it is the content of a `<noscript>`, which is read by itself.
    pub(super) is_piece: bool,
    /// The address that relative addresses are resolved against.
    pub(super) base: Base,
    /// Whether a `<base>` set it. Only the first counts.
    has_base: bool,
    own_hosts: OnceCell<OwnHosts>,
    /// The services that the visitor allows.
    services: ServiceSet,
    /// How many elements of other origins were reported.
    reported: usize,
    #[cfg(test)]
    pub(super) inert: Vec<Inert>,
    /// How much was done for the page: tests bound it.
    #[cfg(test)]
    pub(super) work: usize,
}

impl State {
    pub(super) fn new(page: GatePage) -> Self {
        Self {
            language: insert::language(&page, None),
            utf_8: page.charset.is_utf_8(),
            templates: 0,
            in_banner: false,
            due: Due::default(),
            in_control: false,
            in_form: false,
            without_scripts: WithoutScripts::default(),
            doubt: None,
            probe: Probe::default(),
            is_piece: false,
            base: Base::default(),
            has_base: false,
            own_hosts: OnceCell::new(),
            services: page.consent.allowed_services(),
            reported: 0,
            #[cfg(test)]
            inert: Vec::new(),
            #[cfg(test)]
            work: 0,
            page,
        }
    }

    /// Takes in what stands before the first element, and gives what goes before it.
    pub(super) fn begin(&mut self, prelude: &Prelude) -> Option<String> {
        // Much in front of an encoding that is said later would push it out of the browser's sight.
        let said = self.page.charset.declared().is_some() || prelude.has_bom() || prelude.has_charset();
        self.page.inline &= said;
        let page = &self.page;
        self.utf_8 |= prelude.has_bom();
        if prelude.language().is_some() {
            self.language = insert::language(page, prelude.language());
        }
        let tagged = match page.document {
            Document::Certain | Document::Frame => true,
            Document::IfDoctype => prelude.has_doctype(),
            Document::Fragment => false,
        };
        if page.document == Document::IfDoctype && !tagged {
            tracing::debug!(
                target: "consent::page", path = page.path(),
                "a page gets no banner and no guard: without Fetch Metadata, only HTML with a doctype is a page"
            );
        }
        let outermost = tagged && page.document != Document::Frame;
        let banner = outermost && self.may_show_banner();
        self.due = Due { banner, link: outermost, forms: Vec::new() };
        tagged.then(|| self.insert().head())
    }

    pub(super) fn insert(&self) -> Insert<'_> {
        Insert::new(&self.page, &self.language, self.utf_8)
    }

    /// The same page for a piece of it that is read by itself.
    pub(super) fn piece(&self) -> Self {
        let mut piece = Self::new(GatePage { document: Document::Fragment, ..self.page.clone() });
        piece.language.clone_from(&self.language);
        piece.utf_8 = self.utf_8;
        piece.is_piece = true;
        piece.base.clone_from(&self.base);
        piece.has_base = self.has_base;
        piece.reported = self.reported;
        piece
    }

    /// What stands where a frame would be.
    pub(super) fn placeholder(&mut self, category: Category, what: Option<&str>) -> String {
        let controls = if std::mem::take(&mut self.in_control) {
            PlaceholderControls::None
        } else if self.page.document == Document::Fragment || self.templates > 0 {
            PlaceholderControls::Link
        } else {
            if !self.due.forms.contains(&category) {
                self.due.forms.push(category);
            }
            PlaceholderControls::Button
        };
        self.insert().placeholder(category, what, controls)
    }

    /// Whether a decision is due, and the site lets the layer show its banner.
    pub(super) fn may_show_banner(&self) -> bool {
        self.page.banner && self.page.consent.prompt() != Prompt::None
    }

    /// Returns what goes first into the body: the banner, if the site asked for it there.
    pub(super) fn body_begins(&mut self) -> Option<String> {
        (self.page.placement == BannerPlacement::Start).then(|| self.banner()).flatten()
    }

    /// Returns the banner if it is still due. A template that is open would hide it.
    fn banner(&mut self) -> Option<String> {
        let due = self.due.banner && self.templates == 0;
        self.due.banner &= !due;
        due.then(|| self.insert().banner())
    }

    /// Returns what goes last into the body: the banner, the link to the settings, and the forms of the
    /// placeholders.
    pub(super) fn body_ends(&mut self) -> Option<String> {
        if !self.is_due() || self.templates > 0 {
            return None;
        }
        let mut rest = String::new();
        if self.due.banner {
            rest.push_str(self.close_form());
            rest.extend(self.banner());
        }
        if std::mem::take(&mut self.due.link) {
            rest.push_str(&self.insert().settings_link());
        }
        let forms: String = std::mem::take(&mut self.due.forms)
            .into_iter()
            .map(|category| self.insert().placeholder_form(category))
            .collect();
        if !forms.is_empty() {
            rest.push_str(self.close_form());
            rest.push_str(&forms);
        }
        Some(rest)
    }

    /// Closes a form that the page may have left open.
    fn close_form(&mut self) -> &'static str {
        if std::mem::take(&mut self.in_form) { "</form>" } else { "" }
    }

    pub(super) fn form_begins(&mut self) {
        self.in_form = true;
    }

    pub(super) fn form_ends(&mut self) {
        self.in_form = false;
    }

    /// Whether something is still due where the page ends.
    pub(super) fn is_due(&self) -> bool {
        self.due.banner || self.due.link || !self.due.forms.is_empty()
    }

    /// What is still due where the page ends.
    pub(super) fn document_ends(&mut self) -> String {
        let mut rest = String::new();
        if self.is_due() {
            // What an open template holds is not shown.
            (0..std::mem::take(&mut self.templates)).for_each(|_| rest.push_str("</template>"));
        }
        rest.extend(self.body_ends());
        rest
    }

    pub(super) fn template_begins(&mut self) {
        self.templates += 1;
    }

    pub(super) fn template_ends(&mut self) {
        self.templates = self.templates.saturating_sub(1);
    }

    /// The application shows a banner of its own: two would be one too many, and its link to the settings
    /// goes away with it.
    pub(super) fn banner_begins(&mut self) {
        if self.templates == 0 {
            self.in_banner = true;
            self.due.banner = false;
        }
    }

    pub(super) fn banner_ends(&mut self) {
        self.in_banner = false;
    }

    /// Something on the page opens the settings.
    pub(super) fn settings_seen(&mut self) {
        self.due.link &= self.templates > 0 || self.in_banner;
    }

    pub(super) fn base_seen(&mut self, href: &str) {
        if self.has_base || self.templates > 0 {
            return;
        }
        self.has_base = true;
        self.base = Base::of_attribute(href);
        if self.page.document != Document::Fragment && !self.is_own(&self.base.target()) {
            self.make_addresses_absolute();
        }
    }

    /// In a page whose `<base>` leads elsewhere, ours still lead here: to the configured origin, else to the
    /// host that was asked.
    fn make_addresses_absolute(&mut self) {
        let origins = &self.page.origins;
        let origin = match origins.iter().find(|origin| origin.contains("://")) {
            Some(origin) => origin.clone(),
            None => match origins.first() {
                Some(host) => format!("//{host}"),
                None => return,
            },
        };
        if self.page.links.base.starts_with('/') {
            Arc::make_mut(&mut self.page.links).base.insert_str(0, &origin);
        }
    }

    /// Whether the value of an attribute certainly leads to this site. If not, it may do so all the same.
    pub(super) fn is_plainly_own(&self, attribute: &str, value: &[u8]) -> bool {
        if !self.base.is_page() {
            return false;
        }
        if !is_set(attribute) {
            return is_plainly_own(value);
        }
        // A reference may stand for a blank or a comma.
        let is_own = |set: &str| candidates(set).all(|address| is_plainly_own(address.as_bytes()));
        !value.contains(&b'&') && str::from_utf8(value).is_ok_and(is_own)
    }

    pub(super) fn is_own(&self, target: &Target) -> bool {
        let own = self.own_hosts.get_or_init(|| {
            let domains = self.page.consent.policy().scope().iter().map(String::as_str);
            OwnHosts::new(self.page.origins.iter().map(String::as_str), domains)
        });
        own.contain(target)
    }

    /// Returns how policy and visitor stand to a target.
    pub(super) fn standing(&self, target: &Target) -> Standing<'_> {
        if self.is_own(target) {
            return Standing::Own;
        }
        let Target::At(place) = target else { return Standing::Undeclared };
        let policy = self.page.consent.policy();
        let mut denied = None;
        for index in place.origins().filter_map(|origin| policy.service_index_at(origin)) {
            let Some(service) = policy.services().get(index) else { continue };
            if self.services.contains(index) {
                return Standing::Allowed(service);
            }
            denied = denied.or(Some(service));
        }
        denied.map_or(Standing::Undeclared, Standing::Denied)
    }

    /// Returns why a service is denied, or `None` if it is allowed.
    pub(super) fn denied(&self, service: &Service) -> Option<DeniedService> {
        let consent = &self.page.consent;
        let reason = consent.denial_of_service(service)?;
        let denied = service.categories().iter().find(|category| consent.denial(**category).is_some());
        // An exception of the visitor may deny it although its categories are allowed.
        let category = *denied.or(service.categories().first())?;
        Some(DeniedService { category, reason, label: self.label_of(service) })
    }

    /// Returns the name of a service in the language of the page.
    pub(super) fn label_of(&self, service: &Service) -> String {
        service.label().get(&self.language).map_or(service.id(), |(label, _)| label).to_owned()
    }

    /// Whether the gate looks at elements that are not marked.
    pub(super) fn gates_origins(&self) -> bool {
        self.page.origin_gate != OriginGate::Off
    }

    /// Reports an element that was left or made inert, and the target that the policy does not declare.
    pub(super) fn report(&mut self, inert: Inert, undeclared: Option<&Target>) {
        #[cfg(test)]
        self.inert.push(inert);
        if !inert.is_marked || undeclared.is_some() {
            self.reported += 1;
            // A page may have thousands of them.
            if self.reported > MOST_REPORTED {
                return;
            }
        }
        let origin = undeclared.map(ToString::to_string);
        if let (Some(watch), Some(origin)) = (&self.page.watch, &origin) {
            watch.undeclared(inert.element, origin);
        }
        announce(inert, origin.as_deref(), self.page.path());
    }
}

/// The number of elements of other origins that are reported for one page.
const MOST_REPORTED: usize = 32;

fn announce(inert: Inert, origin: Option<&str>, path: Option<&str>) {
    let Inert { element, category, cause, was_live, is_marked } = inert;
    let category = category.as_ref().map(Category::as_str);
    match cause {
        // Nothing is wrong: the visitor has not agreed.
        Cause::Denied(reason) if !is_marked || !was_live => {
            tracing::debug!(target: "consent::page", path, element, category, %reason, "a gated element stays inert");
        }
        Cause::Denied(reason) => tracing::warn!(
            target: "consent::page", path, element, category, %reason,
            "a gated element was written live and made inert: write it inert"
        ),
        Cause::UnknownCategory => tracing::warn!(
            target: "consent::page", path, element,
            "a gated element names a category that the policy does not declare, and stays inert"
        ),
        Cause::UndeclaredOrigin => tracing::warn!(
            target: "consent::page", path, element, category, origin,
            "an element is from an origin that no service of the policy declares"
        ),
    }
}

/// How policy and visitor stand to a target.
#[derive(Clone, Copy, Debug)]
pub(super) enum Standing<'a> {
    /// It is this site, or no server.
    Own,
    Allowed(&'a Service),
    Denied(&'a Service),
    /// No service declares it, or it cannot be read.
    Undeclared,
}

/// A service that the visitor does not allow.
#[derive(Clone, Debug)]
pub(super) struct DeniedService {
    /// The first category that the visitor does not allow.
    pub(super) category: Category,
    pub(super) reason: Reason,
    /// Its name in the language of the page.
    pub(super) label: String,
}

/// An element of ours is given to the rewriter behind the page, to learn whether an element could stand
/// there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Probe {
    #[default]
    NotSent,
    Sent,
    /// It was read as an element: nothing of the page is unfinished.
    Seen,
}

/// The content of a `<noscript>`: text to a browser that runs scripts, markup to others.
#[derive(Debug, Default)]
pub(super) struct WithoutScripts {
    held: String,
    passing: bool,
}

impl WithoutScripts {
    /// Content is held back until it is whole. What is longer is hardly what is meant for browsers without
    /// scripts.
    const MOST: usize = 64 * 1024;

    /// Takes a part of the content, and gives what leaves in its place.
    pub(super) fn push(&mut self, part: &str) -> String {
        self.held.push_str(part);
        self.passing |= self.held.len() > Self::MOST;
        if self.passing { self.take() } else { String::new() }
    }

    /// Whether the content was too much to be held.
    pub(super) fn is_passing(&self) -> bool {
        self.passing
    }

    /// Whether content is held.
    pub(super) fn is_holding(&self) -> bool {
        !self.held.is_empty()
    }

    /// The content is over: gives it, if it is all here and has to be looked at. Where addresses count,
    /// content with an address that may lead elsewhere has to be.
    pub(super) fn end(&mut self, gates_origins: bool) -> Option<String> {
        let whole = !std::mem::take(&mut self.passing);
        let held = self.held.as_bytes();
        let is_gated = || held.windows(12).any(|at| at.eq_ignore_ascii_case(b"data-consent"));
        let leads_elsewhere =
            || held.iter().any(|byte| matches!(byte, b':' | b'&' | b'\\')) || self.held.contains("//");
        (whole && (!is_plain(held) || is_gated() || (gates_origins && leads_elsewhere())))
            .then(|| self.take())
    }

    /// What was held back.
    pub(super) fn take(&mut self) -> String {
        std::mem::take(&mut self.held)
    }
}

/// Whether a piece of a page certainly leaves nothing open that would take in what follows it.
fn is_plain(piece: &[u8]) -> bool {
    const OPEN: [&[u8]; 15] = [
        b"frameset",
        b"iframe",
        b"math",
        b"noembed",
        b"noframes",
        b"noscript",
        b"plaintext",
        b"script",
        b"select",
        b"style",
        b"svg",
        b"template",
        b"textarea",
        b"title",
        b"xmp",
    ];
    let mut rest = piece;
    while let Some((_, tag)) =
        rest.iter().position(|byte| *byte == b'<').and_then(|at| rest.split_at_checked(at + 1))
    {
        let name = tag.strip_prefix(b"/").unwrap_or(tag);
        let length = name.iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let (name, behind) = name.split_at(length);
        let is_known = name.first().is_some_and(u8::is_ascii_alphabetic);
        if !is_known || OPEN.iter().any(|open| open.eq_ignore_ascii_case(name)) {
            return false;
        }
        let TagEnd::At(end) = Tag::default().scan(behind) else { return false };
        rest = behind.get(end..).unwrap_or_default();
    }
    true
}

/// An element that was left or made inert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Inert {
    pub(super) element: &'static str,
    pub(super) category: Option<Category>,
    pub(super) cause: Cause,
    /// Whether the application wrote it live.
    pub(super) was_live: bool,
    /// Whether the application marked it with `data-consent`.
    pub(super) is_marked: bool,
}

/// Why an element is inert.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cause {
    /// The visitor has not agreed to its category.
    Denied(Reason),
    /// It names no category, or one that the policy does not declare.
    UnknownCategory,
    /// It is from an origin that the policy does not declare.
    UndeclaredOrigin,
}
