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
