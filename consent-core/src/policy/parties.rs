use alloc::string::String;

/// The controller: who runs the site and is responsible for what it stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Controller {
    /// The company's or person's name.
    pub name: String,
    /// The postal address, one line per line.
    pub address: String,
    /// The address for requests of visitors.
    pub email: String,
    /// The telephone number.
    pub phone: String,
}

/// The supervisory authority, to which a visitor can complain about the controller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Authority {
    /// The authority's name.
    pub name: String,
    /// Its website, `https://...`.
    pub url: String,
}
