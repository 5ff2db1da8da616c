use crate::counting::allocations;
use crate::scripted::Script;
use http::Request;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// How many calls are timed at once: the clock itself takes as long as a tenth of one.
const BATCH: usize = 64;

/// One of those that are measured beside each other.
pub struct Contestant<'a> {
    /// Makes a request; neither its time nor its memory counts.
    pub request: Box<dyn Fn() -> Request<Script> + 'a>,
    /// Answers it, and lets the answer go.
    pub answer: Box<dyn FnMut(Request<Script>) + 'a>,
}

/// What one call takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub nanoseconds: f64,
    pub allocations: u64,
}

impl Cost {
    /// What it takes more than another.
    pub fn over(self, bare: Self) -> Self {
        Self {
            nanoseconds: self.nanoseconds - bare.nanoseconds,
            allocations: self.allocations.saturating_sub(bare.allocations),
        }
    }
}

/// Measures all of them in turns and takes the least of each: what else the machine does hits all alike.
pub fn side_by_side(contestants: &mut [Contestant<'_>], rounds: usize) -> Vec<Cost> {
    let mut least = vec![Duration::MAX; contestants.len()];
    for _ in 0..rounds {
        for (contestant, least) in contestants.iter_mut().zip(&mut least) {
            let requests: Vec<_> = (0..BATCH).map(|_| (contestant.request)()).collect();
            let start = Instant::now();
            for request in requests {
                (contestant.answer)(black_box(request));
            }
            *least = start.elapsed().min(*least);
        }
    }
    let counted = contestants.iter_mut().map(|contestant| {
        let request = (contestant.request)();
        allocations(|| (contestant.answer)(request)).0
    });
    counted
        .zip(least)
        .map(|(allocations, least)| Cost { nanoseconds: nanoseconds(least), allocations })
        .collect()
}

/// The least time of one look, where each of the looks of a round is at another of the names.
pub fn look_up(names: &[Vec<u8>], rounds: usize, mut look: impl FnMut(&[u8])) -> f64 {
    let mut least = Duration::MAX;
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).cycle().take(names.len().max(BATCH)).collect();
    for _ in 0..rounds {
        let start = Instant::now();
        for name in &names {
            look(black_box(name));
        }
        least = start.elapsed().min(least);
    }
    least.as_secs_f64() * 1e9 / names.len() as f64
}

fn nanoseconds(batch: Duration) -> f64 {
    batch.as_secs_f64() * 1e9 / BATCH as f64
}
