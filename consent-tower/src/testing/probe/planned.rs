use super::{FindingKind, ProbeReport};
use crate::testing::TestRequest;
use http::StatusCode;

/// A request that a probe sends, and the expected status.
#[derive(Clone, Debug)]
pub(super) struct Planned {
    pub(super) request: TestRequest,
    pub(super) expected: Expected,
}

/// The expected status of a response.
#[derive(Clone, Copy, Debug)]
pub(super) enum Expected {
    /// Any status except a server error: the path may not exist.
    Answer,
    /// A status that shows a handler, for at least one visitor.
    Found,
    /// This status, for every visitor.
    Status(StatusCode),
}

impl Planned {
    /// Creates a request for a page that the probe visits on every site.
    pub(super) fn of_path(path: &str) -> Self {
        Self { request: TestRequest::navigation(path), expected: Expected::Answer }
    }
}

impl Expected {
    /// Checks the status codes of the responses to all visitors.
    pub(super) fn check<'a>(
        self,
        mut statuses: impl Iterator<Item = (&'a str, StatusCode)> + Clone,
        label: &str,
        report: &mut ProbeReport,
    ) {
        if let Self::Status(expected) = self {
            for (visitor, status) in statuses.filter(|(_, status)| *status != expected) {
                let detail = format!("the status is {status} instead of {expected}");
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
                "the status is {first} in every state; if this is intended, add `.expecting({code})`"
            );
            report.add(FindingKind::Status, label, "", detail);
        }
    }
}
