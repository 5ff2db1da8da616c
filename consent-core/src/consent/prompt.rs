/// The prompt that a page must show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Prompt {
    /// Nothing: the visitor has decided on everything.
    None,
    /// A notice about an objectable category of which the visitor has not been notified.
    Notify,
    /// The banner: the visitor must be asked.
    Ask,
}
