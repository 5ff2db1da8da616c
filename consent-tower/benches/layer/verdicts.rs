//! The look-up of a name, without a request.

use crate::measure::look_up;
use crate::{Budgets, DECLARATIONS, decided, policies};
use consent_core::consent::{Circumstances, CookieName};
use consent_core::verdict::{RequestFacts, judge, visible};
use consent_core::{Consent, Policy};
use std::hint::black_box;

const ROUNDS: usize = 5_000;

/// The maximum ratio of a look-up in the largest policy to one in the smallest. Both look up the same few
/// names, because memory outside the processor's nearest cache is slower in any policy.
const FLAT: f64 = 1.5;

/// Returns the name with a number.
type Names = fn(usize) -> String;

pub fn measure(policies: &[Policy; 4], budgets: &mut Budgets) {
    println!("\nVerdict alone, in ns, by the number of declarations");
    println!("  {:<58}{}", "", DECLARATIONS.map(|count| format!("{count:>10}")).concat());
    let now = time::UtcDateTime::now();
    let cookies = decided('g');
    let consents = policies.each_ref().map(|policy| {
        Consent::from_lines(policy, [cookies.as_bytes()], CookieName::Host, Circumstances::new(now.date()))
    });
    let facts = RequestFacts::new("GET", "/", now);
    let kinds: [(&str, Names); 4] = [
        ("an exact name", policies::exact),
        ("a name that a pattern covers", policies::covered),
        ("a longer name that a pattern covers", |number| {
            format!("{}{}", policies::covered(number), "x".repeat(48))
        }),
        ("a name that is not declared", |number| format!("_ga_{number:05}")),
    ];
    for (kind, name) in kinds {
        let few: Vec<Vec<u8>> = (0..5).map(|number| name(number).into_bytes()).collect();
        let times = consents.each_ref().map(|consent| {
            look_up(&few, ROUNDS, |name| {
                let _ = black_box(visible(name, consent));
            })
        });
        row(kind, times);
        let [ten, .., ten_thousand] = times;
        budgets.push((
            format!(
                "look-up of {kind}: {:.2} of its time with 10,000 declarations instead of 10",
                ten_thousand / ten
            ),
            ten_thousand < ten * FLAT,
        ));
        let mut sizes = DECLARATIONS.into_iter();
        row(
            &format!("{kind}, every one of the policy in turn"),
            consents.each_ref().map(|consent| {
                let count = sizes.next().unwrap() / 2;
                let all: Vec<Vec<u8>> = (0..count).map(|number| name(number).into_bytes()).collect();
                look_up(&all, ROUNDS * 10 / count.max(100), |name| {
                    let _ = black_box(visible(name, consent));
                })
            }),
        );
        let lines: Vec<Vec<u8>> = (0..5)
            .map(|number| format!("{}=dark; Path=/; Max-Age=31536000", name(number)).into_bytes())
            .collect();
        row(
            &format!("{kind}, with its whole line read"),
            consents.each_ref().map(|consent| {
                look_up(&lines, ROUNDS, |line| {
                    black_box(judge(line, consent, &facts));
                })
            }),
        );
    }
}

fn row(name: &str, times: [f64; 4]) {
    println!("  {name:<58}{}", times.map(|time| format!("{time:>10.1}")).concat());
}
