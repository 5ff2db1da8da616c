/// What a page has to show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Prompt {
    /// Nothing: all is decided.
    None,
    /// A notice: something objectable, of which the visitor was not told yet.
    Notify,
    /// The banner: a decision is due.
    Ask,
}
