//! Writes every generated page into a directory: `cargo run -p consent-core --example pages -- DIR`.

use consent_core::Reason;
use consent_core::consent::{Action, Circumstances, Consent, CookieName, Decision};
use consent_core::page::{
    self, Delivery, Inline, Links, View, banner, placeholder, placeholder_form, policy_page, problem_page,
    refusal, required_page, settings_link, settings_page,
};
use consent_core::policy::{Category, Jurisdiction, Language, Policy};
use std::path::Path;
use time::{Date, Month};

const RICH: &str = include_str!("../src/page/rich.toml");
const STYLES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../consent-wasm/js");

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).ok_or("name a directory to write into")?;
    let directory = Path::new(&directory);
    std::fs::create_dir_all(directory)?;
    let styles = Path::new(STYLES);
    let style = std::fs::read_to_string(styles.join("consent.css"))?;
    std::fs::write(directory.join("consent.css"), &style)?;
    std::fs::copy(styles.join("page.css"), directory.join("page.css"))?;

    let today = Date::from_calendar_date(2026, Month::November, 23)?;
    let mut links = Links::new("/consent");
    "consent.css".clone_into(&mut links.style);
    "page.css".clone_into(&mut links.page_style);
    for (name, policy) in [("founding", consent_core::policy::example()?), ("rich", Policy::from_toml(RICH)?)]
    {
        for language in policy.languages() {
            let undecided = Consent::undecided(&policy, Circumstances::new(today));
            let british = Circumstances::new(today).with_jurisdiction(Jurisdiction::parse("GB").ok());
            let informed = Consent::undecided(&policy, british);
            let granted = undecided.decide(&Decision::new(Action::Accept));
            let refused = undecided.decide(&Decision::new(Action::Refuse));
            let old = granted_on(&policy, Date::from_calendar_date(2026, Month::January, 1)?);
            let write = |page: &str, html: String| {
                std::fs::write(directory.join(std::format!("{name}-{language}-{page}.html")), html)
            };
            for (state, consent) in [
                ("undecided", &undecided),
                ("british", &informed),
                ("granted", &granted),
                ("refused", &refused),
                ("old", &old),
            ] {
                let view = View::new(consent, language, &links).with_return_path("/news");
                write(&std::format!("page-{state}"), sample(&view, language, &style))?;
                write(&std::format!("settings-{state}"), settings_page(&view, state == "granted"))?;
                write(&std::format!("dialog-{state}"), dialog(&view))?;
                let required = required_page(&view, Category::FUNCTIONALITY, "/");
                write(&std::format!("required-{state}"), required)?;
            }
            let view = View::new(&undecided, language, &links).with_return_path("/news");
            if let Some(html) = policy_page(&view, None) {
                write("policy", html)?;
            }
            if let Some(html) = policy_page(&view, Some(1)) {
                write("policy-1", html)?;
            }
            let detail = "The request came from another site, so nothing was changed.";
            write("problem", problem_page(&view, 403, "Not from here", detail))?;
            write("banner", banner(&view))?;
        }
    }
    Ok(())
}

fn granted_on(policy: &Policy, day: Date) -> Consent {
    let then = Consent::undecided(policy, Circumstances::new(day)).decide(&Decision::new(Action::Accept));
    let today = Date::from_calendar_date(2026, Month::November, 23).unwrap_or(day);
    Consent::from_choices(
        policy,
        *then.choices(),
        consent_core::consent::Source::Cookie,
        Circumstances::new(today),
    )
}

/// A page whose own style sheet affects banner and placeholder.
fn sample(view: &View<'_>, language: &Language, style: &str) -> String {
    let delivery = Delivery::new(CookieName::Host).without_guard().inline(Inline { style, guard: "" });
    let paragraphs = "<p>A page has <a href=\"#\">links</a> and <button>buttons</button> of its own, and long lines of text \
                      that the banner lies upon while a decision is due.</p>"
        .repeat(14);
    std::format!(
        "<!DOCTYPE html><html lang=\"{language}\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" \
         content=\"width=device-width, initial-scale=1\"><title>Sample</title>{}<style>body{{font:1.05rem/1.6 Georgia,serif;\
         max-width:44rem;margin:2rem auto;padding:0 1rem;color:#234}}section{{padding:4rem;background:pink}}h2{{color:red;\
         text-transform:uppercase}}button{{border-radius:0;background:#ddd;float:left}}a{{color:green}}p{{margin:0 0 1rem}}\
         </style></head><body>{}<h1>A page</h1>{}{}{}{paragraphs}{}{}</body></html>",
        page::head(view, &delivery),
        banner(view),
        refusal(view, Some(Category::FUNCTIONALITY), Some(Reason::Undecided)),
        placeholder(view, Category::FUNCTIONALITY, Some("The film of the conference")),
        placeholder(view, Category::FUNCTIONALITY, None),
        placeholder_form(view, Category::FUNCTIONALITY),
        settings_link(view),
    )
}

/// The settings as the module shows them.
fn dialog(view: &View<'_>) -> String {
    let page = settings_page(view, false);
    let section = page.split_once("<section").and_then(|(_, tail)| tail.split_once("</section>"));
    let section = section.map_or("", |(section, _)| section);
    std::format!(
        "<!DOCTYPE html><html><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, \
         initial-scale=1\"><title>Dialog</title><link rel=\"stylesheet\" href=\"consent.css\"></head><body>\
         <h1>A page</h1><dialog id=\"consent-settings\"><section{section}</section></dialog>\
         <script>document.querySelector('dialog').showModal()</script></body></html>"
    )
}
