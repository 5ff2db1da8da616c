use axum::response::Response;
use consent_tower::report::{Cause, ConsentReport, Entry, Outcome};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// The number of reports that are kept.
const KEPT: usize = 64;

/// The reports of recent responses whose handlers asked for it. The ledger is outside the layer, where the
/// report is complete, and holds only names and reasons.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    next: AtomicU64,
    reports: Mutex<VecDeque<(Ticket, Vec<Line>)>>,
}

/// A handler inserts a ticket into the extensions of its response to have the report kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(pub(crate) u64);

/// One `Set-Cookie` header that the layer dropped or amended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) name: String,
    pub(crate) cause: Cause,
    pub(crate) outcome: Outcome,
}

impl Line {
    fn of(entry: &Entry) -> Self {
        let name = String::from_utf8_lossy(entry.name()).into_owned();
        Self { name, cause: entry.cause(), outcome: entry.outcome() }
    }
}

impl Ledger {
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket(self.0.next.fetch_add(1, Ordering::Relaxed))
    }

    /// Stores the report of a response with a ticket.
    pub(crate) fn record(&self, response: Response) -> Response {
        let extensions = response.extensions();
        if let Some(ticket) = extensions.get::<Ticket>() {
            let entries = extensions.get::<ConsentReport>().map(ConsentReport::entries).unwrap_or_default();
            self.write(*ticket, entries.iter().map(Line::of).collect());
        }
        response
    }

    fn write(&self, ticket: Ticket, lines: Vec<Line>) {
        let mut reports = self.0.reports.lock().unwrap_or_else(PoisonError::into_inner);
        if reports.len() == KEPT {
            reports.pop_front();
        }
        reports.push_back((ticket, lines));
    }

    /// Returns the report of a response, if it is still kept.
    pub(crate) fn report(&self, ticket: Ticket) -> Option<Vec<Line>> {
        let reports = self.0.reports.lock().unwrap_or_else(PoisonError::into_inner);
        reports.iter().find(|(of, _)| *of == ticket).map(|(_, lines)| lines.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_report_is_forgotten_first() {
        let ledger = Ledger::default();
        let tickets: Vec<Ticket> = (0..=KEPT).map(|_| ledger.ticket()).collect();
        for ticket in &tickets {
            ledger.write(*ticket, Vec::new());
        }
        assert_eq!(ledger.report(tickets[0]), None);
        assert_eq!(ledger.report(tickets[1]), Some(Vec::new()));
        assert_eq!(ledger.report(tickets[KEPT]), Some(Vec::new()));
    }

    #[test]
    fn a_response_without_a_report_lost_nothing() {
        let ledger = Ledger::default();
        let ticket = ledger.ticket();
        let mut response = Response::default();
        response.extensions_mut().insert(ticket);
        ledger.record(response);
        assert_eq!(ledger.report(ticket), Some(Vec::new()));
        assert_eq!(ledger.report(ledger.ticket()), None);
    }
}
