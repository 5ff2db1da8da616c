use axum::response::Response;
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many answers are remembered.
const KEPT: usize = 64;

/// What became of the cookies of the last answers that asked to be remembered. It stands outside the layer, where an
/// answer's report is known, and holds names and reasons only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    next: AtomicU64,
    reports: Mutex<VecDeque<(Ticket, Report)>>,
}

/// Put into an answer's extensions by a handler that wants its report remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(pub(crate) u64);

/// The lines of one answer that did not leave as they were: names, each with the reason.
pub(crate) type Report = Vec<(String, String)>;

impl Ledger {
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket(self.0.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Takes down the report of an answer that carries a ticket.
    pub(crate) fn record(&self, response: Response) -> Response {
        let Some(ticket) = response.extensions().get::<Ticket>() else { return response };
        let mut reports = self.0.reports.lock().unwrap_or_else(PoisonError::into_inner);
        if reports.len() == KEPT {
            reports.pop_front();
        }
        reports.push_back((*ticket, Vec::new()));
        drop(reports);
        response
    }

    pub(crate) fn report(&self, ticket: Ticket) -> Option<Report> {
        let reports = self.0.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.iter().find(|(of, _)| *of == ticket).map(|(_, report)| report.clone())
    }
}
