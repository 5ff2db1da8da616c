//! The policy as data: the content of the policy page, for programs.

use super::{
    CategoryDeclaration, Declaration, Exemption, Kind, Language, Lifetime, Localized, Name, Policy, Provider,
    Regime, Revision, Route, Scope, Service,
};
use crate::cookies::CookieName;
use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

/// Serializes the policy as JSON for a site whose consent cookie is `__Host-consent`: see [`Policy::data`].
impl Serialize for Policy {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.data(CookieName::Host).serialize(serializer)
    }
}

impl Policy {
    /// Returns the content of the policy page in a form that serializes: the parties, the categories, the
    /// storage (with the consent cookie first), and the log.
    #[must_use]
    pub fn data(&self, cookie_name: CookieName) -> PolicyData<'_> {
        PolicyData { policy: self, cookie_name }
    }
}

/// A policy with the name of the site's consent cookie, served as JSON.
#[derive(Clone, Copy, Debug)]
pub struct PolicyData<'a> {
    policy: &'a Policy,
    cookie_name: CookieName,
}

impl Serialize for PolicyData<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let policy = self.policy;
        let mut object = serializer.serialize_struct("Policy", 10)?;
        object.serialize_field("revision", &policy.revision())?;
        object.serialize_field("languages", policy.languages())?;
        object.serialize_field("reask_days", &policy.reask_days())?;
        object.serialize_field("controller", policy.controller())?;
        object.serialize_field("authority", policy.authority())?;
        object.serialize_field("scope", policy.scope())?;
        object.serialize_field("categories", &Each(policy.categories()))?;
        object.serialize_field("services", &Each(policy.services()))?;
        object.serialize_field("storage", &Storage(self))?;
        object.serialize_field("revisions", &Each(policy.revisions()))?;
        object.end()
    }
}

/// Serializes each item in its [`Shown`] form.
struct Each<'a, T>(&'a [T]);

struct Shown<'a, T>(&'a T);

impl<'a, T> Serialize for Each<'a, T>
where
    Shown<'a, T>: Serialize,
{
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.0.iter().map(Shown))
    }
}

struct Storage<'a>(&'a PolicyData<'a>);

impl Serialize for Storage<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let PolicyData { policy, cookie_name } = self.0;
        let consent = Stored::Consent { policy, cookie_name: *cookie_name };
        let declared = policy.storage().iter().map(Stored::Declared);
        serializer.collect_seq(core::iter::once(consent).chain(declared))
    }
}

enum Stored<'a> {
    Consent { policy: &'a Policy, cookie_name: CookieName },
    Declared(&'a Declaration),
}

impl Serialize for Stored<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Consent { policy, cookie_name } => {
                let seconds = u32::from(policy.reask_days()) * 86_400;
                let mut object = serializer.serialize_struct("Storage", 5)?;
                object.serialize_field("name", cookie_name.as_str())?;
                object.serialize_field("kind", &Kind::Cookie)?;
                object.serialize_field("exempt", &Exemption::Consent)?;
                object.serialize_field("lifetime", &Lifetime::Seconds(seconds))?;
                object.serialize_field("provider", &Provider::FirstParty)?;
                object.end()
            }
            Self::Declared(declared) => {
                let mut object = serializer.serialize_struct("Storage", 17)?;
                object.serialize_field("name", &declared.name)?;
                object.serialize_field("kind", &declared.kind)?;
                object.serialize_field("categories", &declared.categories)?;
                object.serialize_field("exempt", &declared.exempt)?;
                object.serialize_field("purpose", &declared.purpose)?;
                object.serialize_field("lifetime", &declared.lifetime)?;
                object.serialize_field("renews", &declared.renews)?;
                object.serialize_field("provider", &declared.provider)?;
                object.serialize_field("readers", &declared.readers)?;
                object.serialize_field("scopes", &Each(&declared.scopes))?;
                object.serialize_field("partitioned", &declared.partitioned)?;
                object.serialize_field("http_only", &declared.http_only)?;
                object.serialize_field("values", &declared.values)?;
                object.serialize_field("max_bytes", &declared.max_bytes)?;
                object.serialize_field("issued_on", &Each(&declared.issued_on))?;
                object.serialize_field("required_by", &declared.required_by)?;
                object.serialize_field("service", &declared.service)?;
                object.end()
            }
        }
    }
}

impl Serialize for Shown<'_, CategoryDeclaration> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Category", 6)?;
        object.serialize_field("name", &self.0.category)?;
        object.serialize_field("label", &self.0.label)?;
        object.serialize_field("purpose", &self.0.purpose)?;
        object.serialize_field("regime", &self.0.regime)?;
        object.serialize_field("regimes", &Regimes(self.0))?;
        object.serialize_field("signals", &self.0.signals)?;
        object.end()
    }
}

impl Serialize for Shown<'_, Service> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Service", 8)?;
        object.serialize_field("id", self.0.id())?;
        object.serialize_field("label", self.0.label())?;
        object.serialize_field("provider", self.0.provider())?;
        object.serialize_field("url", &self.0.url())?;
        object.serialize_field("categories", self.0.categories())?;
        object.serialize_field("exempt", &self.0.exempt())?;
        object.serialize_field("purpose", self.0.purpose())?;
        object.serialize_field("origins", self.0.origins())?;
        object.end()
    }
}

struct Regimes<'a>(&'a CategoryDeclaration);

impl Serialize for Regimes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let regimes = self.0.regimes.iter();
        serializer
            .collect_map(regimes.map(|(jurisdiction, regime): &(_, Regime)| (Text(jurisdiction), regime)))
    }
}

impl Serialize for Shown<'_, Revision> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Revision", 6)?;
        object.serialize_field("number", &self.0.number)?;
        object.serialize_field("effective", &Text(&self.0.effective))?;
        object.serialize_field("summary", &self.0.summary)?;
        object.serialize_field("reask", &self.0.reask)?;
        object.serialize_field("reask_services", &self.0.reask_services)?;
        object.serialize_field("document", &self.0.document)?;
        object.end()
    }
}

impl Serialize for Shown<'_, Scope> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Scope", 2)?;
        object.serialize_field("domain", &self.0.domain)?;
        object.serialize_field("path", &self.0.path)?;
        object.end()
    }
}

impl Serialize for Shown<'_, Route> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{} {}", self.0.method, self.0.path))
    }
}

/// Serializes a value as its `Display` text.
struct Text<'a, T>(&'a T);

impl<T: core::fmt::Display> Serialize for Text<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self.0)
    }
}

/// The tag.
impl Serialize for Language {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// A map from language to text.
impl Serialize for Localized {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// Serializes the name as in `policy.toml`: a pattern ends in `*`.
impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The seconds, or `"session"`.
impl Serialize for Lifetime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Session => serializer.serialize_str("session"),
            Self::Seconds(seconds) => serializer.serialize_u32(*seconds),
        }
    }
}

/// The name, or `"first-party"`.
impl Serialize for Provider {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(match self {
            Self::FirstParty => "first-party",
            Self::Named(name) => name,
        })
    }
}

#[cfg(test)]
#[cfg(feature = "toml")]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn the_founding_policy_as_data() {
        let policy = Policy::from_toml(include_str!("../../policies/founding.toml")).unwrap();
        let data = serde_json::to_value(&policy).unwrap();
        assert_eq!(data["revision"], 1);
        assert_eq!(data["languages"], json!(["en", "de"]));
        assert_eq!(data["reask_days"], 180);
        assert_eq!(data["controller"]["name"], "JUXT Ltd.");
        assert_eq!(data["authority"]["url"], "https://ico.org.uk/");
        assert_eq!(data["categories"][0]["name"], "functionality");
        assert_eq!(data["categories"][0]["regime"], "opt-in");
        assert!(data["categories"][0]["purpose"]["de"].is_string());
        assert_eq!(
            data["storage"][0],
            json!({
                "name": "__Host-consent",
                "kind": "cookie",
                "exempt": "consent",
                "lifetime": 15_552_000,
                "provider": "first-party",
            })
        );
        let named = |name: &str| {
            let storage = data["storage"].as_array().unwrap();
            storage.iter().find(|stored| stored["name"] == name).unwrap().clone()
        };
        assert_eq!(named("theme")["lifetime"], 31_536_000);
        assert_eq!(named("theme")["exempt"], Value::Null);
        assert_eq!(named("theme")["values"], json!(["light", "dark"]));
        assert_eq!(named("theme")["scopes"], json!([{ "domain": null, "path": "/" }]));
        assert_eq!(named("sid")["lifetime"], "session");
        assert_eq!(named("sid")["issued_on"], json!(["POST /sign-in"]));
        assert_eq!(data["revisions"][0]["effective"], "2023-02-09");
    }

    #[test]
    fn the_consent_cookie_has_its_real_name() {
        let policy = Policy::from_toml(include_str!("../../policies/founding.toml")).unwrap();
        let data = serde_json::to_value(policy.data(CookieName::Plain)).unwrap();
        assert_eq!(data["storage"][0]["name"], "consent");
    }
}
