use super::{MistakeKind, Report, Table};
use alloc::borrow::ToOwned;
use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use toml::Spanned;
use toml::de::DeValue;

/// One value of the document, with its location.
#[derive(Clone)]
pub(super) struct Node<'d> {
    report: &'d Report<'d>,
    path: String,
    value: &'d Spanned<DeValue<'d>>,
}

impl<'d> Node<'d> {
    pub(super) fn new(report: &'d Report<'d>, path: String, value: &'d Spanned<DeValue<'d>>) -> Self {
        Self { report, path, value }
    }

    pub(super) fn value(&self) -> &'d DeValue<'d> {
        self.value.get_ref()
    }

    /// Returns the line of the value.
    pub(super) fn line(&self) -> usize {
        self.report.line(self.value.span().start)
    }

    /// Reports a mistake in this value.
    pub(super) fn mistake(&self, kind: MistakeKind, help: impl Into<String>) {
        self.report.add(&self.value.span(), &self.path, kind, help);
    }

    /// Reports a value of the wrong type or form. `help` describes a valid value.
    pub(super) fn invalid<T>(&self, help: impl Into<String>) -> Option<T> {
        self.mistake(MistakeKind::Invalid, help);
        None
    }

    /// Reports a key that is missing in this table.
    pub(super) fn missing(&self, key: &str, help: &str) {
        let key = [&self.path, ".", key].concat();
        self.report.add_missing(self.value.span().start, key, help);
    }

    /// Parses a string that is not empty.
    pub(super) fn text(&self, help: &str) -> Option<&'d str> {
        match self.value() {
            DeValue::String(text) if !text.trim().is_empty() => Some(text),
            _ => self.invalid(help),
        }
    }

    /// Parses a string, which may be empty.
    pub(super) fn any_text(&self, help: &str) -> Option<&'d str> {
        match self.value() {
            DeValue::String(text) => Some(text),
            _ => self.invalid(help),
        }
    }

    pub(super) fn is_empty_text(&self) -> bool {
        matches!(self.value(), DeValue::String(text) if text.is_empty())
    }

    pub(super) fn boolean(&self) -> Option<bool> {
        match self.value() {
            DeValue::Boolean(value) => Some(*value),
            _ => self.invalid("write true or false"),
        }
    }

    /// Parses a whole number between 1 and `most`.
    pub(super) fn number(&self, most: u32) -> Option<u32> {
        let number = match self.value() {
            DeValue::Integer(digits) => u32::from_str_radix(digits.as_str(), digits.radix()).ok(),
            _ => None,
        };
        let number = number.filter(|number| (1..=most).contains(number));
        number.or_else(|| self.invalid(format!("write a whole number from 1 to {most}")))
    }

    pub(super) fn table(&self, help: &str) -> Option<Table<'d>> {
        match self.value() {
            DeValue::Table(entries) => {
                Some(Table::new(self.report, self.path.clone(), self.value.span().start, entries))
            }
            _ => self.invalid(help),
        }
    }

    /// Returns the items of a list.
    pub(super) fn list(&self, help: &str) -> Option<Vec<Self>> {
        match self.value() {
            DeValue::Array(items) => {
                let item = |(at, value): (usize, &'d _)| {
                    let path = [&self.path, "[", &at.to_string(), "]"].concat();
                    Self::new(self.report, path, value)
                };
                Some(items.iter().enumerate().map(item).collect())
            }
            _ => self.invalid(help),
        }
    }

    /// Returns the items of a list that is not empty, or a single string as a list of one item.
    pub(super) fn one_or_more(&self, help: &str) -> Option<Vec<Self>> {
        match self.value() {
            DeValue::String(_) => Some(Vec::from([self.clone()])),
            DeValue::Array(items) if items.is_empty() => self.invalid(help),
            _ => self.list(help),
        }
    }

    /// Parses every item of a list, so that all mistakes are reported. Returns all items or `None`.
    pub(super) fn each<T>(items: &[Self], read: impl FnMut(&Self) -> Option<T>) -> Option<Vec<T>> {
        let read: Vec<Option<T>> = items.iter().map(read).collect();
        read.into_iter().collect()
    }

    /// Like [`Node::each`], for lists without repeated items.
    pub(super) fn each_once<T: PartialEq>(
        items: &[Self],
        mut read: impl FnMut(&Self) -> Option<T>,
    ) -> Option<Vec<T>> {
        let mut values: Vec<T> = Vec::with_capacity(items.len());
        let mut complete = true;
        for item in items {
            match read(item) {
                Some(value) if values.contains(&value) => {
                    item.mistake(MistakeKind::Invalid, "this is already in the list".to_owned());
                    complete = false;
                }
                Some(value) => values.push(value),
                None => complete = false,
            }
        }
        complete.then_some(values)
    }
}
