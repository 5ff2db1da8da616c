use alloc::string::String;

/// Who runs the site and answers for what it stores.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Controller {
    /// The company's or person's name.
    pub name: String,
    /// The postal address, one line per line.
    pub address: String,
    /// Where requests go.
    pub email: String,
    /// The telephone number.
    pub phone: String,
}

/// Where a visitor can complain about the controller.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Authority {
    /// The authority's name.
    pub name: String,
    /// Its website, `https://...`.
    pub url: String,
}
