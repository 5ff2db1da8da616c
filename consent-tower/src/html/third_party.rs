//! The gate for elements of other origins. They need no marking.

use super::OriginGate;
use super::gated::{HTML, Written, is_typed, known, sleep_attribute, sleep_typed, targets_of};
use super::loading::{Attributes, is_followed, loading_attributes};
use super::state::{Cause, DeniedService, Inert, Standing, State};
use crate::addresses::Target;
use consent_core::Category;
use lol_html::HandlerResult;
use lol_html::html_content::ContentType;
use lol_html::send::Element;

#[cfg(test)]
mod tests;

/// The elements that show something. In place of a picture, browsers show its text.
const VISIBLE: [&str; 5] = ["iframe", "embed", "object", "video", "audio"];

/// Makes an element inert if it loads from another origin that the visitor does not allow, or that the policy
/// does not declare. `attributes` are those that the element loads from.
pub(super) fn gate_third_party(
    element: &mut Element<'_, '_>,
    attributes: Attributes,
    state: &mut State,
) -> HandlerResult {
    let is_own = |name: &&str| {
        element.get_attribute(name).is_none_or(|value| state.is_plainly_own(name, value.as_bytes()))
    };
    // Marked elements have a handler of their own.
    if attributes.iter().all(is_own) || element.has_attribute("data-consent") {
        return Ok(());
    }
    let written = Written::of(element);
    let Some(denied) = Denied::of(&written, attributes, state) else { return Ok(()) };
    if state.page.origin_gate == OriginGate::Enforce {
        make_inert(element, &written, &denied, state)?;
    }
    state.report(denied.inert(&written), denied.undeclared.as_ref());
    Ok(())
}

/// Whether an element may load from the value of an attribute, as written in the page.
pub(super) fn may_load(attribute: &'static str, value: &str, state: &State) -> bool {
    targets_of(attribute, value, state)
        .iter()
        .all(|target| matches!(state.standing(target), Standing::Own | Standing::Allowed(_)))
}

/// Whether an element that is not marked must be made inert.
pub(super) fn is_denied(written: &Written, state: &State) -> bool {
    state.page.origin_gate == OriginGate::Enforce
        && Denied::of(written, loading_attributes(written.tag()), state).is_some()
}

fn make_inert(
    element: &mut Element<'_, '_>,
    written: &Written,
    denied: &Denied,
    state: &mut State,
) -> HandlerResult {
    // The module finds the element by its categories when the visitor allows them.
    let names: Vec<&str> = denied.categories().map(Category::as_str).collect();
    element.set_attribute("data-consent", &names.join(" "))?;
    if is_typed(written.tag()) {
        sleep_typed(element, written)?;
    } else {
        for name in &denied.attributes {
            sleep_attribute(element, written, name)?;
        }
    }
    let is_shown = VISIBLE.contains(&written.tag()) && element.namespace_uri() == HTML;
    if let (Some(service), true) = (denied.service(), is_shown) {
        let placeholder = state.placeholder(service.category, written.plain_title().or(Some(&service.label)));
        element.before(&placeholder, ContentType::Html);
    }
    Ok(())
}

/// What keeps an element from loading.
#[derive(Default)]
pub(super) struct Denied {
    /// The attributes that lead to origins from which the element may not load.
    attributes: Vec<&'static str>,
    /// The first service that the visitor does not allow.
    service: Option<DeniedService>,
    /// The categories of all services that the visitor does not allow.
    categories: Vec<Category>,
    /// The first target that the policy does not declare.
    undeclared: Option<Target>,
}

impl Denied {
    /// Returns `None` if the element may load.
    pub(super) fn of(written: &Written, attributes: Attributes, state: &State) -> Option<Self> {
        if written.tag() == "link" && !is_followed(&written.rel()) {
            return None;
        }
        let mut denied = Self::default();
        for name in attributes {
            let may_load =
                written.live_targets(name, state).iter().all(|target| denied.admits(target, state));
            if !may_load {
                denied.attributes.push(name);
            }
        }
        (!denied.attributes.is_empty()).then_some(denied)
    }

    /// Returns whether the element may load from this target.
    fn admits(&mut self, target: &Target, state: &State) -> bool {
        match state.standing(target) {
            Standing::Own | Standing::Allowed(_) => return true,
            Standing::Denied(service) => {
                let new = service.categories().iter().filter(|category| !self.categories.contains(category));
                let new: Vec<_> = new.copied().collect();
                self.categories.extend(new);
                if self.service.is_none() {
                    self.service = state.denied(service);
                }
            }
            Standing::Undeclared => {
                self.undeclared.get_or_insert_with(|| target.clone());
            }
        }
        false
    }

    /// Returns the service whose permission is missing. `None` if no permission suffices.
    fn service(&self) -> Option<&DeniedService> {
        self.service.as_ref().filter(|_| self.undeclared.is_none())
    }

    /// Returns the categories whose permission is missing. Empty if no permission suffices.
    fn categories(&self) -> impl Iterator<Item = &Category> {
        self.categories.iter().filter(|_| self.undeclared.is_none())
    }

    fn inert(&self, written: &Written) -> Inert {
        let service = self.service();
        Inert {
            element: known(written.tag()),
            category: service.map(|service| service.category),
            cause: service.map_or(Cause::UndeclaredOrigin, |service| Cause::Denied(service.reason)),
            was_live: true,
            is_marked: false,
        }
    }
}
