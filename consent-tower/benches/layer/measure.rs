use crate::counting::allocations;
use crate::scripted::Script;
use http::Request;
use std::hint::black_box;
use std::time::{Duration, Instant};

/// The number of calls in one measurement. Reading the clock takes a tenth of the time of a call.
const BATCH: usize = 64;

/// A contestant of a comparison.
pub struct Contestant<'a> {
    /// Creates a request, outside of the measurement.
    pub request: Box<dyn Fn() -> Request<Script> + 'a>,
    /// Handles the request and drops the response.
    pub answer: Box<dyn FnMut(Request<Script>) + 'a>,
}

/// The cost of one call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    pub nanoseconds: f64,
    pub allocations: u64,
}

impl Cost {
    /// The additional cost, relative to another call.
    pub fn over(self, bare: Self) -> Self {
        Self {
            nanoseconds: self.nanoseconds - bare.nanoseconds,
            allocations: self.allocations.saturating_sub(bare.allocations),
        }
    }
}

/// Measures all contestants in turns and takes the minimum of each, so that other work of the machine affects
/// all equally.
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

/// The minimum time of one look-up. Each look-up of a round takes another name.
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
