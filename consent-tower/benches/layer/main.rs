//! What the layer costs, beside a bare service, tower-http's `SetResponseHeader` and tower-cookies, in one
//! run: time, and allocations as a counting allocator sees them.
//!
//! `cargo bench -p consent-tower --bench layer` prints what each adds to the bare service, and whether the
//! budgets hold; with `-- pages`, only for HTML.
#![allow(missing_docs, unreachable_pub, missing_debug_implementations)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::cast_precision_loss)]

#[path = "../../tests/counting/mod.rs"]
mod counting;
mod measure;
#[cfg(feature = "html")]
mod pages;
mod policies;
#[cfg(feature = "html")]
mod sample;
#[path = "../../tests/scripted/mod.rs"]
mod scripted;
mod verdicts;

use consent_tower::{ConsentLayer, Policy};
use http::header::{HeaderName, HeaderValue};
use http::{Request, Response};
use http_body_util::Empty;
use measure::{Contestant, Cost, side_by_side};
use scripted::{Asks, Script, application, call, request};
use std::convert::Infallible;
use std::hint::black_box;
use tower::{Layer, Service, service_fn};
use tower_cookies::{Cookie, CookieManagerLayer, Cookies};
use tower_http::set_header::SetResponseHeaderLayer;

/// The `Cookie` header of a visitor who decided today. The clock is the system's, as in a site.
fn decided(letter: char) -> String {
    let today = time::UtcDateTime::now().date();
    let stamp = format!("{:04}{:02}{:02}", today.year(), u8::from(today.month()), today.day());
    format!("__Host-consent=1-{stamp}.functionality:{letter}; preference_00000=dark")
}

/// The numbers of `Set-Cookie` headers in a response.
const LINES: [usize; 4] = [0, 1, 2, 20];

/// The numbers of declarations in a policy.
const DECLARATIONS: [usize; 4] = [10, 100, 1_000, 10_000];

/// For empty extensions: the map, its table and the value.
const INSERT_INTO_EMPTY: u64 = 3;

const ROUNDS: usize = 2_000;

fn main() {
    // `cargo test` also runs this target. Only `cargo bench` measures.
    if !std::env::args().any(|argument| argument == "--bench") {
        return;
    }
    if let Some(name) =
        std::env::args().find_map(|argument| argument.strip_prefix("--count=").map(str::to_owned))
    {
        return count(&name);
    }
    let policies = DECLARATIONS.map(policies::policy);
    let mut budgets = Vec::new();
    #[cfg(feature = "html")]
    pages::measure(&policies[0], ROUNDS / 10, &mut budgets);
    if !std::env::args().any(|argument| argument == "pages") {
        without_lines(&policies[1], &mut budgets);
        with_lines(&policies, &mut budgets);
        verdicts::measure(&policies, &mut budgets);
    }
    println!("\nBudgets");
    for (budget, holds) in budgets {
        println!("  {:<14} {budget}", if holds { "holds" } else { "DOES NOT HOLD" });
    }
}

/// Runs one contestant alone, for `valgrind --tool=callgrind`. The difference between two runs, divided by
/// the number of calls, is the difference in instructions for each call.
fn count(name: &str) {
    const CALLS: usize = 10_000;
    let policy = policies::policy(100);
    let lines = ["preference_00000=dark; Path=/; Max-Age=31536000", "_ga=GA1.1.1; Path=/; Max-Age=63072000"]
        .map(|line| HeaderValue::from_maybe_shared(scripted::received(line)).unwrap());
    let cookies = decided('g');
    let lines: &[HeaderValue] = if name.ends_with("-lines") { &lines } else { &[] };
    let ask = || request(Asks::Data, &cookies, lines);
    let mut contestant = match name.trim_end_matches("-lines") {
        "bare" => contestant(ask, service_fn(application)),
        "cookies" => contestant(ask, CookieManagerLayer::new().layer(service_fn(application))),
        "cookies-writing" => contestant(ask, CookieManagerLayer::new().layer(service_fn(writes_two))),
        "consent" => contestant(ask, consent(&policy).layer(service_fn(application))),
        other => panic!("no contestant of the name {other}"),
    };
    for _ in 0..CALLS {
        (contestant.answer)(black_box((contestant.request)()));
    }
}

type Budgets = Vec<(String, bool)>;

/// Responses without `Set-Cookie`.
fn without_lines(policy: &Policy, budgets: &mut Budgets) {
    println!("No Set-Cookie, consent cookie present, 100 declarations: added to the bare service");
    let cookies = decided('g');
    for asks in [Asks::Data, Asks::Page, Asks::Simple] {
        let ask = || request(asks, &cookies, &[]);
        let ask_with_extensions = || {
            let mut request = request(asks, &cookies, &[]);
            request.extensions_mut().insert(0_u8);
            request
        };
        let mut contestants = [
            contestant(ask, service_fn(application)),
            contestant(ask, set_header().layer(service_fn(application))),
            contestant(ask, CookieManagerLayer::new().layer(service_fn(application))),
            contestant(ask, CookieManagerLayer::new().layer(service_fn(reads_one))),
            contestant(ask, CookieManagerLayer::new().layer(service_fn(writes_two))),
            contestant(ask, consent(policy).layer(service_fn(application))),
            contestant(ask_with_extensions, service_fn(application)),
            contestant(ask_with_extensions, CookieManagerLayer::new().layer(service_fn(application))),
            contestant(ask_with_extensions, consent(policy).layer(service_fn(application))),
        ];
        let costs = side_by_side(&mut contestants, ROUNDS * 2);
        let [bare, header, untouched, reads, writes, ours, bare_full, untouched_full, ours_full] =
            <[Cost; 9]>::try_from(costs).expect("one cost each");
        let rows = [
            ("SetResponseHeader", header.over(bare)),
            ("CookieManagerLayer, untouched", untouched.over(bare)),
            ("CookieManagerLayer, reading one", reads.over(bare)),
            ("CookieManagerLayer, writing two", writes.over(bare)),
            ("ConsentLayer", ours.over(bare)),
            ("CookieManagerLayer, untouched, extensions in use", untouched_full.over(bare_full)),
            ("ConsentLayer, extensions in use", ours_full.over(bare_full)),
        ];
        println!("  {} (bare: {:.0} ns)", whose(asks), bare.nanoseconds);
        for (name, cost) in rows {
            let ratio = cost.nanoseconds / untouched.over(bare).nanoseconds;
            println!(
                "    {name:<50} {:>6.0} ns {:>3} allocations {ratio:>6.2} of CookieManagerLayer",
                cost.nanoseconds, cost.allocations
            );
        }
        for (kind, ours, theirs, allowed) in [
            ("", ours.over(bare), untouched.over(bare), INSERT_INTO_EMPTY),
            (", extensions in use", ours_full.over(bare_full), untouched_full.over(bare_full), 1),
        ] {
            budgets.push((
                format!(
                    "{}{kind}: {:.0} ns, less than CookieManagerLayer's {:.0} ns (ratio {:.2})",
                    whose(asks),
                    ours.nanoseconds,
                    theirs.nanoseconds,
                    ours.nanoseconds / theirs.nanoseconds
                ),
                ours.nanoseconds < theirs.nanoseconds,
            ));
            budgets.push((
                format!(
                    "{}{kind}: {} allocations, no more than the insert's {allowed}",
                    whose(asks),
                    ours.allocations
                ),
                ours.allocations <= allowed,
            ));
        }
    }
}

fn whose(asks: Asks) -> &'static str {
    match asks {
        Asks::Data => "data for a script",
        Asks::Page => "a navigation",
        Asks::Simple => "a client without Fetch Metadata",
    }
}

/// Returns the name with a number.
type Names = fn(usize, usize) -> String;

/// Responses with `Set-Cookie` headers.
fn with_lines(policies: &[Policy; 4], budgets: &mut Budgets) {
    println!("\nSet-Cookie lines: added to the bare service, as ns/allocations");
    println!("  {:<58}{}", "", LINES.map(|lines| format!("{lines:>12} lines")).concat());
    let row = |name: &str, costs: [Cost; 4]| {
        let cells = costs.map(|cost| format!("{:>14.0}/{:<3}", cost.nanoseconds, cost.allocations));
        println!("  {name:<58}{}", cells.concat());
    };
    let exact = |number: usize, of: usize| policies::exact(number % (of / 2));
    let covered = |number: usize, of: usize| policies::covered(number % (of / 2));
    let undeclared = |number: usize, _: usize| format!("_ga_{number:05}");
    let kinds: [(&str, char, Names); 4] = [
        ("kept, exact names", 'g', exact),
        ("kept, patterns", 'g', covered),
        ("dropped, refused", 'r', exact),
        ("dropped, undeclared", 'g', undeclared),
    ];
    for (position, (declarations, policy)) in DECLARATIONS.into_iter().zip(policies).enumerate() {
        for (kind, letter, name) in kinds {
            let cookies = decided(letter);
            let costs = LINES.map(|count| {
                let lines: Vec<HeaderValue> = (0..count)
                    .map(|number| {
                        let line = format!("{}=dark; Path=/; Max-Age=31536000", name(number, declarations));
                        HeaderValue::from_maybe_shared(scripted::received(&line)).unwrap()
                    })
                    .collect();
                let ask = || request(Asks::Data, &cookies, &lines);
                let mut contestants = [
                    contestant(ask, service_fn(application)),
                    contestant(ask, set_header().layer(service_fn(application))),
                    contestant(ask, CookieManagerLayer::new().layer(service_fn(application))),
                    contestant(ask, consent(policy).layer(service_fn(application))),
                ];
                let costs = side_by_side(&mut contestants, ROUNDS / 4);
                <[Cost; 4]>::try_from(costs).expect("one cost each")
            });
            if position == 0 && kind.starts_with("kept, exact") {
                row("SetResponseHeader", costs.map(|[bare, header, ..]| header.over(bare)));
                row("CookieManagerLayer, untouched", costs.map(|[bare, _, cookies, _]| cookies.over(bare)));
            }
            let ours = costs.map(|[bare, .., ours]| ours.over(bare));
            row(&format!("ConsentLayer, {declarations} declarations, {kind}"), ours);
            let [none, one, two, twenty] = ours.map(|cost| cost.allocations);
            let report = if kind.starts_with("kept") { 0 } else { 1 + INSERT_INTO_EMPTY };
            budgets.push((
                format!(
                    "{declarations} declarations, {kind}: {} allocations for 1, 2 and 20 lines, {report} for the report, none per line",
                    [one, two, twenty].map(|count| count.saturating_sub(none).to_string()).join(", "),
                ),
                [one, two, twenty].iter().all(|count| *count <= none + report),
            ));
        }
    }
}

fn contestant<'a, S, B>(ask: impl Fn() -> Request<Script> + 'a, mut service: S) -> Contestant<'a>
where
    S: Service<Request<Script>, Response = Response<B>, Error = Infallible> + 'a,
{
    Contestant {
        request: Box::new(ask),
        answer: Box::new(move |request| drop(black_box(call(&mut service, request)))),
    }
}

fn consent(policy: &Policy) -> ConsentLayer {
    ConsentLayer::new(policy.clone())
}

fn set_header() -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(
        HeaderName::from_static("x-content-type-options"),
        HeaderValue::from_static("nosniff"),
    )
}

async fn reads_one(request: Request<Script>) -> Result<Response<Empty<bytes::Bytes>>, Infallible> {
    let cookies = request.extensions().get::<Cookies>().unwrap();
    assert!(black_box(cookies.get("preference_00000")).is_some());
    application(request).await
}

async fn writes_two(request: Request<Script>) -> Result<Response<Empty<bytes::Bytes>>, Infallible> {
    let cookies = request.extensions().get::<Cookies>().unwrap();
    for name in ["preference_00000", "preference_00001"] {
        cookies.add(Cookie::build((name, "dark")).path("/").build());
    }
    application(request).await
}
