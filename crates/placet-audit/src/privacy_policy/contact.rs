//! Whom a text names to ask, how it lets visitors opt out, when it was changed last, and on which
//! ground it stands.

use super::address::{emails, phone};
use super::calendar::date;
use super::claim::{Contact, Date, LegalBasis, OptOut};
use super::language::Language;
use super::words::{DO_NOT_SELL, Word, find, has};

/// Whom one sentence names.
pub(super) fn contacts(text: &str, words: &[Word]) -> Vec<Contact> {
    let mut found: Vec<Contact> = emails(text, words)
        .into_iter()
        .map(Contact::Email)
        .collect();
    let invites = has(
        words,
        &[
            &["contact"],
            &["reach"],
            &["call"],
            &["write"],
            &["question*"],
            &["request*"],
            &["exercise"],
            &["concern*"],
            &["complain*"],
            &["kontakt*"],
            &["wenden"],
            &["contacter"],
            &["écri*"],
            &["tel"],
            &["phone"],
            &["telefon"],
        ],
    );
    if let Some(number) = phone(text).filter(|_| invites) {
        found.push(Contact::Phone(number));
    }
    let officer = has(
        words,
        &[
            &["data", "protection", "officer"],
            &["dpo"],
            &["privacy", "officer"],
            &["datenschutzbeauftragte*"],
            &["délégué", "à", "la", "protection"],
            &["déléguée", "à", "la", "protection"],
        ],
    );
    let none = has(
        words,
        &[
            &["not", "required"],
            &["not", "appointed"],
            &["no", "data", "protection", "officer"],
            &["keinen", "datenschutzbeauftragten"],
            &["nicht", "verpflichtet"],
            &["have", "not"],
        ],
    );
    if officer && !none {
        found.push(Contact::Officer);
    }
    if invites {
        let form = has(
            words,
            &[
                &["contact", "form"],
                &["web", "form"],
                &["webform"],
                &["online", "form"],
                &["request", "form"],
                &["kontaktformular"],
                &["formulaire", "de", "contact"],
                &["contact", "page"],
                &["use", "the", "form"],
                &["use", "this", "form"],
                &["use", "our", "form"],
                &["privacy", "form"],
                &["fill", "in", "the", "form"],
            ],
        );
        let asks = has(
            words,
            &[
                &["contact", "us"],
                &["reach", "us"],
                &["through", "our"],
                &["via", "our"],
                &["using", "our"],
                &["through", "the"],
                &["via", "the"],
                &["using", "the"],
                &["über", "unser*"],
                &["use", "our"],
                &["use", "the"],
                &["via", "notre"],
                &["submit"],
            ],
        );
        if form
            && asks
            && !has(
                words,
                &[
                    &["when", "you"],
                    &["if", "you", "use"],
                    &["if", "you", "fill"],
                    &["wenn", "sie"],
                ],
            )
        {
            found.push(Contact::Form);
        }
        if has(
            words,
            &[
                &["by", "mail", "at"],
                &["by", "post"],
                &["write", "to", "us", "at"],
                &["postal", "mail"],
                &["mailing", "address"],
                &["postal", "address"],
                &["per", "post"],
                &["par", "courrier"],
                &["by", "mail"],
                &["by", "regular", "mail"],
            ],
        ) {
            found.push(Contact::Post);
        }
    }
    found
}

/// The ways to opt out that one sentence offers.
pub(super) fn opt_outs(text: &str, words: &[Word], heading: &[Word]) -> Vec<OptOut> {
    const OPTS: &[&[&str]] = &[
        &["opt", "out"],
        &["opting", "out"],
        &["opt", "outs"],
        &["optout"],
        &["unsubscribe*"],
        &["withdraw*", "your", "consent"],
        &["withdraw", "consent"],
        &["revoke"],
        &["change", "your", "mind"],
        &["change", "your", "choice*"],
        &["change", "your", "cookie"],
        &["manage", "your", "cookie*"],
        &["manage", "cookie*"],
        &["manage", "your", "preferences"],
        &["change", "your", "preferences"],
        &["your", "privacy", "choices"],
        &[DO_NOT_SELL],
        &["your", "cookie", "preferences"],
        &["widersprechen"],
        &["widerspruch"],
        &["widerrufen"],
        &["abmelden"],
        &["opposer"],
        &["désinscri*"],
        &["désabonn*"],
        &["retirer", "votre", "consentement"],
    ];
    const REFUSES: &[&[&str]] = &[
        &["disable*"],
        &["refuse*"],
        &["reject*"],
        &["block*"],
        &["delete*"],
        &["deactivat*"],
        &["turn", "off"],
        &["prevent*"],
        &["decline*"],
        &["remove"],
        &["control"],
        &["clear"],
        &["deaktivier*"],
        &["verhindern"],
        &["löschen"],
        &["ablehnen"],
        &["unterbinden"],
        &["refuser"],
        &["désactiver"],
        &["bloquer"],
        &["supprimer"],
        &["disabling"],
        &["opt", "out"],
        &["stop"],
        &["not", "to", "accept"],
        &["reject"],
        &["warn*"],
        &["manag*"],
        &["not", "to", "receive"],
        &["einstellen"],
    ];
    const THINGS: &[&[&str]] = &[
        &["cookie"],
        &["cookies"],
        &["tracking"],
        &["analytics"],
        &["ads"],
        &["advertising"],
        &["beacons"],
        &["collection"],
        &["targeted"],
        &["email*"],
        &["newsletter*"],
        &["messages"],
        &["sale"],
        &["communications"],
    ];
    // `cookies are deleted when you close your browser`: nobody is told to.
    let happens = find(words, 0, REFUSES)
        .and_then(|(at, _)| words.get(at.checked_sub(1)?))
        .is_some_and(|word| word.is(&["are", "is", "automatically", "will"]));
    let opts = has(words, OPTS)
        || (has(heading, OPTS) && has(words, &[&["link"], &["click*"], &["visit*"]]));
    let refuses = !happens && has(words, REFUSES) && has(words, THINGS);
    let mut found = Vec::new();
    // Somebody is told what to do; a text that speaks of opting out offers nothing.
    let tells = words.iter().any(|word| {
        word.is(&[
            "you",
            "your",
            "please",
            "click*",
            "visit*",
            "use",
            "here",
            "contact*",
            "email*",
            "call",
            "follow*",
            "go",
            "send*",
            "write",
            "see",
            "install*",
            "download*",
            "sie",
            "ihr*",
            "vous",
            "votre",
            "klick*",
            "can",
            "may",
            "möglich",
            "link:",
            "via",
        ]) || word.text.contains("://")
    });
    if !tells {
        return found;
    }
    if !opts && !refuses
        || has(
            words,
            &[
                &["can", "not", "opt"],
                &["not", "opt", "out", "of"],
                &["may", "not", "be", "able", "to", "opt"],
            ],
        )
    {
        return found;
    }
    let denied = has(
        words,
        &[
            &["not", "unsubscribe"],
            &["not", "disable"],
            &["we", "block*"],
            &["we", "delete*"],
            &["we", "remove"],
        ],
    );
    if denied {
        return found;
    }
    let address = words
        .iter()
        .any(|word| word.text.contains("://") || word.text.starts_with("www."));
    let add_on = has(
        words,
        &[
            &["add", "on"],
            &["add", "ons"],
            &["addon*"],
            &["plug", "in"],
            &["plugin"],
            &["browser", "extension*"],
            &["extension"],
            &["module", "complémentaire"],
        ],
    );
    if add_on
        && has(
            words,
            &[&["browser*"], &["install*"], &["download*"], &["opt"]],
        )
    {
        found.push(OptOut::BrowserAddOn);
    }
    let browser = has(
        words,
        &[&["browser*"], &["browsereinstellung*"], &["navigateur*"]],
    );
    if refuses
        && browser
        && !add_on
        && has(
            words,
            &[
                &["setting*"],
                &["set"],
                &["configure*"],
                &["your", "browser*"],
                &["options"],
                &["preferences"],
                &["einstell*"],
                &["ihr*", "browser*"],
                &["votre", "navigateur"],
                &["browsereinstellung*"],
                &["paramètr*"],
                &["browser", "s"],
                &["browsers"],
                &["their", "browser*"],
                &["you"],
            ],
        )
    {
        found.push(OptOut::BrowserSetting);
    }
    let links = has(
        words,
        &[
            &["click*"],
            &["link"],
            &["links"],
            &["here"],
            &["visit*"],
            &["lien"],
            &["klick*"],
            &[DO_NOT_SELL],
            &["opt", "out", "page"],
        ],
    );
    let leads_to_add_on = add_on && !has(words, &[&["link"]]);
    if opts && (address || links) && !leads_to_add_on {
        found.push(OptOut::Link);
    }
    if opts
        && (!emails(text, words).is_empty()
            || has(
                words,
                &[
                    &["email*", "us"],
                    &["by", "email*"],
                    &["emailing", "us"],
                    &["send", "an", "email*"],
                    &["per", "email*"],
                    &["an", "email"],
                    &["contact", "us"],
                ],
            ))
        && !has(words, &[&["email", "you"]])
    {
        found.push(OptOut::Email);
    }
    if (opts || refuses)
        && !found.contains(&OptOut::BrowserSetting)
        && has(
            words,
            &[
                &["cookie", "setting*"],
                &["cookie", "preference*"],
                &["cookie", "banner"],
                &["privacy", "setting*"],
                &["preference", "cent*"],
                &["consent", "tool"],
                &["consent", "manager"],
                &["account", "setting*"],
                &["cookie", "control*"],
                &["cookieeinstellung*"],
                &["cookie", "einstellung*"],
                &["in", "the", "settings"],
                &["privacy", "preference*"],
                &["paramètres", "des", "cookies"],
                &["gestion", "des", "cookies"],
                &["cookie", "manager"],
                &["consent", "banner"],
                &["cookie", "consent"],
                &["app", "setting*"],
                &["our", "banner"],
                &["your", "preferences"],
                &["in", "settings"],
                &["banner"],
            ],
        )
    {
        found.push(OptOut::Setting);
    }
    if opts && phone(text).is_some() {
        found.push(OptOut::Phone);
    }
    found
}

/// When the text says that it was changed last.
pub(super) fn last_update(words: &[Word], language: Language) -> Option<Date> {
    const MARKS: &[&[&str]] = &[
        &["last", "updated"],
        &["last", "update"],
        &["last", "modified"],
        &["last", "revised"],
        &["last", "changed"],
        &["last", "reviewed"],
        &["updated", "on"],
        &["updated", ":"],
        &["effective", "date"],
        &["effective", "as", "of"],
        &["effective", ":"],
        &["effective", "on"],
        &["effective", "from"],
        &["is", "effective"],
        &["revised", "on"],
        &["revised", ":"],
        &["date", "of", "last"],
        &["version", "of"],
        &["as", "of"],
        &["in", "effect"],
        &["last", "amended"],
        &["became", "effective"],
        &["revision", ":"],
        &["last", "edited"],
        &["last", "change"],
        &["last", "changes"],
        &["version", "dates"],
        &["updated"],
        &["effective"],
        &["date", ":"],
        &["revised"],
        &["version"],
        &["stand"],
        &["letzte", "aktualisierung"],
        &["zuletzt", "aktualisiert"],
        &["zuletzt", "geändert"],
        &["letzte", "änderung"],
        &["gültig", "ab"],
        &["gültig", "seit"],
        &["dernière", "mise", "à", "jour"],
        &["mis", "à", "jour"],
        &["mise", "à", "jour"],
        &["en", "vigueur"],
        &["dernière", "modification"],
    ];
    let (_, after) = find(words, 0, MARKS)?;
    let rest = words.get(after..)?;
    date(rest.get(..rest.len().min(14)).unwrap_or(rest), language)
}

/// The grounds of the GDPR that one sentence names as such.
pub(super) fn legal_bases(words: &[Word]) -> Vec<LegalBasis> {
    const NAMED: &[(LegalBasis, &[&[&str]])] = &[
        (
            LegalBasis::Consent,
            &[
                &["your", "consent"],
                &["consent"],
                &["einwilligung"],
                &["consentement"],
                &["lit", ".", "a"],
                &["6(1)(a)"],
            ],
        ),
        (
            LegalBasis::Contract,
            &[
                &["performance", "of", "a", "contract"],
                &["performance", "of", "the", "contract"],
                &["contractual"],
                &["erfüllung", "eines", "vertrag*"],
                &["vertragserfüllung"],
                &["exécution", "d", "un", "contrat"],
                &["exécution", "du", "contrat"],
                &["fulfil*", "a", "contract"],
                &["perform", "a", "contract"],
                &["contract", "with", "you"],
                &["a", "contract"],
            ],
        ),
        (
            LegalBasis::LegalObligation,
            &[
                &["legal", "obligation*"],
                &["rechtliche*", "verpflichtung*"],
                &["obligation", "légale"],
                &["obligations", "légales"],
            ],
        ),
        (
            LegalBasis::LegitimateInterest,
            &[
                &["legitimate", "interest*"],
                &["berechtigte*", "interesse*"],
                &["intérêt", "légitime"],
                &["intérêts", "légitimes"],
                &["legitimate", "business", "interest*"],
            ],
        ),
    ];
    let as_ground = has(
        words,
        &[
            &["basis"],
            &["bases"],
            &["lawful*"],
            &["article", "6"],
            &["art", ".", "6"],
            &["art", "6"],
            &["ground", "for"],
            &["grounds"],
            &["rely", "on"],
            &["rechtsgrundlage*"],
            &["grundlage"],
            &["base", "légale"],
            &["bases", "légales"],
            &["fondement"],
            &["basierend"],
            &["based", "on"],
            &["article", "6.1"],
        ],
    );
    // `withdraw your consent` and `without consent` name a right.
    let right = has(
        words,
        &[
            &["withdraw*"],
            &["right", "to"],
            &["without", "your", "consent"],
            &["widerruf*"],
            &["retirer"],
            &["object", "to"],
            &["not", "rely"],
            &["not", "based"],
            &["automated"],
        ],
    );
    if !as_ground || right {
        return Vec::new();
    }
    NAMED
        .iter()
        .filter(|(_, names)| has(words, names))
        .map(|(basis, _)| *basis)
        .collect()
}
