//! `placet explain`: what is known of a name.

use crate::harness::Dir;

#[test]
fn a_known_cookie_is_explained_with_source_and_certainty() {
    let run = Dir::new().placet(&["explain", "_ga"]).ended(0);
    assert!(
        run.stdout.contains("Google Analytics (analytics)"),
        "{}",
        run.stdout
    );
    assert!(run.stdout.contains("curated"));
    let json = Dir::new()
        .placet(&["explain", "_ga", "--format", "json"])
        .ended(0)
        .json();
    assert_eq!(json["service"], "google-analytics");
    assert_eq!(json["category"], "analytics");
    assert_eq!(json["source"], "curated");
    assert_eq!(json["certainty"], "certain");
}

#[test]
fn a_name_nobody_knows_could_not_be_verified() {
    let run = Dir::new().placet(&["explain", "zzyzx_unheard_of"]).ended(2);
    assert!(run.stdout.contains("nobody knows it"));
    let run = Dir::new().placet(&["explain", "zzyzx\u{1b}[31m"]).ended(2);
    assert!(!run.stdout.contains('\u{1b}'));
}

#[test]
fn a_users_catalogue_wins_in_every_form() {
    let dir = Dir::new()
        .with(
            "ours.json",
            r#"{"id": "our-shop", "name": "Our shop", "vendor": "Ourselves", "category": "necessary",
                "cookies": [{"name": "_ga", "purpose": "Ours."}]}"#,
        )
        .with(
            "tcf.json",
            r#"{"disclosures": [{"identifier": "_ga", "type": "cookie", "maxAgeSeconds": 60, "purposes": [1, 7]}]}"#,
        )
        .with(
            "ocd.csv",
            "ID,Platform,Category,Cookie / Data Key name,Domain,Description,Retention period,Data Controller,User Privacy & GDPR Rights Portals,Wildcard match\n\
             1,Theirs,Marketing,_ga,,x,1 day,Theirs,,0\n",
        )
        .with("broken.json", "{\"id\": 1}");
    for (file, category) in [
        ("ours.json", "necessary"),
        ("tcf.json", "marketing"),
        ("ocd.csv", "marketing"),
    ] {
        let arguments = ["explain", "_ga", "--catalog", file, "--format", "json"];
        let answer = dir.placet(&arguments).ended(0).json();
        assert_eq!(
            (answer["category"].as_str(), answer["source"].as_str()),
            (Some(category), Some(file))
        );
    }
    let run = dir
        .placet(&["explain", "_ga", "--catalog", "broken.json"])
        .ended(3);
    assert!(run.stderr.contains("broken.json"), "{}", run.stderr);
}

#[test]
fn a_consent_string_is_decoded_for_people_and_programs() {
    let tc = "CQtAQoAQtAQoAEsABAENB4FgAPIAAAAAAAYgAKgAACAAAAAA.IF5wAgAKgLzA";
    let dir = Dir::new();
    let run = dir.placet(&["explain", "--consent-string", tc]).ended(0);
    for line in [
        "TC string, policy version 5",
        "  made                 2026-11-01T00:00:00Z",
        "  consent tool         300, version 1, screen 0, in EN",
        "  consent to            1 store and read on the device",
        "  legitimate interest  nothing",
        "  vendors              1 with consent, 0 by legitimate interest, 2 disclosed",
    ] {
        assert!(
            run.stdout.lines().any(|told| told == line),
            "{line}: {}",
            run.stdout
        );
    }
    let arguments = ["explain", "--consent-string", "-", "--format", "json"];
    let json = dir
        .placet_reading(&arguments, b"DBABzw~1YYN~CSIAYmlIEhiU.YA\n")
        .ended(0)
        .json();
    assert_eq!(json["kind"], "gpp");
    assert_eq!(json["sections"][0]["content"]["opt_out_sale"], true);
    assert_eq!(json["sections"][1]["name"], "usnat");
    assert_eq!(json["sections"][1]["content"]["gpc"], true);
}

#[test]
fn a_consent_string_that_cannot_be_read_is_a_finding() {
    let dir = Dir::new();
    let run = dir.placet(&["explain", "--consent-string", "1yn"]).ended(1);
    assert!(
        run.stdout
            .starts_with("not a consent string: found no US Privacy string"),
        "{run:?}"
    );
    let run = dir
        .placet(&["explain", "--consent-string", "DBACNYA~CPX~1YNN"])
        .ended(1);
    assert!(
        run.stdout.contains("cannot be read") && run.stdout.contains("did not opt out"),
        "{run:?}"
    );
    dir.placet(&["explain"]).ended(3);
    dir.placet(&["explain", "_ga", "--consent-string", "1YNN"])
        .ended(3);
}
