use axum::response::Response;
use consent_tower::report::{Cause, ConsentReport, Entry, Outcome};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

/// How many answers are remembered.
const KEPT: usize = 64;

/// What became of the cookies of the last answers that asked to be remembered. It stands outside the layer,
/// where an answer's report is known, and holds names and reasons only.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ledger(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    next: AtomicU64,
    reports: Mutex<VecDeque<(Ticket, Vec<Line>)>>,
}

/// Put into an answer's extensions by a handler that wants its report remembered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ticket(pub(crate) u64);

/// One `Set-Cookie` line that the layer did not leave alone.
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

    /// Takes down the report of an answer that carries a ticket.
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

    /// The report of an answer, while it is remembered.
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
    fn an_answer_without_a_report_lost_nothing() {
        let ledger = Ledger::default();
        let ticket = ledger.ticket();
        let mut response = Response::default();
        response.extensions_mut().insert(ticket);
        ledger.record(response);
        assert_eq!(ledger.report(ticket), Some(Vec::new()));
        assert_eq!(ledger.report(ledger.ticket()), None);
    }
}
