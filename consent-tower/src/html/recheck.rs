//! A second check of a page, from the point at which browsers may read it differently from the rewriter.
//!
//! The rewriter follows one reading of a page. Browsers disagree with it, and with each other, inside
//! `<select>`, in `<frameset>`, at the end of foreign content, and if scripts are disabled. From such a point
//! on, this check treats every `<` as the beginning of a start tag, in any context, and makes forbidden gated
//! tags inert. It only inserts characters that end no text and no attribute, so that no other reading
//! changes.

use super::gated::{Written, follows_href, is_typed, loads_with};
use super::loading::is_loading;
use super::state::State;
use super::third_party::is_denied;
use std::collections::BTreeMap;

/// The maximum number of bytes that are held for the end of a tag. A longer tag is made inert as if it were
/// gated.
const MOST_HELD: usize = 64 * 1024;

/// The maximum length of the relevant names of attributes and elements.
const LONGEST_NAME: usize = 16;

/// The elements whose inline pictures are kept.
const PICTURES: [&str; 4] = ["img", "image", "source", "input"];

/// Checks the output of the rewriter.
#[derive(Debug, Default)]
pub(super) struct Recheck {
    held: Vec<u8>,
    /// The number of bytes that were sent before the held bytes.
    left: usize,
    /// The tags that are open in some reading. Equal readings are merged, so that there are never more than a
    /// few.
    readings: Vec<Reading>,
    edits: BTreeMap<usize, &'static str>,
    /// How many steps the readings have taken: tests bound it.
    #[cfg(test)]
    pub(super) steps: usize,
}

/// A reading of the bytes: as a start tag that began at one `<` or at several of them.
#[derive(Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each says something else of the tags")]
struct Reading {
    at: At,
    gated: bool,
    /// Whether a tag is of an element that loads from an address, so that it need not be marked.
    may_be_foreign: bool,
    /// The offset of the tag; `None` if there are several tags.
    start: Option<usize>,
    /// Whether a tag is inert because of its `type`.
    typed: bool,
    /// Whether a tag loads from its attributes.
    loads: bool,
    /// Whether a tag loads from its `href`.
    loads_href: bool,
    /// Whether the tags show only pictures.
    pictures: bool,
    edits: Vec<(usize, &'static str)>,
}

/// The state of a reading within a start tag (HTML, 13.2.5.6 to 13.2.5.40). Irrelevant names are not
/// distinguished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
    Open,
    Tag(usize),
    OtherTag,
    BeforeName,
    Name(usize),
    OtherName,
    AfterName,
    BeforeValue,
    Value(Option<u8>),
}

#[derive(Debug, PartialEq, Eq)]
enum Step {
    On,
    /// The bytes were not a start tag.
    Nothing,
    /// The tag ends with this byte.
    End,
}

impl Recheck {
    /// Returns `true` if a start tag is open in some reading.
    pub(super) fn is_inside_tag(&self) -> bool {
        self.readings.iter().any(|reading| reading.at != At::Open)
    }

    /// Writes bytes of the page, and appends the checked ones to `output`.
    pub(super) fn write(&mut self, mut bytes: &[u8], state: &State, output: &mut Vec<u8>) {
        while let Some((byte, behind)) = bytes.split_first() {
            if self.readings.is_empty() && *byte != b'<' {
                let plain = bytes.iter().position(|byte| *byte == b'<').unwrap_or(bytes.len());
                let (plain, behind) = bytes.split_at(plain);
                output.extend_from_slice(plain);
                self.left += plain.len();
                bytes = behind;
                continue;
            }
            self.next(*byte, state);
            if self.readings.is_empty() {
                self.leave(self.held.len(), output);
            } else if self.held.len() > MOST_HELD {
                self.force(output);
            }
            bytes = behind;
        }
    }

    /// Ends the page.
    pub(super) fn finish(&mut self, output: &mut Vec<u8>) {
        for reading in self.readings.drain(..).filter(|reading| reading.gated) {
            self.edits.extend(reading.edits);
        }
        self.leave(self.held.len(), output);
    }

    fn next(&mut self, byte: u8, state: &State) {
        let at = self.left + self.held.len();
        self.held.push(byte);
        let (held, left) = (&self.held, self.left);
        let mut ended = Vec::new();
        #[cfg(test)]
        {
            self.steps += self.readings.len() + 1;
        }
        self.readings.retain_mut(|reading| match reading.next(byte, at, held, left) {
            Step::On => true,
            Step::Nothing => false,
            Step::End => {
                // Tags that are not marked are looked at one by one. Those that are merged are left to the
                // Content-Security-Policy.
                if reading.gated || (reading.may_be_foreign && reading.start.is_some()) {
                    ended.push((reading.start, std::mem::take(&mut reading.edits)));
                }
                false
            }
        });
        for (start, edits) in ended {
            if self.may_be_live(start, state) {
                self.edits.extend(edits);
            }
        }
        self.merge();
        if byte == b'<' {
            self.readings.push(Reading {
                at: At::Open,
                gated: false,
                may_be_foreign: false,
                start: Some(at),
                typed: false,
                loads: false,
                loads_href: false,
                pictures: false,
                edits: Vec::new(),
            });
        }
    }

    /// Returns `true` if the tag that ends here must be made inert. Merged tags are made inert without a
    /// check of each.
    fn may_be_live(&self, start: Option<usize>, state: &State) -> bool {
        let tag = start.and_then(|start| self.held.get(start.checked_sub(self.left)? + 1..));
        tag.is_none_or(|tag| {
            let written = Written::of_tag(tag);
            if written.is_marked() { written.may_be_live(state) } else { is_denied(&written, state) }
        })
    }

    /// Merges readings that continue in the same way.
    fn merge(&mut self) {
        let mut first = 0;
        while first + 1 < self.readings.len() {
            let (known, later) = self.readings.split_at_mut(first + 1);
            let Some(reading) = known.last_mut() else { return };
            if let Some(same) =
                later.iter().position(|other| other.at == reading.at && other.gated == reading.gated)
            {
                let other = self.readings.swap_remove(first + 1 + same);
                if let Some(reading) = self.readings.get_mut(first) {
                    reading.join(other);
                }
            } else {
                first += 1;
            }
        }
    }

    /// Makes the open tags inert and sends the held bytes, because too many are held.
    fn force(&mut self, output: &mut Vec<u8>) {
        let end = self.left + self.held.len();
        let mut keep = end;
        for reading in &mut self.readings {
            let edits = std::mem::take(&mut reading.edits).into_iter();
            let (held, left) = (&self.held, self.left);
            let is_kept = reading.pictures && !std::mem::replace(&mut reading.gated, true);
            self.edits.extend(edits.filter(|(at, edit)| !(is_kept && is_own_picture(held, at - left, edit))));
            reading.start = None;
            if let At::Tag(start) | At::Name(start) = reading.at {
                keep = keep.min(start);
            }
        }
        self.merge();
        self.leave(keep - self.left, output);
    }

    fn leave(&mut self, bytes: usize, output: &mut Vec<u8>) {
        let mut done = 0;
        let later = self.edits.split_off(&(self.left + bytes));
        for (at, edit) in std::mem::replace(&mut self.edits, later) {
            output.extend_from_slice(self.held.get(done..at - self.left).unwrap_or_default());
            output.extend_from_slice(edit.as_bytes());
            done = at - self.left;
        }
        output.extend_from_slice(self.held.get(done..bytes).unwrap_or_default());
        self.held.drain(..bytes);
        self.left += bytes;
    }
}

impl Reading {
    fn next(&mut self, byte: u8, at: usize, held: &[u8], left: usize) -> Step {
        let space = byte.is_ascii_whitespace();
        match (self.at, byte) {
            (At::Open, _) if byte.is_ascii_alphabetic() => self.at = At::Tag(at),
            (At::Open, _) => return Step::Nothing,
            (At::Value(Some(quote)), _) if quote == byte => self.at = At::BeforeName,
            (At::Value(None), _) if space => self.at = At::BeforeName,
            (At::Value(Some(_)), _) => {}
            (_, b'>') => {
                self.end_name(at, held, left);
                return Step::End;
            }
            (At::BeforeValue, _) if space => {}
            (At::BeforeValue, b'"' | b'\'') => self.at = At::Value(Some(byte)),
            (At::BeforeValue, _) => self.at = At::Value(None),
            (At::Tag(_) | At::OtherTag, _) if space || byte == b'/' => {
                self.end_name(at, held, left);
                self.at = At::BeforeName;
            }
            (At::Tag(start), _) if byte == b'<' || at - start > LONGEST_NAME => {
                self.loads = true;
                self.loads_href = true;
                self.at = At::OtherTag;
            }
            (At::Value(None) | At::Tag(_) | At::OtherTag, _) => {}
            (_, b'/') => {
                self.end_name(at, held, left);
                self.at = At::BeforeName;
            }
            (At::Name(_) | At::OtherName | At::AfterName, b'=') => {
                self.end_name(at, held, left);
                self.at = At::BeforeValue;
            }
            (At::Name(_) | At::OtherName, _) if space => {
                self.end_name(at, held, left);
                self.at = At::AfterName;
            }
            (At::BeforeName | At::AfterName, _) if space => {}
            (At::BeforeName | At::AfterName, _) => self.at = At::Name(at),
            (At::Name(start), _) if matches!(byte, b'"' | b'\'' | b'<') || at - start > LONGEST_NAME => {
                self.at = At::OtherName;
            }
            (At::Name(_) | At::OtherName, _) => {}
        }
        Step::On
    }

    /// Ends the name of the element or of an attribute before this byte.
    fn end_name(&mut self, at: usize, held: &[u8], left: usize) {
        let name = |start: usize| {
            let name = held.get(start - left..at - left).unwrap_or_default();
            String::from_utf8_lossy(name).to_ascii_lowercase()
        };
        match self.at {
            At::Tag(start) => {
                let name = name(start);
                self.typed = is_typed(&name);
                self.may_be_foreign = is_loading(&name);
                self.loads = !self.typed;
                self.loads_href = self.loads && !follows_href(&name);
                self.pictures = PICTURES.contains(&&*name);
                if self.typed {
                    self.edits.push((at, " type=text/plain "));
                }
            }
            At::Name(start) => match &*name(start) {
                "data-consent" => self.gated = true,
                "type" if self.typed => self.edits.push((start, "data-")),
                name if self.loads && loads_with(name) && (self.loads_href || !name.ends_with("href")) => {
                    self.edits.push((start, "data-"));
                }
                _ => {}
            },
            _ => {}
        }
    }

    /// Merges a reading that continues in the same way.
    fn join(&mut self, mut other: Self) {
        if other.edits.len() > self.edits.len() {
            std::mem::swap(&mut self.edits, &mut other.edits);
        }
        self.edits.append(&mut other.edits);
        self.start = None;
        self.typed |= other.typed;
        self.loads |= other.loads;
        self.loads_href |= other.loads_href;
        self.pictures &= other.pictures;
    }
}

/// Returns `true` if the edit concerns the `src` of a picture whose data is in the page itself.
fn is_own_picture(held: &[u8], at: usize, edit: &str) -> bool {
    const PICTURE: &[u8] = b"data:image/";
    let value =
        held.get(at..).and_then(|rest| rest.get(..3)).filter(|name| name.eq_ignore_ascii_case(b"src"));
    let value = value.and_then(|_| held.get(at + 3..)).unwrap_or_default().trim_ascii_start();
    let value = value.strip_prefix(b"=").unwrap_or_default().trim_ascii_start();
    let value = value.strip_prefix(b"\"").or_else(|| value.strip_prefix(b"'")).unwrap_or(value);
    edit == "data-" && value.get(..PICTURE.len()).is_some_and(|start| start.eq_ignore_ascii_case(PICTURE))
}
