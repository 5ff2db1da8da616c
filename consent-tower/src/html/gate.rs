use super::GatePage;
use super::eligible::marked;
use super::prelude::{Prelude, Scan};
use super::recheck::Recheck;
use super::rewriter::{Rewriter, Shared, end, is_ready, rewriter};
use super::sniff::{Sniffed, sniff};
use super::state::State;
use super::whole;
use bytes::Bytes;
use std::fmt;
use std::sync::Arc;

/// The approximate size of a banner, in bytes. Output buffers reserve it, so that they are allocated once.
const BANNER_ROOM: usize = 2048;

/// Streams a page: rewrites each piece as far as possible, and sends it at once.
pub(crate) struct Gate {
    shared: Arc<Shared>,
    stage: Stage,
    /// The beginning of an incomplete token; a few bytes.
    held: Vec<u8>,
    /// The second check, from the point at which browsers may read the page differently from the rewriter.
    recheck: Option<Recheck>,
    untouched: bool,
}

enum Stage {
    /// The first bytes decide whether the response is a page.
    Sniffing,
    /// The response is not a page, and stays as it is.
    NotHtml,
    /// The position of our tags is not reached.
    Prelude(Prelude, Option<Rewriter>),
    /// The position of our tags is passed.
    Rewriting(Rewriter),
    /// The rest of the page is not rewritten.
    Passing,
}

impl Stage {
    /// The first stage of a page.
    fn first(page: &GatePage) -> Self {
        Self::Prelude(Prelude::new(page.charset.declared().is_none()), None)
    }
}

impl Gate {
    /// Starts a page. Returns `None` if the page cannot be rewritten.
    pub(crate) fn new(page: GatePage) -> Option<Self> {
        is_ready().then(|| Self {
            stage: if page.charset.is_sniffed() { Stage::Sniffing } else { Stage::first(&page) },
            shared: Shared::new(State::new(page)),
            held: Vec::new(),
            recheck: None,
            untouched: true,
        })
    }

    /// Writes a piece of the page, and returns the output that is ready.
    pub(crate) fn write(&mut self, piece: Bytes) -> Bytes {
        self.untouched &= piece.is_empty();
        match &self.stage {
            Stage::NotHtml => return piece,
            Stage::Sniffing => return self.write_sniffed(&piece),
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

    /// Writes the last piece of the page. If it is also the first, the page need not be streamed.
    pub(crate) fn write_last(&mut self, piece: Bytes) -> Bytes {
        if matches!(self.stage, Stage::Sniffing) && self.untouched && sniff(&piece) == Sniffed::Html {
            self.stage = Stage::first(&self.shared.state().page);
        }
        if self.untouched
            && !piece.is_empty()
            && !matches!(self.stage, Stage::Sniffing)
            && let Some(page) = whole::rewrite(&self.shared, &piece)
        {
            self.untouched = false;
            self.stage = Stage::Passing;
            return page;
        }
        let (output, rest) = (self.write(piece), self.finish());
        if rest.is_empty() { output } else { Bytes::from([output, rest].concat()) }
    }

    /// Ends the page, and returns the rest of the output with everything that is still due.
    pub(crate) fn finish(&mut self) -> Bytes {
        if self.untouched {
            return Bytes::new();
        }
        let held = std::mem::take(&mut self.held);
        if matches!(self.stage, Stage::Sniffing | Stage::NotHtml) {
            return Bytes::from(held);
        }
        if let Stage::Prelude(prelude, _) = &self.stage {
            // If the page ends inside a token, nothing may follow it.
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
            Stage::Prelude(_, None) | Stage::Sniffing | Stage::NotHtml => Ok(false),
            Stage::Passing => Ok(true),
        };
        let may_follow = may_follow.unwrap_or_else(|error| {
            let path = self.shared.state().page.path().map(str::to_owned);
            tracing::warn!(target: "consent::page", path, %error, "the end of a page could not be rewritten");
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

    /// Holds the beginning of a body back until it is clear whether the body is a page.
    fn write_sniffed(&mut self, piece: &[u8]) -> Bytes {
        self.held.extend_from_slice(piece);
        match sniff(&self.held) {
            Sniffed::Unclear => Bytes::new(),
            Sniffed::NotHtml => {
                self.stage = Stage::NotHtml;
                Bytes::from(std::mem::take(&mut self.held))
            }
            Sniffed::Html => {
                self.stage = Stage::first(&self.shared.state().page);
                let page = std::mem::take(&mut self.held);
                self.write_prelude(&page);
                self.leave()
            }
        }
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

    /// Inserts our tags at the current position. `behind` bytes follow them.
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

    /// Writes bytes to the rewriter, or directly to the output if the rewriter has stopped.
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
            Stage::Prelude(_, None) | Stage::Passing | Stage::Sniffing | Stage::NotHtml => {
                self.shared.output().extend_from_slice(input);
                return;
            }
        };
        if let Err(error) = fed {
            // The rewriter has sent its buffer unchanged. Everything that is due in the page is appended to
            // it.
            let path = self.shared.state().page.path().map(str::to_owned);
            tracing::warn!(
                target: "consent::page", path, %error,
                "the rest of a page could not be rewritten: its gated elements stay inert"
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

    /// Rechecks the output if necessary.
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

    /// Returns the amount of work: bytes written to rewriters, calls of handlers, attributes read, and steps
    /// of the recheck.
    pub(super) fn work(&self) -> usize {
        self.shared.state().work + self.recheck.as_ref().map_or(0, |recheck| recheck.steps)
    }
}
