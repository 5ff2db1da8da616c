//! A page that arrived whole. Most pages hold nothing to gate: ours go into them by offsets, and the
//! rewriter, which looks at every attribute of a page, is not needed.
//!
//! The look-ahead reads tags as the HTML standard's tokenizer does (13.2.5), and gives up wherever the
//! rewriter could read them in another way, or has anything to do. Then the page is streamed.

use super::BannerPlacement;
use super::needles::{Element, Finding, Name, find_needle, finding};
use super::prelude::{Prelude, Scan};
use super::rewriter::Shared;
use bytes::Bytes;
use memchr::{memchr, memchr_iter, memchr3, memmem};

#[cfg(test)]
mod tests;

/// Longer pages are streamed, so that no single page keeps a thread for long.
const MAX_BYTES: usize = 256 * 1024;

/// The rewriter passes the rest of a page on as it is where it runs out of memory, which takes more open
/// elements than these.
const MAX_ELEMENTS: usize = 8_000;

/// Puts ours into a page that has nothing to gate. Returns nothing if the page must be streamed, and has
/// changed nothing then.
pub(super) fn rewrite(shared: &Shared, page: &Bytes) -> Option<Bytes> {
    if page.len() > MAX_BYTES {
        return None;
    }
    let mut state = shared.state();
    let mut prelude = Prelude::new(state.page.charset.declared().is_none());
    let Scan::Found(start) = prelude.scan(page) else { return None };
    let Seams { body_begins, body_ends, opens_settings, holds_form } = Look::new(page, start).run()?;
    // A form that is left open would hold a banner that stands behind it.
    let is_early = state.page.placement == BannerPlacement::Start && body_begins.is_some();
    if holds_form && !is_early && state.may_show_banner() {
        return None;
    }

    let mut inserts = [(start, state.begin(&prelude)), (0, None), (0, None)];
    let [_, banner, link] = &mut inserts;
    if let Some(at) = body_begins {
        *banner = (at, state.body_begins());
    }
    if opens_settings {
        state.settings_seen();
    }
    if let Some(at) = body_ends {
        *link = (at, state.body_ends());
    }
    let rest = state.document_ends();
    drop(state);
    Some(insert(page, &inserts, &rest))
}

/// The page with these pieces in it, each at its offset, and with the rest behind it.
fn insert(page: &Bytes, inserts: &[(usize, Option<String>)], rest: &str) -> Bytes {
    let pieces = || inserts.iter().filter_map(|(at, piece)| Some((*at, piece.as_deref()?)));
    let added = pieces().map(|(_, piece)| piece.len()).sum::<usize>() + rest.len();
    if added == 0 {
        return page.clone();
    }
    let mut output = Vec::with_capacity(page.len() + added);
    let mut done = 0;
    for (at, piece) in pieces() {
        output.extend_from_slice(page.get(done..at).unwrap_or_default());
        output.extend_from_slice(piece.as_bytes());
        done = at;
    }
    output.extend_from_slice(page.get(done..).unwrap_or_default());
    output.extend_from_slice(rest.as_bytes());
    Bytes::from(output)
}

/// What decides where ours go.
#[derive(Debug, Default, PartialEq, Eq)]
struct Seams {
    /// The end of `<body>`.
    body_begins: Option<usize>,
    /// The beginning of `</body>`.
    body_ends: Option<usize>,
    /// Whether something before that opens the settings.
    opens_settings: bool,
    holds_form: bool,
}

/// Reads a page once, from its beginning.
#[derive(Debug)]
struct Look<'a> {
    page: &'a [u8],
    /// Where the prelude ends.
    start: usize,
    at: usize,
    /// The offset of the next needle.
    needle: Option<usize>,
    inside: Inside,
    /// What is open in the `<select>` or `<svg>`.
    open: Open,
    elements: usize,
    /// Whether an element may be open whose end tag would also end the body.
    may_end_body: bool,
    seams: Seams,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Inside {
    Page,
    Select,
    Svg,
}

impl<'a> Look<'a> {
    fn new(page: &'a [u8], start: usize) -> Self {
        Self {
            page,
            start,
            at: 0,
            needle: find_needle(page, 0),
            inside: Inside::Page,
            open: Open::default(),
            elements: 0,
            may_end_body: false,
            seams: Seams::default(),
        }
    }

    /// Reads to the end of the page; `None` if the page must be streamed.
    fn run(mut self) -> Option<Seams> {
        while let Some(offset) = memchr(b'<', self.rest()) {
            self.at += offset;
            let begin = self.at;
            match self.rest() {
                [_, first, ..] if first.is_ascii_alphabetic() => self.start_tag()?,
                [_, b'/', first, ..] if first.is_ascii_alphabetic() => self.end_tag()?,
                [_, b'!', b'-', b'-', ..] => self.comment()?,
                [_, b'!', ..] => self.doctype()?,
                [_] | [_, b'/' | b'?', ..] => return None,
                _ => self.at += 1,
            }
            if begin < self.start && self.at > self.start {
                return None;
            }
        }
        (self.inside == Inside::Page).then_some(self.seams)
    }

    fn rest(&self) -> &'a [u8] {
        self.page.get(self.at..).unwrap_or_default()
    }

    fn body_is_open(&self) -> bool {
        self.seams.body_begins.is_some() && self.seams.body_ends.is_none()
    }

    fn start_tag(&mut self) -> Option<()> {
        let in_prelude = self.at < self.start;
        self.at += 1;
        let tag = self.tag()?;
        let element = Element::of(tag.name);
        self.elements += 1;
        if element == Element::Gate
            || tag.finding == Some(Finding::Gate)
            || (in_prelude && tag.finding.is_some())
            || (in_prelude && !matches!(element, Element::Html | Element::Head | Element::Metadata))
            || self.elements > MAX_ELEMENTS
        {
            return None;
        }
        self.seams.holds_form |= tag.name == Name::FORM;
        self.seams.opens_settings |= tag.finding == Some(Finding::Settings) && self.seams.body_ends.is_none();
        match (self.inside, element) {
            (Inside::Page, Element::Html | Element::Head) if in_prelude => {}
            (Inside::Page, Element::Body)
                if self.seams.body_begins.is_none() && !self.may_end_body && !tag.closes_itself =>
            {
                self.seams.body_begins = Some(self.at);
            }
            (Inside::Page, Element::Metadata | Element::Option | Element::Other) => {}
            (Inside::Page, Element::Text | Element::Script) if !tag.closes_itself => {
                return self.text(tag.written, element);
            }
            (Inside::Page, Element::Svg) if !tag.closes_itself => self.inside = Inside::Svg,
            (Inside::Page, Element::Select) => self.inside = Inside::Select,
            (Inside::Select, Element::Option) => self.open.push(tag.name)?,
            (Inside::Svg, Element::Other) if tag.name.draws() => {
                if !tag.closes_itself {
                    self.open.push(tag.name)?;
                }
            }
            (Inside::Svg, Element::Text) if tag.name == Name::TITLE && !tag.closes_itself => {
                return self.svg_title(tag.written);
            }
            _ => return None,
        }
        // Anything left open in front of the body holds it. `<html>` and `<head>` are looked at where they
        // end.
        self.may_end_body |= self.seams.body_begins.is_none()
            && !matches!(element, Element::Html | Element::Head | Element::Metadata);
        Some(())
    }

    fn end_tag(&mut self) -> Option<()> {
        let begin = self.at;
        self.at += 2;
        let tag = self.tag()?;
        match (self.inside, Element::of(tag.name)) {
            (Inside::Page, Element::Body) if self.body_is_open() => self.seams.body_ends = Some(begin),
            (Inside::Page, Element::Html | Element::Head) if !self.body_is_open() => {}
            (
                Inside::Page,
                Element::Metadata | Element::Text | Element::Script | Element::Option | Element::Other,
            ) => {}
            (Inside::Select, Element::Select) | (Inside::Svg, Element::Svg) => {
                self.inside = Inside::Page;
                self.open = Open::default();
            }
            // The end tag of an element around it would end it in one reading alone.
            (Inside::Select, Element::Option) | (Inside::Svg, Element::Other) => self.open.pop(tag.name)?,
            _ => return None,
        }
        Some(())
    }

    /// Reads a tag from its name to its end.
    fn tag(&mut self) -> Option<Tag<'a>> {
        let begin = self.at;
        let rest = self.rest();
        let (written, rest) = rest.split_at_checked(rest.iter().position(|byte| ends_name(*byte))?)?;
        let mut tag = Tag { name: Name::new(written), written, finding: None, closes_itself: false };
        let Some(behind) = tag.pass(rest) else {
            self.at = self.page.len() - tag.read(rest)?.len();
            return Some(tag);
        };
        self.at = self.page.len() - behind.len();
        if self.needle.is_some_and(|needle| needle < begin) {
            self.needle = find_needle(self.page, begin);
        }
        if self.needle.is_some_and(|needle| needle < self.at) {
            self.at = self.page.len() - tag.read(rest)?.len();
        }
        Some(tag)
    }

    /// Passes over text, up to the end tag.
    fn text(&mut self, name: &[u8], element: Element) -> Option<()> {
        let rest = self.rest();
        for at in memchr_iter(b'<', rest) {
            let markup = rest.get(at..)?;
            if is_end_of(markup, name) {
                self.at += at;
                return Some(());
            }
            // A comment in a script may hide its end tag.
            if element == Element::Script && markup.starts_with(b"<!--") {
                return None;
            }
        }
        None
    }

    /// Passes over the title of a picture, in which markup counts.
    fn svg_title(&mut self, name: &[u8]) -> Option<()> {
        self.at += memchr(b'<', self.rest())?;
        is_end_of(self.rest(), name).then(|| self.at += 2 + name.len())?;
        self.at += memchr(b'>', self.rest())? + 1;
        Some(())
    }

    fn comment(&mut self) -> Option<()> {
        const OPEN: usize = 4;
        const CLOSE: &[u8] = b"-->";
        let rest = self.rest().get(OPEN..)?;
        let end = memmem::find(rest, CLOSE)?;
        let text = rest.get(..end)?;
        // Comments also end with `--!>`, and `<!-->` and `<!--->` are whole.
        if rest.starts_with(b">") || rest.starts_with(b"->") || memmem::find(text, b"--!").is_some() {
            return None;
        }
        self.at += OPEN + end + CLOSE.len();
        Some(())
    }

    /// A doctype, where browsers heed it; no other declaration.
    fn doctype(&mut self) -> Option<()> {
        const OPEN: &[u8] = b"<!doctype";
        let begins = self.rest().get(..OPEN.len())?.eq_ignore_ascii_case(OPEN);
        (begins && self.at < self.start).then_some(())?;
        self.at += memchr(b'>', self.rest())? + 1;
        Some(())
    }
}

/// Names of open elements. Of several of one name within each other, one is kept.
#[derive(Debug, Default)]
struct Open {
    names: [Option<Name>; 8],
    length: usize,
}

impl Open {
    fn push(&mut self, name: Name) -> Option<()> {
        let last = self.length.checked_sub(1).and_then(|last| self.names.get(last));
        if last != Some(&Some(name)) {
            *self.names.get_mut(self.length)? = Some(name);
            self.length += 1;
        }
        Some(())
    }

    /// Ends the innermost element of this name, and all within it.
    fn pop(&mut self, name: Name) -> Option<()> {
        self.length = self.names.get(..self.length)?.iter().rposition(|open| *open == Some(name))?;
        Some(())
    }
}

#[derive(Debug)]
struct Tag<'a> {
    name: Name,
    /// The name as it is written.
    written: &'a [u8],
    finding: Option<Finding>,
    /// Whether it ends with `/>`.
    closes_itself: bool,
}

impl<'a> Tag<'a> {
    /// Passes over the attributes, without a look at what they are, and returns what is behind the tag;
    /// `None` where they must be read to find its end.
    fn pass(&mut self, attributes: &'a [u8]) -> Option<&'a [u8]> {
        let mut rest = attributes;
        loop {
            let at = memchr3(b'>', b'"', b'\'', rest)?;
            let (unquoted, behind) = rest.split_at_checked(at)?;
            let (quote, behind) = behind.split_first()?;
            if *quote == b'>' {
                self.closes_itself = unquoted.ends_with(b"/");
                // The rewriter reads what follows `a=>` as markup, whatever the element.
                return (!unquoted.trim_ascii_end().ends_with(b"=")).then_some(behind);
            }
            // A quote opens a value only behind a name and `=`, and anything may be quoted in a value without
            // quotes.
            let [before @ .., name_ends, b'='] = unquoted else { return None };
            if !name_ends.is_ascii_alphanumeric() || before.contains(&b'=') {
                return None;
            }
            rest = behind.get(memchr(*quote, behind)? + 1..)?;
        }
    }

    /// Reads each attribute, and returns what is behind the tag.
    fn read(&mut self, attributes: &'a [u8]) -> Option<&'a [u8]> {
        let mut rest = attributes;
        loop {
            let (first, behind) = rest.split_first()?;
            match first {
                b'>' => return Some(behind),
                b'/' => (rest, self.closes_itself) = (behind, true),
                first if first.is_ascii_whitespace() => (rest, self.closes_itself) = (behind, false),
                b'=' | b'"' | b'\'' | b'<' => return None,
                _ => {
                    let (name, value, behind) = attribute(rest)?;
                    (rest, self.closes_itself) = (behind, false);
                    if let Some(found) = finding(self.written, name, value) {
                        // Of several attributes of one name, browsers take the first.
                        self.finding = Some(if self.finding.is_none() { found } else { Finding::Gate });
                    }
                }
            }
        }
    }
}

/// Whether a tag's or an attribute's name ends with this byte.
fn ends_name(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>')
}

/// Reads one attribute: its name, its value and what is behind it.
fn attribute(rest: &[u8]) -> Option<(&[u8], &[u8], &[u8])> {
    let end = rest.iter().position(|byte| *byte == b'=' || ends_name(*byte))?;
    let (name, rest) = rest.split_at_checked(end)?;
    let Some(rest) = rest.trim_ascii_start().strip_prefix(b"=") else { return Some((name, b"", rest)) };
    let rest = rest.trim_ascii_start();
    let (first, quoted) = rest.split_first()?;
    match first {
        b'"' | b'\'' => {
            let (value, behind) = quoted.split_at_checked(memchr(*first, quoted)?)?;
            Some((name, value, behind.get(1..)?))
        }
        // The rewriter reads what follows such a tag as markup, whatever the element.
        b'>' => None,
        _ => {
            let ends_value = |byte: &u8| *byte == b'>' || byte.is_ascii_whitespace();
            let (value, behind) = rest.split_at_checked(rest.iter().position(ends_value)?)?;
            Some((name, value, behind))
        }
    }
}

/// Whether this is the end tag of that element.
fn is_end_of(markup: &[u8], name: &[u8]) -> bool {
    let Some(markup) = markup.strip_prefix(b"</") else { return false };
    let Some((written, behind)) = markup.split_at_checked(name.len()) else { return false };
    written.eq_ignore_ascii_case(name) && behind.first().is_some_and(|byte| ends_name(*byte))
}
