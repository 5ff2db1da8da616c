use super::super::plural::plural;
use super::*;
use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;

const CLDR: &str = include_str!("cldr48.txt");
const UNITS: [&str; 4] = ["second", "minute", "hour", "day"];
const CATEGORIES: [&str; 6] = ["zero", "one", "two", "few", "many", "other"];

fn text(language: &str, key: &str) -> Option<&'static str> {
    let (_, catalogue) = CATALOGUES.into_iter().find(|(tag, _)| *tag == language).expect("a catalogue");
    entries(catalogue).find(|(known, _)| *known == key).map(|(_, text)| text)
}

/// The entries of a catalogue whose keys are the same in all languages.
fn common(catalogue: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    entries(catalogue).filter(|(key, _)| !is_plural(key))
}

fn is_plural(key: &str) -> bool {
    let forms = key.strip_prefix("duration.").and_then(|forms| forms.split_once('.'));
    forms.is_some_and(|(unit, category)| UNITS.contains(&unit) && CATEGORIES.contains(&category))
}

fn placeholders(text: &str) -> Vec<&str> {
    let mut names: Vec<&str> =
        text.split('{').skip(1).map(|tail| tail.split_once('}').expect("a brace is closed").0).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The text without its placeholders and the names of the browsers' signals.
fn words(text: &str) -> String {
    let mut words = text.replace("Global Privacy Control", "").replace("Do Not Track", "");
    for name in placeholders(text) {
        words = words.replace(&format!("{{{name}}}"), "");
    }
    words
}

/// The numbers of a plural category in the data: `0 2-4 1000`.
fn numbers(ranges: &'static str) -> impl Iterator<Item = u32> {
    ranges.split(' ').flat_map(|range| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        first.parse().expect("a number")..=last.parse().expect("a number")
    })
}

fn cldr(language: &str) -> impl Iterator<Item = (&'static str, &'static str)> {
    CLDR.lines().filter_map(move |line| line.strip_prefix(language)?.strip_prefix(' ')?.split_once(" = "))
}

fn cldr_categories(language: &str) -> Vec<(&'static str, &'static str)> {
    cldr(language).filter(|(category, _)| CATEGORIES.contains(category)).collect()
}

#[test]
fn the_languages_are_those_of_the_eu_and_nine_more() {
    let eu = [
        "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt",
        "nl", "pl", "pt", "ro", "sk", "sl", "sv",
    ];
    let more = ["ar", "cy", "he", "is", "ja", "nb", "tr", "uk", "zh-hans"];
    assert_eq!(CATALOGUES.len(), eu.len() + more.len());
    for tag in eu.into_iter().chain(more) {
        let texts = Texts::of(&Language::parse(tag).unwrap());
        assert_eq!(texts.language(), tag);
        assert_eq!(texts.get(Key::Refuse), text(tag, "action.refuse").unwrap());
    }
}

#[test]
fn every_language_says_the_same() {
    let [(_, english), ..] = CATALOGUES;
    let english: Vec<_> = common(english).collect();
    let keys: Vec<_> = Key::ALL.map(Key::name).into_iter().filter(|key| !is_plural(key)).collect();
    for (language, catalogue) in CATALOGUES {
        assert_eq!(common(catalogue).map(|(key, _)| key).collect::<Vec<_>>(), keys, "{language}");
        for ((key, text), (_, original)) in common(catalogue).zip(&english) {
            assert!(!text.trim().is_empty(), "{language}: {key}");
            assert_eq!(placeholders(text), placeholders(original), "{language}: {key}");
        }
    }
}

#[test]
fn no_line_of_a_catalogue_is_lost() {
    for (language, catalogue) in CATALOGUES {
        for line in catalogue.lines().filter(|line| !line.is_empty() && !line.starts_with('#')) {
            assert!(line.contains(" = "), "{language}: {line}");
            assert_eq!(line, line.trim_end(), "{language}");
        }
        assert!(!catalogue.contains('<'), "{language}: markup comes from the renderer");
        let mut order = Key::ALL.map(Key::name).into_iter();
        for (key, _) in entries(catalogue) {
            assert!(order.any(|known| known == key), "{language}: {key} is unknown or out of order");
        }
    }
}

#[test]
fn a_language_has_the_plural_forms_of_its_rules_and_no_other() {
    for (language, catalogue) in CATALOGUES {
        let categories = cldr_categories(language);
        assert!(!categories.is_empty(), "{language}");
        for unit in UNITS {
            let prefix = format!("duration.{unit}.");
            let forms: Vec<_> = entries(catalogue)
                .filter_map(|(key, text)| Some((key.strip_prefix(&prefix)?, text)))
                .collect();
            let present: Vec<_> = forms.iter().map(|(category, _)| *category).collect();
            let needed: Vec<_> = categories.iter().map(|(category, _)| *category).collect();
            assert_eq!(present, needed, "{language}: {unit}");
            for ((category, text), (_, list)) in forms.iter().zip(&categories) {
                // Words can only stand for the number where the form belongs to one number: "two days".
                if numbers(list).count() > 1 || !placeholders(text).is_empty() {
                    assert_eq!(placeholders(text), ["count"], "{language}: {unit}.{category}");
                }
            }
        }
    }
}

#[test]
fn plural_rules_are_those_of_cldr() {
    let mut checked = 0;
    for (language, _) in CATALOGUES {
        for (category, list) in cldr_categories(language) {
            for number in numbers(list) {
                let found = format!("{:?}", plural(language, number)).to_lowercase();
                assert_eq!(found, category, "{language}: {number}");
                checked += 1;
            }
        }
    }
    assert_eq!(checked, CATALOGUES.len() * 207);
}

#[test]
fn durations_take_the_form_of_their_number() {
    for (language, number, expected) in [
        ("en", 1, "{count} day"),
        ("en", 2, "{count} days"),
        ("pl", 1, "{count} dzień"),
        ("pl", 2, "{count} dni"),
        ("cs", 3, "{count} dny"),
        ("cs", 5, "{count} dnů"),
        ("sl", 102, "{count} dneva"),
        ("ro", 19, "{count} zile"),
        ("ro", 20, "{count} de zile"),
        ("lv", 21, "{count} diena"),
        ("uk", 365, "{count} днів"),
        ("cy", 2, "{count} ddiwrnod"),
        ("he", 2, "יומיים"),
        ("ar", 2, "يومان"),
        ("ar", 3, "{count} أيام"),
        ("ar", 100, "{count} يوم"),
        ("ja", 1, "{count}日"),
    ] {
        let texts = Texts::of(&Language::parse(language).unwrap());
        assert_eq!(texts.get(texts.duration(Unit::Day, number)), expected, "{language}: {number}");
    }
}

#[test]
fn dates_are_those_of_cldr() {
    for (language, _) in CATALOGUES {
        let dates: Vec<_> = cldr(language).filter(|(date, _)| date.starts_with("2026-")).collect();
        assert_eq!(dates.len(), 12, "{language}");
        for (date, expected) in dates {
            let [year, month, day] = date.splitn(3, '-').collect::<Vec<_>>().try_into().unwrap();
            let name = text(language, &format!("month.{}", month.trim_start_matches('0'))).unwrap();
            let pattern = text(language, "date").unwrap();
            let written = pattern.replace("{year}", year).replace("{month}", name);
            assert_eq!(written.replace("{day}", day.trim_start_matches('0')), expected, "{language}");
        }
    }
}

/// A date such as `23. studenoga 2026.` ends in a full stop of its own.
#[test]
fn no_sentence_ends_in_two_full_stops() {
    for (language, catalogue) in CATALOGUES {
        if text(language, "date").unwrap().ends_with('.') {
            for (key, text) in entries(catalogue) {
                for name in ["date", "from", "to"] {
                    assert!(!text.contains(&format!("{{{name}}}.")), "{language}: {key}");
                }
            }
        }
    }
}

#[test]
fn lists_join_the_items_around() {
    for (language, _) in CATALOGUES {
        for key in ["list.separator", "list.last"] {
            let text = text(language, key).unwrap();
            let between = text.strip_prefix("{before}").and_then(|text| text.strip_suffix("{after}"));
            assert!(between.is_some_and(|between| !between.trim().is_empty()), "{language}: {key}");
        }
    }
}

/// A text that is the same as in English is a name, or it was forgotten.
#[test]
fn no_english_is_left_over() {
    let [(_, english), ..] = CATALOGUES;
    let same = ["Cookie", "Service worker", "E-mail", "Name", "Post"];
    let english_words = ["the", "and", "your", "you", "with", "which", "this", "every", "choice"];
    for (language, catalogue) in CATALOGUES.into_iter().skip(1) {
        for ((key, text), (_, original)) in common(catalogue).zip(common(english)) {
            // Months, dates and lists are checked against CLDR.
            if !["month", "date", "list"].iter().any(|start| key.starts_with(start)) {
                assert!(text != original || same.contains(&text), "{language}: {key}: {text}");
            }
        }
        for (key, text) in entries(catalogue) {
            for word in words(text).to_lowercase().split(|letter: char| !letter.is_alphabetic()) {
                assert!(!english_words.contains(&word), "{language}: {key}: {word}");
            }
        }
    }
}

/// The letters of each language besides `a` to `z` (CLDR, exemplar characters), in lower case.
const LETTERS: [(&str, &str); 33] = [
    ("ar", "ـًٌٍَُِّْءآأؤإئابةتثجحخدذرزسشصضطظعغفقكلمنهوىي"),
    ("bg", "абвгдежзийклмнопрстуфхцчшщъьюя"),
    ("cs", "áčďéěíňóřšťúůýž"),
    ("cy", "âêîôûŵŷáéíóúàèìòùäëïöü"),
    ("da", "æøåé"),
    ("de", "äöüß"),
    ("el", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώϊϋΐΰ"),
    ("en", ""),
    ("es", "áéíñóúü"),
    ("et", "äõöüšž"),
    ("fi", "äöå"),
    ("fr", "àâæçéèêëîïôœùûü"),
    ("ga", "áéíóú"),
    ("he", "אבגדהוזחטיךכלםמןנסעףפץצקרשת"),
    ("hr", "čćđšž"),
    ("hu", "áéíóöőúüű"),
    ("is", "áðéíóúýþæö"),
    ("it", "àèéìòù"),
    ("ja", ""),
    ("lt", "ąčęėįšųūž"),
    ("lv", "āčēģīķļņšūž"),
    ("mt", "ċġħżàèìòù"),
    ("nb", "æøåéèòô"),
    ("nl", "éëèïöü"),
    ("pl", "ąćęłńóśźż"),
    ("pt", "áâãàçéêíóôõú"),
    ("ro", "ăâîșț"),
    ("sk", "áäčďéíĺľňóôŕšťúýž"),
    ("sl", "čšž"),
    ("sv", "åäöé"),
    // Lower case of `İ`: an `i` and a combining dot.
    ("tr", "çğıöşüâîû\u{307}"),
    ("uk", "абвгґдеєжзиіїйклмнопрстуфхцчшщьюя"),
    ("zh-hans", ""),
];

/// Languages with letters of their own, which must be in each of their texts.
fn own_letter(language: &str) -> Option<fn(char) -> bool> {
    Some(match language {
        "ar" => |letter| ('\u{600}'..='\u{6ff}').contains(&letter),
        "bg" | "uk" => |letter| ('\u{400}'..='\u{4ff}').contains(&letter),
        "el" => |letter| ('\u{370}'..='\u{3ff}').contains(&letter),
        "he" => |letter| ('\u{590}'..='\u{5ff}').contains(&letter),
        // Kana and Han.
        "ja" => |letter| ('\u{3040}'..='\u{30ff}').contains(&letter) || is_han(letter),
        "zh-hans" => is_han,
        _ => return None,
    })
}

fn is_han(letter: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&letter)
}

#[test]
fn no_text_is_in_the_letters_of_another_language() {
    for (language, catalogue) in CATALOGUES {
        let (_, letters) = LETTERS.into_iter().find(|(tag, _)| *tag == language).expect("letters");
        let own = own_letter(language);
        for (key, text) in entries(catalogue) {
            for letter in words(text).to_lowercase().chars().filter(|letter| letter.is_alphabetic()) {
                let is_known = letter.is_ascii() || letters.contains(letter);
                let is_own = own.is_some_and(|own| own(letter) && letters.is_empty());
                assert!(is_known || is_own, "{language}: {key}: {letter}");
            }
            let is_name = matches!(text, "Cookie" | "Service worker" | "E-mail");
            let is_pattern = key == "date" || key.starts_with("list.") || key.starts_with("month.");
            if let Some(own) = own.filter(|_| !is_name && !is_pattern) {
                assert!(text.chars().any(own), "{language}: {key}: {text}");
            }
        }
    }
    let japanese = CATALOGUES.into_iter().find(|(tag, _)| *tag == "ja").expect("Japanese").1;
    let kana = |text: &str| text.chars().any(|letter| ('\u{3040}'..='\u{30ff}').contains(&letter));
    assert!(entries(japanese).filter(|(_, text)| kana(text)).count() > 100);
}

/// Neighbours share words, but no sentence.
#[test]
fn no_sentence_is_copied_from_another_language() {
    let sentences: Vec<_> = CATALOGUES
        .into_iter()
        .flat_map(|(language, catalogue)| entries(catalogue).map(move |(key, text)| (language, key, text)))
        .filter(|(_, _, text)| words(text).chars().filter(|letter| letter.is_alphabetic()).count() > 24)
        .collect();
    for (at, (language, key, text)) in sentences.iter().enumerate() {
        let copy = sentences.iter().skip(at + 1).find(|(other, _, copy)| other != language && copy == text);
        assert_eq!(copy, None, "{language}: {key}");
    }
}

/// Accepting and refusing are a pair: same form, about the same length, short enough for 320 px.
#[test]
fn the_two_choices_are_alike() {
    for (language, _) in CATALOGUES {
        let [accept, refuse] = ["action.accept", "action.refuse"].map(|key| text(language, key).unwrap());
        let [accepting, refusing] = [accept, refuse].map(|text| text.chars().count());
        assert!(accepting.max(refusing) <= 22, "{language}: {accept}, {refuse}");
        assert!(accepting.abs_diff(refusing) <= 5, "{language}: {accept}, {refuse}");
        let [accepting, refusing] = [accept, refuse].map(|text| text.split(' ').count());
        assert!(accepting.abs_diff(refusing) <= 1, "{language}: {accept}, {refuse}");
        assert_ne!(accept, refuse, "{language}");
    }
}

/// The refusals that autoconsent 16 of `DuckDuckGo` presses (`lib/heuristic-patterns.ts`).
#[test]
fn clients_that_refuse_for_the_visitor_know_the_button() {
    for (language, refusal) in [
        ("en", "Reject all"),
        ("de", "Alle ablehnen"),
        ("es", "Rechazar todo"),
        ("fr", "Tout refuser"),
        ("it", "Rifiuta tutto"),
        ("nl", "Alles weigeren"),
        ("pl", "Odrzuć wszystkie"),
        ("pt", "Rejeitar tudo"),
        ("sv", "Avvisa alla"),
        ("tr", "Çerezleri reddet"),
    ] {
        assert_eq!(text(language, "action.refuse"), Some(refusal));
    }
}

#[test]
fn an_unknown_language_is_english_and_says_so() {
    for (tag, language, refusal) in [
        ("tlh", "en", "Reject all"),
        ("de-at", "de", "Alle ablehnen"),
        ("pt-br", "pt", "Rejeitar tudo"),
        ("no", "nb", "Avvis alle"),
        ("nn", "nb", "Avvis alle"),
        ("nn-no", "nb", "Avvis alle"),
        ("iw", "he", "דחיית הכול"),
        ("zh", "zh-hans", "全部拒绝"),
        ("zh-cn", "zh-hans", "全部拒绝"),
        ("zh-tw", "zh-hans", "全部拒绝"),
        ("zh-hant-hk", "zh-hans", "全部拒绝"),
    ] {
        let texts = Texts::of(&Language::parse(tag).unwrap());
        assert_eq!((texts.language(), texts.get(Key::Refuse)), (language, refusal), "{tag}");
    }
}

/// Interface texts inform: they neither praise one choice nor discourage the other (EDPB Guidelines 03/2022).
#[test]
fn no_wording_presses() {
    let anywhere = ["!", "¡", "！", "best experience", "improve your", "by using"];
    // Words for "sorry", "unfortunately", "please", "better", "recommended".
    let pressing = [
        ("ar", "عذر آسف نأسف للأسف يرجى نرجو الرجاء فضلك أفضل أحسن نوصي"),
        ("bg", "съжаляваме моля по-добро по-добра най-доброто препоръчваме"),
        ("cs", "bohužel prosím prosíme lepší nejlepší doporučujeme omlouváme"),
        ("cy", "anffodus gwaetha gwell gorau argymell"),
        ("da", "desværre venligst bedre bedste anbefaler anbefalet beklager"),
        ("de", "leider bitte besser beste besten empfohlen empfehlen"),
        ("el", "δυστυχώς παρακαλούμε παρακαλώ καλύτερη καλύτερο συνιστούμε λυπούμαστε"),
        ("en", "sorry please better best recommended recommend unfortunately"),
        ("es", "lamentablemente favor mejor mejores recomendado recomendamos sentimos"),
        ("et", "kahjuks palun parem parim soovitame vabandame"),
        ("fi", "valitettavasti parempi paras suosittelemme pahoittelemme"),
        ("fr", "malheureusement veuillez plaît meilleur meilleure recommandé recommandons désolé désolés"),
        ("ga", "ainneoin fearr molaimid leithscéal"),
        ("he", "מצטערים לצערנו בבקשה אנא נא מומלץ"),
        ("hr", "nažalost molimo bolje bolji najbolje preporučujemo žao"),
        ("hu", "sajnos sajnáljuk kérjük jobb legjobb ajánlott javasoljuk"),
        ("is", "miður vinsamlegast betri besta mælum"),
        ("it", "purtroppo favore prego migliore migliori consigliato consigliamo spiacenti"),
        ("lt", "deja prašome geresnė geresnis geriausia rekomenduojame atsiprašome"),
        ("lv", "diemžēl lūdzu labāka labāku labāko iesakām atvainojiet"),
        ("mt", "sfortunatament jogħġbok aħjar nirrakkomandaw skużana"),
        ("nb", "dessverre vennligst bedre beste anbefaler anbefalt beklager"),
        ("nl", "helaas alstublieft gelieve beter beste aanbevolen excuses"),
        ("pl", "niestety proszę prosimy lepsze lepszy najlepsze zalecane przepraszamy"),
        ("pt", "infelizmente favor melhor melhores recomendado recomendamos lamentamos"),
        ("ro", "păcate regretăm rugăm recomandat recomandăm"),
        ("sk", "bohužiaľ žiaľ prosím prosíme lepšie najlepšie odporúčame ospravedlňujeme"),
        ("sl", "žal prosimo boljša boljše najboljše priporočamo oprostite"),
        ("sv", "tyvärr vänligen bättre bästa rekommenderar rekommenderas beklagar"),
        ("tr", "üzgünüz maalesef lütfen iyi öneririz önerilen"),
        ("uk", "шкода ласка кращий краще найкращий рекомендуємо перепрошуємо"),
    ];
    for (language, catalogue) in CATALOGUES {
        let known: Vec<&str> = pressing
            .into_iter()
            .find(|(tag, _)| *tag == language)
            .map_or_else(Vec::new, |(_, words)| words.split(' ').collect());
        for (key, text) in entries(catalogue) {
            let text = text.to_lowercase();
            assert!(!anywhere.iter().any(|word| text.contains(word)), "{language}: {key}: {text}");
            for word in text.split(|letter: char| !letter.is_alphabetic() && letter != '-') {
                assert!(!known.contains(&word), "{language}: {key}: {word}");
            }
            // Written without spaces.
            for word in [
                "敬请",
                "请您同意",
                "请接受",
                "抱歉",
                "遗憾",
                "更好",
                "最佳",
                "推荐",
                "ください",
                "残念",
                "おすすめ",
                "推奨",
            ] {
                assert!(!text.contains(word), "{language}: {key}: {word}");
            }
        }
    }
}
