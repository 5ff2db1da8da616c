//! What layers note in the extensions of requests and answers.

/// In the extensions of an answer that two layers have seen, one inside the other: the inner one did nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LayeredTwice;

/// In the extensions of an answer that the layer made of a [`ConsentRequired`](crate::require::ConsentRequired).
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnsweredRequired;
