//! What a German or French clause says of a thing. The verb stands where it likes in German, so a
//! clause is read as a whole.

use super::claim::Polarity;
use super::english::{Limit, Said, Subject};
use super::language::Language;
use super::object::Object;
use super::words::{Word, has, starts_with};

struct Lexicon {
    uses: &'static [&'static str],
    /// What one does with things that are there already, and who then uses nothing.
    handles: &'static [&'static str],
    denials: &'static [&'static str],
    not_only: &'static [&'static [&'static str]],
    own: &'static [&'static str],
    third: &'static [&'static str],
    hedges: &'static [&'static str],
    defines: &'static [&'static [&'static str]],
    excepts: &'static [&'static [&'static str]],
    conditions: &'static [&'static [&'static str]],
    purposes: &'static [&'static str],
    tracking: &'static [&'static str],
    only: &'static [&'static str],
}

const GERMAN: Lexicon = Lexicon {
    uses: &[
        "verwende*",
        "verwendet",
        "nutzen",
        "nutzt",
        "nutze",
        "genutzt",
        "benutz*",
        "setzen",
        "setzt",
        "gesetzt",
        "einsetz*",
        "eingesetzt",
        "speicher*",
        "gespeichert",
        "bindet",
        "binden",
        "eingebunden",
        "einbind*",
        "enthält",
        "enthalten",
        "einsatz",
        "platzier*",
        "hinterlegt",
        "zeigen",
        "schalten",
        "angezeigt",
        "arbeite*",
        "verzichte*",
        "verzicht",
        "gibt",
        "haben",
        "hat",
        "führen",
        "betreiben",
        "erheben",
        "kommt",
        "kommen",
        "auskommt",
    ],
    handles: &[
        "ablehn*",
        "deaktivier*",
        "blockier*",
        "lösch*",
        "verhinder*",
        "unterbind*",
        "akzeptier*",
        "widersprech*",
        "untersag*",
        "abschalt*",
        "browser*",
        "können",
        "möchten",
        "einwillig*",
    ],
    denials: &[
        "kein",
        "keine",
        "keinen",
        "keinerlei",
        "keiner",
        "nicht",
        "nie",
        "niemals",
        "weder",
        "ohne",
        "verzichte*",
        "verzicht",
    ],
    not_only: &[&["nicht", "nur"], &["nicht", "alle"]],
    own: &[
        "wir",
        "unsere*",
        "diese*",
        "uns",
        "ich",
        "website",
        "webseite",
        "seite",
        "seiten",
        "internetseite*",
        "angebot",
        "es",
        "hier",
        "homepage",
        "shop",
        "blog",
        "werden",
        "wird",
    ],
    third: &[
        "drittanbieter*",
        "dritte",
        "dritten",
        "partner",
        "google",
        "facebook",
        "anbieter",
    ],
    hedges: &[
        "gegebenenfalls",
        "ggf",
        "eventuell",
        "unter",
        "teilweise",
        "manche",
        "einige",
        "möglicherweise",
    ],
    defines: &[
        &["sind", "kleine"],
        &["sind", "textdateien"],
        &["sind", "dateien"],
        &["ist", "eine"],
        &["sind", "kleinere"],
        &["handelt", "es"],
        &["bezeichnet"],
    ],
    excepts: &[
        &["außer"],
        &["ausgenommen"],
        &["abgesehen"],
        &["bis", "auf"],
        &["mit", "ausnahme"],
        &["lediglich"],
    ],
    conditions: &[
        &["wenn"],
        &["falls"],
        &["sofern"],
        &["erst"],
        &["einwilligung"],
        &["zustimmung"],
    ],
    purposes: &["um", "zur", "zum", "zu", "die", "für"],
    tracking: &[
        "track*",
        "werb*",
        "profil*",
        "marketing*",
        "nachverfolg*",
        "verfolg*",
    ],
    only: &["nur", "ausschließlich", "lediglich"],
};

const FRENCH: Lexicon = Lexicon {
    uses: &[
        "utilis*",
        "emplo*",
        "dépos*",
        "recour*",
        "place",
        "plaçons",
        "placés",
        "install*",
        "stock*",
        "enregistr*",
        "intègr*",
        "intégr*",
        "affich*",
        "contien*",
        "conten*",
        "fait",
        "faisons",
        "usage",
        "sert",
        "a",
        "avons",
        "mettons",
    ],
    handles: &[
        "refus*",
        "désactiv*",
        "bloqu*",
        "supprim*",
        "paramétr*",
        "accept*",
        "navigateur*",
        "pouvez",
        "opposer",
        "configur*",
        "gérer",
    ],
    denials: &["pas", "aucun", "aucune", "jamais", "ni", "sans"],
    not_only: &[&["pas", "seulement"], &["pas", "uniquement"]],
    own: &[
        "nous",
        "notre",
        "nos",
        "ce",
        "site",
        "le",
        "ici",
        "application",
        "blog",
        "je",
        "sont",
        "est",
    ],
    third: &[
        "tiers",
        "partenaires",
        "partenaire",
        "google",
        "facebook",
        "prestataires",
    ],
    hedges: &[
        "peut",
        "pouvons",
        "peuvent",
        "parfois",
        "éventuellement",
        "certains",
    ],
    defines: &[
        &["sont", "de", "petits"],
        &["sont", "des"],
        &["est", "un"],
        &["sont", "de", "petit*"],
        &["désigne"],
    ],
    excepts: &[
        &["sauf"],
        &["hormis"],
        &["excepté"],
        &["à", "l", "exception"],
        &["en", "dehors"],
        &["autre", "que"],
        &["autres", "que"],
    ],
    conditions: &[
        &["si"],
        &["lorsque"],
        &["sans", "votre"],
        &["après"],
        &["avant"],
    ],
    purposes: &["pour", "afin", "à", "destinés", "qui"],
    tracking: &[
        "publicit*",
        "suivre",
        "suivi",
        "traç*",
        "profil*",
        "cibl*",
        "marketing",
    ],
    only: &["uniquement", "seulement", "exclusivement", "que"],
};

/// What a clause says of a thing.
pub(super) fn said(clause: &[Word], object: Object, language: Language) -> Option<Said> {
    let lexicon = match language {
        Language::German => &GERMAN,
        Language::French => &FRENCH,
        Language::English => return super::english::said(clause, object),
    };
    let left = clause.get(..object.at)?;
    let right = clause.get(object.end..)?;
    if starts_with(right, lexicon.defines).is_some() {
        return None;
    }
    let any = |words: &[Word], list: &[&str]| words.iter().any(|word| word.is(list));
    let denial = clause
        .iter()
        .position(|word| word.is(lexicon.denials))
        .or_else(|| no_longer(clause, language));
    let uses = any(clause, lexicon.uses);
    if !uses {
        // `Keine Cookies.`, `Pas de cookies, pas de publicité.`
        let bare = denial.is_some_and(|denial| denial < object.at && object.at - denial <= 2)
            && clause.len() <= 14;
        return (bare && !any(clause, lexicon.handles)).then_some(Said {
            polarity: Polarity::No,
            hedged: false,
            by: Subject::Own,
            limit: Limit::None,
            only: false,
        });
    }
    if any(clause, lexicon.handles)
        || !any(clause, lexicon.own) && !any(clause, lexicon.third) && language == Language::French
    {
        return None;
    }
    let own = any(clause, lexicon.own);
    let by = if !any(left, &["wir", "nous", "ich"])
        && any(left, lexicon.third)
        && !any(right, &["wir", "nous"])
    {
        Subject::Third
    } else if own || denial.is_some() {
        Subject::Own
    } else {
        return None;
    };
    // A denial after the thing and a purpose denies the purpose.
    let exception = lexicon
        .excepts
        .iter()
        .find_map(|words| super::words::find(right, 0, &[*words]));
    let purpose = right.iter().position(|word| word.is(lexicon.purposes));
    let denied = !has(clause, lexicon.not_only)
        && denial.is_some_and(|denial| {
            denial < object.at || exception.is_none_or(|(at, _)| denial < object.end + at)
        })
        && !(language == Language::French && has(clause, &[&["sans", "que"]]));
    let conditional = has(clause, lexicon.conditions);
    if denied && conditional {
        return None;
    }
    let limit = match (denied, exception, purpose) {
        (true, Some((_, after)), _) => Limit::Except(object.end + after),
        (true, None, Some(purpose)) => {
            let tail = right.get(purpose..).unwrap_or_default();
            let ends_so = tail.first().is_some_and(|word| word.is(&["zum"]))
                && tail.get(1).is_some_and(|word| word.is(&["einsatz"]));
            if ends_so {
                Limit::None
            } else if any(tail, lexicon.tracking) {
                Limit::Tracking
            } else {
                Limit::Purpose
            }
        }
        _ => Limit::None,
    };
    let excepted = matches!(limit, Limit::Except(_));
    Some(Said {
        polarity: if denied && !excepted {
            Polarity::No
        } else {
            Polarity::Yes
        },
        hedged: conditional || any(clause, lexicon.hedges),
        by,
        limit,
        only: any(left, lexicon.only) && !denied,
    })
}

/// `nous n'utilisons plus`: where it stands that something has ended.
fn no_longer(clause: &[Word], language: Language) -> Option<usize> {
    let plus = clause.iter().position(|word| word.text == "plus")?;
    let before = clause.get(plus.saturating_sub(4)..plus)?;
    let denies = language == Language::French && before.iter().any(|word| word.is(&["n", "ne"]));
    denies.then_some(plus)
}

/// Whether a sentence speaks of what might be or once was.
pub(super) fn is_no_claim(words: &[Word]) -> bool {
    has(
        words,
        &[
            &["würde*"],
            &["früher"],
            &["in", "zukunft"],
            &["künftig"],
            &["viele", "websites"],
            &["die", "meisten"],
            &["auparavant"],
            &["à", "l", "avenir"],
            &["la", "plupart", "des", "sites"],
        ],
    ) || supposes(words)
}

/// `Si nous utilisions des cookies, nous le dirions`: the moods of what is only supposed.
fn supposes(words: &[Word]) -> bool {
    const MOODS: [&str; 4] = ["rions", "rait", "raient", "rais"];
    let conditional = words.iter().any(|word| {
        word.text.chars().count() > 5 && MOODS.iter().any(|mood| word.text.ends_with(mood))
    });
    let opens = starts_with(words, &[&["si"]]).is_some();
    let imperfect = words.windows(2).any(|pair| match pair {
        [nous, verb] => nous.text == "nous" && verb.text.ends_with("ions"),
        _ => false,
    });
    conditional || (opens && imperfect)
}
