//! Marks that layers leave in the extensions of responses.

/// Marks a response that passed two layers, one around the other. The inner layer did nothing.
#[derive(Clone, Copy, Debug)]
pub(crate) struct LayeredTwice;

/// Marks a response that the layer wrote for a [`ConsentRequired`](crate::require::ConsentRequired).
#[derive(Clone, Copy, Debug)]
pub(crate) struct AnsweredRequired;
