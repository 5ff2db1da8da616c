//! A minimal generator of static pages. `main.rs` says how to run it.

use consent_core::consent::{Circumstances, CookieName};
use consent_core::page::{self, Delivery, Links, OriginCsp, View};
use consent_core::{Consent, Policy};
use consent_wasm::ASSETS;
use std::error::Error;
use std::fs;
use std::path::Path;

/// The pages, with path and content.
const PAGES: [(&str, &str, &str); 2] = [
    ("", "Home", include_str!("home.html")),
    ("about", "About", "<h1>About</h1><p>Two pages, and no server that could store anything.</p>"),
];

/// Writes the whole site.
///
/// # Errors
///
/// Returns an error if the policy has mistakes or if a file cannot be written.
pub fn write(directory: &Path, cookie: CookieName) -> Result<(), Box<dyn Error>> {
    let policy = Policy::from_toml(include_str!("../policy.toml"))?;
    // The same pages for every visitor. In the browser, the module reads the decision and the day.
    let nobody = Consent::undecided(&policy, Circumstances::new(time::UtcDateTime::UNIX_EPOCH.date()));
    let language = policy.language_for(None);
    let links = links()?;
    let view = View::new(&nobody, language, &links).with_cookie_name(cookie).on_static_site();

    // What a page may load from other origins: nothing, because the policy declares no services.
    let csp = OriginCsp::for_everybody(&policy).meta();

    for (path, title, content) in PAGES {
        let delivery = Delivery::new(cookie);
        let html = format!(
            "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">{csp}\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>{}\
             <link rel=\"stylesheet\" href=\"/site.css\"><script type=\"module\" src=\"/site.js\"></script></head>\
             <body>{}<nav><a href=\"/\">Home</a> <a href=\"/about/\">About</a></nav><main>{content}</main>\
             <footer>{}</footer></body></html>\n",
            // The guard comes before every script of the page.
            page::head(&view, &delivery),
            page::banner(&view),
            page::settings_link(&view),
        );
        write_page(directory, path, &html)?;
    }
    write_page(directory, "consent", &page::settings_page(&view, false))?;
    write_page(directory, "consent/banner", &page::banner(&view))?;
    for revision in policy.revisions().iter().map(|revision| revision.number) {
        let html = page::policy_page(&view, Some(revision)).ok_or("a revision has no page")?;
        write_page(directory, &format!("consent/policy/{revision}"), &html)?;
    }
    write_page(
        directory,
        "consent/policy",
        &page::policy_page(&view, None).ok_or("no revision is in force")?,
    )?;

    let assets = directory.join("consent/assets");
    fs::create_dir_all(&assets)?;
    for asset in ASSETS {
        fs::write(assets.join(asset.file), asset.bytes)?;
    }
    fs::write(directory.join("site.css"), include_str!("site.css"))?;
    fs::write(directory.join("site.js"), include_str!("site.js"))?;
    Ok(())
}

/// Returns the header that a file host can send in place of the `<meta>` element.
///
/// # Errors
///
/// Returns an error if the policy has mistakes.
pub fn header() -> Result<String, consent_core::PolicyError> {
    let policy = Policy::from_toml(include_str!("../policy.toml"))?;
    Ok(format!("Content-Security-Policy: {}", OriginCsp::for_everybody(&policy)))
}

/// The addresses of the built files. Their names change with their content.
fn links() -> Result<Links, String> {
    let mut links = Links::new("/consent");
    let address = |name: &str| {
        let asset = consent_wasm::asset(name).ok_or_else(|| format!("{name} was not built"))?;
        Ok::<_, String>(format!("/consent/assets/{}", asset.file))
    };
    links.style = address("consent.css")?;
    links.page_style = address("page.css")?;
    links.guard = address("guard.js")?;
    links.module = address("module.js")?;
    Ok(links)
}

fn write_page(directory: &Path, path: &str, html: &str) -> Result<(), Box<dyn Error>> {
    let folder = directory.join(path);
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("index.html"), html)?;
    Ok(())
}
