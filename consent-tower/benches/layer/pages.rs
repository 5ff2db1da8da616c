//! Pages that arrive whole, as handlers return them, beside the same pages streamed through the gate.

use crate::measure::{Contestant, Cost, side_by_side};
use crate::sample;
use crate::scripted::{Asks, Script, call, request};
use crate::{Budgets, consent, decided};
use bytes::Bytes;
use consent_tower::Policy;
use http::{HeaderValue, Request, Response};
use http_body::{Body, Frame};
use http_body_util::Full;
use std::convert::Infallible;
use std::hint::black_box;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};
use tower::{Layer, Service, service_fn};

/// The minimum ratio of the time of the streamed page to that of the whole page.
const BUDGET: f64 = 10.0;

/// Measures all pages in one run.
pub fn measure(policy: &Policy, rounds: usize, budgets: &mut Budgets) {
    println!("\nHTML: added to the bare service");
    for links in [0, 20] {
        let page = Bytes::from(sample::page(links));
        let bytes = page.len();
        println!("  {bytes} bytes, {links} links to other sites");
        for (visitor, cookies) in
            [("undecided", String::new()), ("granted", decided('g')), ("refused", decided('r'))]
        {
            let ask = || request(Asks::Page, &cookies, &[]);
            let (whole, pieces) = (answers(page.clone(), Full::new), answers(page.clone(), Streamed));
            let mut contestants = [
                contestant(ask, service_fn(whole.clone())),
                contestant(ask, consent(policy).layer(service_fn(whole))),
                contestant(ask, consent(policy).layer(service_fn(pieces))),
            ];
            let costs = side_by_side(&mut contestants, rounds);
            let [bare, whole, streamed] = <[Cost; 3]>::try_from(costs).expect("one cost each");
            for (name, cost) in [("whole", whole.over(bare)), ("streamed", streamed.over(bare))] {
                let (time, allocations) = (cost.nanoseconds / 1000.0, cost.allocations);
                println!("    {visitor:<10} {name:<9} {time:>7.1} µs {allocations:>4} allocations");
            }
            let times = streamed.over(bare).nanoseconds / whole.over(bare).nanoseconds;
            budgets.push((
                format!(
                    "{bytes} bytes, {visitor}: {times:.1} times faster whole than streamed, at least {BUDGET}"
                ),
                times >= BUDGET,
            ));
        }
    }
}

/// A handler that responds with this page.
fn answers<B>(
    page: Bytes,
    body: impl Fn(Bytes) -> B + Clone,
) -> impl Fn(Request<Script>) -> std::future::Ready<Result<Response<B>, Infallible>> + Clone {
    move |_| {
        let mut response = Response::new(body(page.clone()));
        let html = HeaderValue::from_static("text/html; charset=utf-8");
        response.headers_mut().insert("content-type", html);
        std::future::ready(Ok(response))
    }
}

/// Reads the whole page, as a server does.
fn contestant<'a, S, B>(ask: impl Fn() -> Request<Script> + 'a, mut service: S) -> Contestant<'a>
where
    S: Service<Request<Script>, Response = Response<B>, Error = Infallible> + 'a,
    B: Body<Data = Bytes, Error = Infallible>,
{
    Contestant {
        request: Box::new(ask),
        answer: Box::new(move |request| {
            let mut body = pin!(call(&mut service, request).into_body());
            let mut context = Context::from_waker(Waker::noop());
            while !body.is_end_stream()
                && let Poll::Ready(Some(frame)) = body.as_mut().poll_frame(&mut context)
            {
                let Ok(frame) = frame;
                drop(black_box(frame));
            }
        }),
    }
}

/// A page in one piece. Its body does not say that the piece is the last.
struct Streamed(Bytes);

impl Body for Streamed {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let page = std::mem::take(&mut self.0);
        Poll::Ready((!page.is_empty()).then(|| Ok(Frame::data(page))))
    }
}
