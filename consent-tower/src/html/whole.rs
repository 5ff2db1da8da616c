//! A page that arrived whole. Most pages hold nothing to gate: ours go into them by offsets, and the
//! rewriter, which looks at every attribute of a page, is not needed.
//!
//! The look-ahead reads tags as the HTML standard's tokenizer does (13.2.5), and gives up wherever the
//! rewriter could read them in another way, or has anything to do. Then the page is streamed.

use super::BannerPlacement;
use super::loading::{Attributes, is_followed};
use super::needles::{Element, Finding, draws, find_needle, finding};
use super::prelude::{Prelude, Scan};
use super::rewriter::Shared;
use super::state::State;
use super::third_party::may_load;
use bytes::Bytes;
use memchr::{memchr, memchr_iter, memmem};

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
    let seams = Look::new(page, start, &state).run()?;
    let Seams { body_begins, body_ends, opens_settings, leaves_form_open, .. } = seams;
    // A form that is left open would hold a banner that stands behind it.
    let is_early = state.page.placement == BannerPlacement::Start && body_begins.is_some();
    if leaves_form_open && !is_early && state.may_show_banner() {
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
    /// Whether a form may be open where the body ends.
    leaves_form_open: bool,
    /// How many names of open elements were compared with the names of end tags.
    #[cfg(test)]
    compared: usize,
}

/// Reads a page once, from its beginning.
#[derive(Debug)]
struct Look<'a> {
    page: &'a [u8],
    state: &'a State,
    /// Where the prelude ends.
    start: usize,
    at: usize,
    /// The offset of the next needle.
    needle: Option<usize>,
    inside: Inside,
    /// What is open in the `<select>` or `<svg>`.
    open: Open<'a>,
    /// What may be open in a form that is open.
    form: Option<Vec<&'a [u8]>>,
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
    fn new(page: &'a [u8], start: usize, state: &'a State) -> Self {
        Self {
            page,
            state,
            start,
            at: 0,
            needle: find_needle(page, 0),
            inside: Inside::Page,
            open: Open::default(),
            form: None,
            elements: 0,
            may_end_body: false,
            seams: Seams::default(),
        }
    }

    /// Reads to the end of the page; `None` if the page must be streamed.
    fn run(mut self) -> Option<Seams> {
        while let Some(offset) = find(b'<', self.rest()) {
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
        self.seams.leaves_form_open |= self.form.is_some() && self.seams.body_ends.is_none();
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
        let (tag, element) = self.tag(TagKind::Start)?;
        self.elements += 1;
        if element == Element::Gate
            || tag.finding == Some(Finding::Gate)
            || (in_prelude && tag.finding.is_some())
            || (in_prelude && !matches!(element, Element::Html | Element::Head | Element::Metadata))
            || self.elements > MAX_ELEMENTS
        {
            return None;
        }
        self.seams.opens_settings |= tag.finding == Some(Finding::Settings) && self.seams.body_ends.is_none();
        match (self.inside, element) {
            (Inside::Page, Element::Html | Element::Head) if in_prelude => {}
            (Inside::Page, Element::Body)
                if self.seams.body_begins.is_none() && !self.may_end_body && !tag.closes_itself =>
            {
                self.seams.body_begins = Some(self.at);
            }
            (Inside::Page, Element::Metadata) => {}
            (Inside::Page, Element::Option | Element::Other) => {
                if let Some(open) = &mut self.form {
                    open.push(tag.name);
                }
            }
            (Inside::Page, Element::Form) => {
                self.seams.leaves_form_open |= self.form.replace(Vec::new()).is_some();
            }
            (Inside::Page, Element::Text | Element::Script) if !tag.closes_itself => {
                return self.text(tag.name, element);
            }
            (Inside::Page, Element::Svg) if !tag.closes_itself => self.inside = Inside::Svg,
            (Inside::Page, Element::Select) => self.inside = Inside::Select,
            (Inside::Select, Element::Option) => self.open.push(tag.name)?,
            (Inside::Svg, Element::Other) if draws(tag.name) => {
                if !tag.closes_itself {
                    self.open.push(tag.name)?;
                }
            }
            (Inside::Svg, Element::Text) if tag.name.eq_ignore_ascii_case(b"title") && !tag.closes_itself => {
                return self.svg_title(tag.name);
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
        let (tag, element) = self.tag(TagKind::End)?;
        match (self.inside, element) {
            (Inside::Page, Element::Body) if self.body_is_open() => {
                self.seams.body_ends = Some(begin);
                self.seams.leaves_form_open |= self.form.is_some();
            }
            (Inside::Page, Element::Html | Element::Head) if !self.body_is_open() => {
                self.seams.leaves_form_open |= self.form.is_some();
            }
            (Inside::Page, Element::Metadata | Element::Text | Element::Script) => {}
            (Inside::Page, Element::Form) => self.form = None,
            (Inside::Page, Element::Option | Element::Other) => self.end_in_form(tag.name),
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

    /// Ends an element in a form. The end tag of an element around the form ends the form in some browsers
    /// only.
    fn end_in_form(&mut self, name: &[u8]) {
        let Some(open) = &mut self.form else { return };
        let found = open.iter().rposition(|open| open.eq_ignore_ascii_case(name));
        #[cfg(test)]
        {
            self.seams.compared += open.len() - found.unwrap_or_default();
        }
        if let Some(at) = found {
            open.truncate(at);
        } else {
            self.seams.leaves_form_open = true;
            // Later tags do not change that. Without the names, no other end tag is compared with them.
            self.form = None;
        }
    }

    /// Reads a tag from its name to its end.
    fn tag(&mut self, kind: TagKind) -> Option<(Tag<'a>, Element)> {
        let begin = self.at;
        let rest = self.rest();
        let (name, attributes) = rest.split_at_checked(rest.iter().position(|byte| ends_name(*byte))?)?;
        let (element, loading) = Element::of(name);
        let mut tag = Tag { name, finding: None, closes_itself: false };
        let loads = kind == TagKind::Start && !loading.is_empty() && self.state.gates_origins();
        let passed = if loads { None } else { tag.pass(attributes) };
        if self.needle.is_some_and(|needle| needle < begin) {
            self.needle = find_needle(self.page, begin);
        }
        let end = |behind: &[u8]| self.page.len() - behind.len();
        self.at = match passed.map(end) {
            Some(end) if self.needle.is_none_or(|needle| needle >= end) => end,
            _ => end(tag.read(attributes, if loads { loading } else { &[] }, self.state)?),
        };
        Some((tag, element))
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
struct Open<'a> {
    names: [&'a [u8]; 8],
    length: usize,
}

impl<'a> Open<'a> {
    fn push(&mut self, name: &'a [u8]) -> Option<()> {
        let last = self.length.checked_sub(1).and_then(|last| self.names.get(last));
        if !last.is_some_and(|last| last.eq_ignore_ascii_case(name)) {
            *self.names.get_mut(self.length)? = name;
            self.length += 1;
        }
        Some(())
    }

    /// Ends the innermost element of this name, and all within it.
    fn pop(&mut self, name: &[u8]) -> Option<()> {
        let mut open = self.names.get(..self.length)?.iter();
        self.length = open.rposition(|open| open.eq_ignore_ascii_case(name))?;
        Some(())
    }
}

/// Whether browsers may follow a link with this `rel`, as written in the page, by themselves.
fn may_be_followed(relation: &[u8]) -> bool {
    str::from_utf8(relation).map_or(true, |relation| relation.contains('&') || is_followed(relation))
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TagKind {
    Start,
    End,
}

#[derive(Debug)]
struct Tag<'a> {
    name: &'a [u8],
    finding: Option<Finding>,
    /// Whether it ends with `/>`.
    closes_itself: bool,
}

impl<'a> Tag<'a> {
    /// Skips the attributes without reading their names, and returns the bytes behind the tag. Returns `None`
    /// if the attributes must be read to find its end. An unquoted value that ends with a slash counts as
    /// `/>`.
    fn pass(&mut self, attributes: &'a [u8]) -> Option<&'a [u8]> {
        let mut rest = attributes;
        loop {
            // Letters pass by the first comparison.
            let stops = |byte: &u8| *byte <= b'>' && matches!(byte, b'=' | b'>' | b'"' | b'\'');
            let (before, behind) = rest.split_at_checked(rest.iter().position(stops)?)?;
            let behind = match behind {
                [b'>', behind @ ..] => {
                    self.closes_itself = before.ends_with(b"/");
                    return Some(behind);
                }
                // A name ends here: it begins behind the tag's name or a value, and holds no equals sign.
                [b'=', value @ ..] if before.last().is_some_and(u8::is_ascii_alphanumeric) => value,
                _ => return None,
            };
            let (quote, value) = behind.split_first()?;
            if matches!(quote, b'"' | b'\'') {
                rest = value.get(find(*quote, value)? + 1..)?;
                continue;
            }
            let (value, behind) = unquoted(behind)?;
            if value.is_empty() {
                return None;
            }
            if let [b'>', behind @ ..] = behind {
                self.closes_itself = value.ends_with(b"/");
                return Some(behind);
            }
            rest = behind;
        }
    }

    /// Reads each attribute, and returns what is behind the tag. An address among the `loading` attributes
    /// must lead to where the page may load from.
    fn read(&mut self, attributes: &'a [u8], loading: Attributes, state: &State) -> Option<&'a [u8]> {
        let mut rest = attributes;
        let mut leads_elsewhere = false;
        let mut relation = None;
        loop {
            let (first, behind) = rest.split_first()?;
            match first {
                b'>' => {
                    // Browsers follow some links only.
                    let is_followed =
                        !self.name.eq_ignore_ascii_case(b"link") || relation.is_some_and(may_be_followed);
                    return (!leads_elsewhere || !is_followed).then_some(behind);
                }
                b'/' => (rest, self.closes_itself) = (behind, true),
                first if first.is_ascii_whitespace() => (rest, self.closes_itself) = (behind, false),
                b'=' | b'"' | b'\'' | b'<' => return None,
                _ => {
                    let (name, value, behind) = attribute(rest)?;
                    (rest, self.closes_itself) = (behind, false);
                    if let Some(known) =
                        loading.iter().find(|known| known.as_bytes().eq_ignore_ascii_case(name))
                    {
                        leads_elsewhere |= !state.is_plainly_own(known, value)
                            && !str::from_utf8(value).is_ok_and(|value| may_load(known, value, state));
                    } else if !loading.is_empty() && name.eq_ignore_ascii_case(b"rel") {
                        relation = relation.or(Some(value));
                    }
                    if let Some(found) = finding(self.name, name, value) {
                        // Of several attributes of one name, browsers take the first.
                        self.finding = Some(if self.finding.is_none() { found } else { Finding::Gate });
                    }
                }
            }
        }
    }
}

/// Whether a tag's or an attribute's name ends with this byte. Letters pass by the first comparison.
fn ends_name(byte: u8) -> bool {
    byte <= b'>' && matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b'\x0C' | b'/' | b'>')
}

/// The offset of a byte that is mostly near.
fn find(byte: u8, bytes: &[u8]) -> Option<usize> {
    const NEAR: usize = 16;
    let near = bytes.iter().take(NEAR).position(|near| *near == byte);
    near.or_else(|| Some(NEAR + memchr(byte, bytes.get(NEAR..)?)?))
}

/// Splits a value without quotes from what is behind it.
fn unquoted(rest: &[u8]) -> Option<(&[u8], &[u8])> {
    let ends_value = |byte: &u8| *byte <= b'>' && (*byte == b'>' || byte.is_ascii_whitespace());
    rest.split_at_checked(rest.iter().position(ends_value)?)
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
            let (value, behind) = unquoted(rest)?;
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
