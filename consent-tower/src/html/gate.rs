use super::GatePage;
use super::eligible::marked;
use super::prelude::{Prelude, Scan};
use super::recheck::Recheck;
use super::rewriter::{Rewriter, Shared, end, is_ready, rewriter};
use super::state::State;
use super::whole;
use bytes::Bytes;
use std::fmt;
use std::sync::Arc;

/// About as much as a banner takes: what leaves is then made room for once.
const BANNER_ROOM: usize = 2048;

/// Streams one page: what of each piece can be told leaves with it.
pub(crate) struct Gate {
    shared: Arc<Shared>,
    stage: Stage,
    /// The beginning of a token that cannot be told yet; a few bytes.
    held: Vec<u8>,
    /// From where browsers may read the page differently from the rewriter.
    recheck: Option<Recheck>,
    untouched: bool,
}

enum Stage {
    /// Before the place for our tags.
    Prelude(Prelude, Option<Rewriter>),
    /// Behind it.
    Rewriting(Rewriter),
    /// The rest passes without the rewriter.
    Passing,
}

impl Gate {
    /// Begins a page; `None` where none can be rewritten.
    pub(crate) fn new(page: GatePage) -> Option<Self> {
        is_ready().then(|| Self {
            stage: Stage::Prelude(Prelude::new(page.charset.declared().is_none()), None),
            shared: Shared::new(State::new(page)),
            held: Vec::new(),
            recheck: None,
            untouched: true,
        })
    }

    /// Takes a piece of the page, and gives what leaves now.
    pub(crate) fn write(&mut self, piece: Bytes) -> Bytes {
        self.untouched &= piece.is_empty();
        match &self.stage {
            Stage::Passing if self.recheck.is_none() => return piece,
            Stage::Passing => self.shared.output().extend_from_slice(&piece),
            Stage::Rewriting(_) => {
                self.shared.output().reserve(piece.len());
                self.feed(&piece);
            }
            Stage::Prelude(..) if self.held.is_empty() => self.write_prelude(&piece),
            Stage::Prelude(..) => {
                let mut piece_with_held = std::mem::take(&mut self.held);
                piece_with_held.extend_from_slice(&piece);
                self.write_prelude(&piece_with_held);
            }
        }
        self.leave()
    }

    /// Takes the last piece of the page. If that is the whole page, the page need not be streamed.
    pub(crate) fn write_last(&mut self, piece: Bytes) -> Bytes {
        if self.untouched
            && !piece.is_empty()
            && let Some(page) = whole::rewrite(&self.shared, &piece)
        {
            self.untouched = false;
            self.stage = Stage::Passing;
            return page;
        }
        let (output, rest) = (self.write(piece), self.finish());
        if rest.is_empty() { output } else { Bytes::from([output, rest].concat()) }
    }

    /// The page is over: gives what is left, and what is still due.
    pub(crate) fn finish(&mut self) -> Bytes {
        if self.untouched {
            return Bytes::new();
        }
        let held = std::mem::take(&mut self.held);
        if let Stage::Prelude(prelude, _) = &self.stage {
            // What the page leaves unfinished stays so: nothing of ours follows it.
            let is_unfinished = prelude.is_inside_token(&held);
            if !is_unfinished {
                self.begin(held.len());
            }
            self.feed(&held);
        }
        let stage = std::mem::replace(&mut self.stage, Stage::Passing);
        let may_follow = match stage {
            Stage::Rewriting(rewriter) if self.shared.state().is_due() => end(rewriter, &self.shared),
            Stage::Rewriting(rewriter) | Stage::Prelude(_, Some(rewriter)) => rewriter.end().map(|()| false),
            Stage::Prelude(_, None) => Ok(false),
            Stage::Passing => Ok(true),
        };
        let may_follow = may_follow.unwrap_or_else(|error| {
            tracing::warn!(target: "consent::page", %error, "the end of a page could not be rewritten");
            false
        });
        let held = self.shared.state().without_scripts.take();
        self.shared.output().extend_from_slice(held.as_bytes());
        self.settle();
        if may_follow && !self.recheck.as_ref().is_some_and(Recheck::is_inside_tag) {
            let rest = self.shared.state().document_ends();
            let mut last = self.leave_last().to_vec();
            last.extend_from_slice(rest.as_bytes());
            return Bytes::from(last);
        }
        self.leave_last()
    }

    fn write_prelude(&mut self, input: &[u8]) {
        let Stage::Prelude(prelude, _) = &mut self.stage else { return };
        let (at, found) = match prelude.scan(input) {
            Scan::Found(at) => (at, true),
            Scan::More(at) => (at, false),
            Scan::Unreadable => {
                self.stage = Stage::Passing;
                self.shared.state().doubt = Some(0);
                self.shared.output().extend_from_slice(input);
                return;
            }
        };
        let (before, behind) = input.split_at(at.min(input.len()));
        self.feed(before);
        if found {
            self.begin(behind.len());
            self.feed(behind);
        } else {
            self.held.extend_from_slice(behind);
        }
    }

    /// Puts our tags where the stream now is; so many bytes are there behind them.
    fn begin(&mut self, behind: usize) {
        match std::mem::replace(&mut self.stage, Stage::Passing) {
            Stage::Prelude(prelude, rewriter) => {
                let head = self.shared.state().begin(&prelude).unwrap_or_default();
                let mut output = self.shared.output();
                output.reserve(head.len() + behind + BANNER_ROOM);
                output.extend_from_slice(head.as_bytes());
                drop(output);
                let rewriter = rewriter.or_else(|| self.rewriter(&prelude));
                self.stage = rewriter.map_or(Stage::Passing, Stage::Rewriting);
            }
            other => self.stage = other,
        }
    }

    /// Gives bytes to the rewriter, or past it.
    fn feed(&mut self, input: &[u8]) {
        if input.is_empty() {
            return;
        }
        #[cfg(test)]
        {
            self.shared.state().work += input.len();
        }
        if let Stage::Prelude(prelude, None) = &self.stage {
            let rewriter = self.rewriter(prelude);
            if let Stage::Prelude(_, slot) = &mut self.stage {
                *slot = rewriter;
            }
        }
        let fed = match &mut self.stage {
            Stage::Prelude(_, Some(rewriter)) | Stage::Rewriting(rewriter) => rewriter.write(input),
            Stage::Prelude(_, None) | Stage::Passing => {
                self.shared.output().extend_from_slice(input);
                return;
            }
        };
        if let Err(error) = fed {
            // Everything that the rewriter held has left as it was written. What is due in the page is put behind it.
            tracing::warn!(
                target: "consent::page", %error,
                "the rest of a page could not be rewritten: what is gated in it stays inert"
            );
            self.stage = Stage::Passing;
        }
    }

    fn rewriter(&self, prelude: &Prelude) -> Option<Rewriter> {
        let charset = if prelude.has_bom() { marked() } else { self.shared.state().page.charset };
        rewriter(&self.shared, charset.declared())
    }

    fn leave(&mut self) -> Bytes {
        self.settle();
        Bytes::from(std::mem::take(&mut *self.shared.output()))
    }

    fn leave_last(&mut self) -> Bytes {
        if let Some(recheck) = &mut self.recheck {
            recheck.finish(&mut self.shared.output());
        }
        Bytes::from(std::mem::take(&mut *self.shared.output()))
    }

    /// Rechecks what is about to leave, where that is needed.
    fn settle(&mut self) {
        let doubt = self.shared.state().doubt.take();
        if self.recheck.is_none() && doubt.is_none() {
            return;
        }
        let mut written = std::mem::take(&mut *self.shared.output());
        let certain = if self.recheck.is_some() { 0 } else { doubt.unwrap_or_default() };
        let doubtful = written.split_off(certain.min(written.len()));
        let recheck = self.recheck.get_or_insert_default();
        recheck.write(&doubtful, &self.shared.state(), &mut written);
        *self.shared.output() = written;
    }
}

impl fmt::Debug for Gate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Gate").finish_non_exhaustive()
    }
}

#[cfg(test)]
impl Gate {
    pub(super) fn inert(&self) -> Vec<super::state::Inert> {
        self.shared.state().inert.clone()
    }

    /// How many bytes were given to rewriters, how many handlers were called, how many attributes were read and how many
    /// steps the recheck took.
    pub(super) fn work(&self) -> usize {
        self.shared.state().work + self.recheck.as_ref().map_or(0, |recheck| recheck.steps)
    }
}
