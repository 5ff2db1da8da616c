//! The answer that is being made on this thread: what handlers use asks it for what only the layer knows, such as the path
//! before a router stripped it.

use super::Asked;
use crate::response::Answering;

scoped_tls::scoped_thread_local!(static CURRENT: Answering);

/// Does `work` while making an answer.
pub(crate) fn during<T>(answering: &Answering, work: impl FnOnce() -> T) -> T {
    CURRENT.set(answering, work)
}

/// What is known of the request that is being answered; nothing outside of a layer, and on other tasks and threads.
pub(crate) fn asked() -> Option<Asked> {
    is_answering().then(|| CURRENT.with(Answering::asked))
}

/// Whether an answer's head is being made here.
pub(crate) fn is_answering() -> bool {
    CURRENT.is_set()
}
