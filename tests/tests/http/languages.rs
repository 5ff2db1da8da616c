//! The language of the interface: the page's, else the browser's, else the policy's first.

use crate::html::page;
use crate::support::*;
use consent_core::Policy;
use consent_tower::ConsentLayer;

/// Refusals, by the language of the interface.
const REFUSALS: [(&str, &str); 6] = [
    ("en", "Reject all"),
    ("nb", "Avvis alle"),
    ("pt", "Rejeitar tudo"),
    ("zh", "全部拒绝"),
    ("ar", "رفض الكل"),
    ("he", "דחיית הכול"),
];

fn many_languages() -> ConsentLayer {
    let tags: Vec<String> = REFUSALS.iter().map(|(tag, _)| format!("\"{tag}\"")).collect();
    let policy: Vec<&str> =
        include_str!("policy.toml").lines().filter(|line| !line.contains(".de = ")).collect();
    let declared = format!("languages = [{}]", tags.join(", "));
    let policy = policy.join("\n").replace("languages = [\"en\", \"de\"]", &declared);
    ConsentLayer::new(Policy::from_toml(&policy).unwrap()).with_clock(today)
}

/// The language of each of our texts for a visitor: in the page, and on the linked pages.
async fn languages(html_lang: Option<&str>, accepted: &str) -> Vec<String> {
    let layer = many_languages();
    let asking = |path: &str| empty(visit(path).header("accept-language", accepted));
    let lang = html_lang.map(|tag| format!(" lang=\"{tag}\"")).unwrap_or_default();
    let html = format!("<!doctype html><html{lang}><title>x</title><body><p>text</p></body></html>");
    let shown = send(&layer, asking("/notes"), page(&html)).await.text().to_owned();
    let banner = &shown[shown.find("<section id=\"consent-banner\"").unwrap()..];
    let mut found = vec![lang_of(banner)];
    let refusal = REFUSALS.iter().find(|(tag, _)| *tag == found[0]).unwrap().1;
    assert!(banner.contains(refusal), "{banner}");
    for path in ["/consent/policy", "/consent"] {
        let at = shown.find(&format!("href=\"{path}")).unwrap() + "href=\"".len();
        let link = shown[at..].split('"').next().unwrap();
        let answer = ask(&layer, asking(link)).await;
        let text = answer.text();
        found.push(lang_of(&text[text.find("<html").unwrap()..]));
    }
    found
}

fn lang_of(html: &str) -> String {
    let at = html.find(" lang=\"").unwrap() + " lang=\"".len();
    html[at..].split('"').next().unwrap().to_owned()
}

#[tokio::test]
async fn banner_settings_and_policy_page_share_one_language() {
    for (html_lang, accepted, expected) in [
        // The page's language wins.
        (Some("pt-BR"), "en", "pt"),
        (Some("zh-TW"), "en", "zh"),
        (Some("zh-Hans-CN"), "nb", "zh"),
        (Some("no"), "en", "nb"),
        (Some("nn"), "en", "nb"),
        (Some("nb-NO"), "ar", "nb"),
        (Some("ar-EG"), "en", "ar"),
        (Some("iw"), "en", "he"),
        (Some("en-GB"), "ar, he", "en"),
        // A page without a language, or in one that the policy lacks: the browser's.
        (None, "pt-BR, en;q=0.5", "pt"),
        (None, "zh-TW, en;q=0.5", "zh"),
        (None, "no", "nb"),
        (None, "nn-NO, en;q=0.5", "nb"),
        (Some("tlh"), "he-IL, en;q=0.9", "he"),
        (Some(""), "fr, ar;q=0.1", "ar"),
        // Neither: the policy's first.
        (None, "tlh, sw;q=0.5", "en"),
        (Some("sw"), "", "en"),
    ] {
        let found = languages(html_lang, accepted).await;
        assert_eq!(found, [expected; 3], "{html_lang:?}, {accepted}");
    }
}

#[tokio::test]
async fn text_runs_from_right_to_left_where_the_language_does() {
    for (tag, direction) in [("ar", "rtl"), ("he", "rtl"), ("nb", "ltr"), ("zh", "ltr")] {
        for path in ["/consent", "/consent/policy", "/consent/banner"] {
            let answer = ask(&many_languages(), empty(visit(path).header("accept-language", tag))).await;
            assert!(answer.text().contains(&format!("lang=\"{tag}\" dir=\"{direction}\"")), "{tag}: {path}");
            // Names of cookies run from left to right in any language.
            if path == "/consent/policy" {
                assert!(answer.text().contains("<code dir=\"ltr\">theme</code>"), "{tag}: {path}");
            }
        }
    }
}
