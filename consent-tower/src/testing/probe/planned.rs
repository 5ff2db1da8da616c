use super::{FindingKind, ProbeReport};
use crate::testing::TestRequest;
use http::StatusCode;

/// A request that a probe sends, and how it is to be answered.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) request: TestRequest,
    pub(super) expected: Expected,
}

/// What the status of an answer says.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// Anything but an error of the server. Nobody said that there is something.
    Answer,
    /// That there is something, for somebody.
    Found,
    /// This, for everybody.
    Status(StatusCode),
}

impl Planned {
    /// A page that every site is asked for.
    pub(super) fn of_path(path: &str) -> Self {
        Self { request: TestRequest::navigation(path), expected: Expected::Answer }
    }
}

impl Expected {
    /// Looks at the statuses with which all visitors are answered.
    pub(super) fn check<'a>(
        self,
        mut statuses: impl Iterator<Item = (&'a str, StatusCode)> + Clone,
        label: &str,
        report: &mut ProbeReport,
    ) {
        if let Self::Status(expected) = self {
            for (visitor, status) in statuses.filter(|(_, status)| *status != expected) {
                let detail = format!("it is answered with {status} instead of {expected}");
                report.add(FindingKind::Status, label, visitor, detail);
            }
            return;
        }
        let is_wrong = |status: StatusCode| {
            let is_missing = [StatusCode::NOT_FOUND, StatusCode::METHOD_NOT_ALLOWED].contains(&status);
            status.is_server_error() || (is_missing && matches!(self, Self::Found))
        };
        let Some((_, first)) = statuses.clone().next() else { return };
        if statuses.all(|(_, status)| is_wrong(status)) {
            let code = first.as_u16();
            let detail = format!(
                "it is answered with {first} in every state; where that is meant, say `.expecting({code})`"
            );
            report.add(FindingKind::Status, label, "", detail);
        }
    }
}
