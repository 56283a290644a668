//! The passes of a live audit in every report.

use std::collections::BTreeSet;

use placet::Reason;
use placet_audit::report::{Format, Options};
use placet_audit::{
    Audit, BannerControl, Evidence, Press, Rectangle, Stage, Stage::Undecided, Survey, Tally,
    VisitedPage, Where, leave_values_out,
};
use placet_catalog::Catalog;
use serde_json::Value;

use crate::fixture::{assumptions, bytes, empty_policy, options, shop_policy, text};
use crate::github::assert_lines;
use crate::html::elements;
use crate::live::{STORED, banner, contact, control, live, written};

#[test]
fn the_text_report_lays_the_passes_side_by_side_in_100_columns() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let report = text(Format::Text, &live(&assumed), &options());
    let passes = report
        .split("\n\n")
        .find(|part| part.starts_with("Passes\n"));
    let expected = "Passes
                          fresh  refused  gpc  accepted*
  pages seen                  2        3    2          2
  controls pressed            0        1    0          0
  cookies kept                1        1    1          1
  that are not necessary      1        1    1          1
  storage keys kept           1        1    1          1
  hosts of others called      2        1    1          1
  trackers called             2        1    1          1
  * could not be verified; see the last line
  Fresh: Before any choice, both trackers were called (Google Ads and Google Analytics), and the one
    cookie that is not necessary was there.
  Refused: After refusing, 1 of 2 trackers was still called (Google Analytics), and the one cookie
    that is not necessary was there.
  GPC: Under Global Privacy Control, 1 of 2 trackers was still called (Google Analytics), and the
    one cookie that is not necessary was there. It stopped Google Ads, which the fresh pass called.
  Accepted: Could not be told: could not accept: no banner appeared.";
    assert_eq!(passes, Some(expected), "{report}");
    let widest = expected.lines().map(|line| line.chars().count()).max();
    assert!(widest <= Some(100), "{widest:?}");
}

#[test]
fn findings_of_one_key_in_several_passes_name_it_once() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let report = text(Format::Text, &live(&assumed), &options());
    let line = "Stored in the browser without consent: _hjSession_1 (3 findings) \
        (fresh, page 1; also in refused and gpc)";
    assert!(report.contains(line), "{report}");
}

#[test]
fn the_page_shows_every_pass_with_its_pictures_and_what_is_held_against_it() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let page = text(Format::Html, &live(&assumed), &options());
    let elements = elements(&page);
    elements.assert_ours();
    for part in [
        ">The passes side by side</h2>",
        ">Cookies in each pass</h2>",
        ">Storage in each pass</h2>",
        ">Hosts called in each pass</h2>",
        ">Reads that fingerprints are made of</h2>",
        "set by the script https://www.google-analytics.com/analytics.js?id=…:1:20",
        "blocked: InvalidPrefix",
        "The control to refuse is 40\u{202f}% as large as the one to accept.",
        "Its text is in \u{201c}de\u{201d}, the page declares \u{201c}en\u{201d}.",
        "1 of 1 switch beyond what is necessary is on before anybody touched it.",
        "Shown in Fresh, Refused and Accepted; not in GPC.",
        "could not accept: no banner appeared",
    ] {
        assert!(page.contains(part), "{part}\nis not in\n{page}");
    }
    let rows: Vec<_> = page
        .split("<tr>")
        .filter(|row| row.starts_with("<th scope=\"row\"><code dir=\"ltr\">_hjSession_1<"))
        .collect();
    assert_eq!(rows.len(), 1, "a key has one row");
    for (cell, why) in [
        ("kept", "before any choice"),
        ("set after", "although refused"),
        ("kept", "under Global"),
    ] {
        let against = format!(
            "<span class=\"against\">{cell} <span aria-hidden=\"true\">\u{2715}</span><span class=\"unseen\">{why}"
        );
        assert!(
            rows[0].contains(&against),
            "{against}\nis not in\n{}",
            rows[0]
        );
    }
}

#[test]
fn a_banner_without_refusal_on_it_is_not_said_to_have_none_where_refusing_was_done() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    for (refuses, says) in [
        (true, "None of its controls refuses by itself."),
        (
            false,
            "No control to refuse was found on any layer that was seen.",
        ),
    ] {
        let mut audit = live(&assumed);
        for visit in &mut audit.visits {
            let banner = visit.banner.iter_mut();
            banner.for_each(|b| b.controls.retain(|c| c.kind != "refuse"));
            if !refuses {
                visit.presses.clear();
            }
        }
        let page = text(Format::Html, &audit, &options());
        assert!(page.contains(says), "{says}\nis not in\n{page}");
    }
}

#[test]
fn a_finding_shows_what_it_is_about_once_however_often_it_was_found() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let page = text(Format::Html, &live(&assumed), &options());
    let of_rule = page
        .split("<article")
        .find(|article| article.contains(STORED.id));
    let shown = "alt=\"What was found, cut out of the page\"";
    assert_eq!(of_rule.unwrap().matches(shown).count(), 1);
    assert_eq!(page.matches(shown).count(), 1, "no other rule has it");
}

#[test]
fn the_order_of_findings_points_to_the_page_they_were_seen_on() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let report: Value =
        serde_json::from_slice(&bytes(Format::Sarif, &live(&assumed), &options())).unwrap();
    let results = report["runs"][0]["results"].as_array().unwrap();
    let of_rule = results
        .iter()
        .filter(|result| result["ruleId"] == STORED.id);
    let places: Vec<_> = of_rule
        .map(|result| {
            let place = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
            let properties = &result["properties"];
            [place, &properties["pass"], &properties["page_url"]]
                .map(|v| v.as_str().unwrap_or("").to_owned())
        })
        .collect();
    let home = ["www.shop.example", "fresh", "https://www.shop.example/"];
    let pricing = [
        "www.shop.example/pricing",
        "refused",
        "https://www.shop.example/pricing?a=…",
    ];
    assert_eq!(places[0], home);
    assert_eq!(places[1], pricing);
    let told = &report["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert!(
        told["message"]["text"]
            .as_str()
            .unwrap()
            .contains("accepted: could not accept")
    );
    assert_eq!(told["locations"], Value::Null, "a pass lies in no file");
    let junit = text(Format::Junit, &live(&assumed), &options());
    assert!(
        junit.contains("(refused, page 3, https://www.shop.example/pricing?a=…)"),
        "{junit}"
    );
}

#[test]
fn pictures_are_in_the_page_alone() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = live(&assumed);
    for format in Format::ALL {
        let report = text(format, &audit, &options());
        let has_pictures = report.contains("iVBORw0KGgo");
        assert_eq!(has_pictures, format == Format::Html, "{}", format.name());
    }
}

#[test]
fn presses_are_counted_where_each_was_one_of_a_visitor() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    for (sure, expected) in [
        (Some(0.93), "Refusing takes 1 press, accepting 1."),
        (
            None,
            "Accepting takes 1 press; how many refusing takes could not be told.",
        ),
    ] {
        let mut audit = live(&assumed);
        for (visit, sure) in audit.visits.iter_mut().zip([Some(1.0), sure]) {
            let kind = if visit.name == "refused" {
                "refuse"
            } else {
                "accept"
            };
            visit.stages.resize(2, visit.stages[0]);
            visit.presses = vec![Press {
                name: "button".to_owned(),
                kind: kind.to_owned(),
                sure,
                picture: None,
            }];
        }
        let page = text(Format::Html, &audit, &options());
        assert!(page.contains(expected), "{expected}");
    }
}

#[test]
fn a_site_that_names_ten_thousand_things_in_markup_makes_a_page_that_opens() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = live(&assumed);
    let hostile = "</script><img src=x onerror=alert(1)>\u{202e}\u{1b}[2J\"'".repeat(40);
    audit.visits.truncate(2);
    for visit in &mut audit.visits {
        visit.did.clone_from(&hostile);
        visit.presses = vec![
            Press {
                name: hostile.clone(),
                kind: hostile.clone(),
                sure: Some(f64::NAN),
                picture: Some(hostile.clone().into_bytes())
            };
            300
        ];
        visit.pages = vec![
            VisitedPage {
                url: hostile.clone(),
                status: 500,
                title: hostile.clone(),
                remarks: vec![hostile.clone(); 50],
                blocked: Some(hostile.clone()),
            };
            300
        ];
        let mut banner = banner();
        banner.text = hostile.repeat(100);
        banner.language = Some("\"><script>".to_owned());
        banner.window = (f64::INFINITY, f64::NAN);
        banner.controls = vec![
            BannerControl {
                at: Rectangle {
                    x: f64::NAN,
                    y: -1e300,
                    width: f64::INFINITY,
                    height: f64::NAN
                },
                font_size: f64::NAN,
                ..control(&hostile, "accept", 1e300, f64::NAN)
            };
            200
        ];
        visit.banner = Some(banner);
        let tag = "<img src=x onerror=alert(1)>\u{202e}";
        for number in 0..10_000 {
            let host = contact(
                &format!("{number}{tag}"),
                "marketing",
                &[(Undecided, 1)],
                &[],
            );
            visit.contacts.insert(format!("h{number}{tag}"), host);
        }
        for number in 0..3_000 {
            let cookie = written(&[Undecided], &[Undecided], &[(Undecided, Reason::Regime)]);
            visit.storage.insert(
                (tag.to_owned(), tag.to_owned(), format!("{number}{tag}")),
                cookie.clone(),
            );
            visit
                .cookies
                .insert((format!("h{number}{tag}"), tag.to_owned()), cookie);
            visit
                .reads
                .insert((format!("{number}{tag}"), tag.to_owned()), BTreeSet::new());
        }
    }
    let page = text(Format::Html, &audit, &options());
    elements(&page).assert_ours();
    assert!(page.len() < 4_000_000, "{} bytes", page.len());
    let acting = page.chars().find(|c| c.is_control() && *c != '\n');
    assert_eq!(acting, None);
    let report = text(Format::Text, &audit, &options());
    assert!(report.chars().all(|c| c == '\n' || !c.is_control()));
}

#[test]
fn no_report_shows_a_value_of_an_address() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = live(&assumed);
    let page = |query: &str| VisitedPage {
        url: format!("https://ann:pass@www.shop.example/search?q={query}&page=2#{query}"),
        status: 200,
        ..VisitedPage::default()
    };
    for visit in &mut audit.visits {
        visit.pages = vec![page("ann%40example.org"), page("token-7f3a")];
        visit.reads = [("one", "canvas"), ("two", "canvas")]
            .map(|(value, kind)| {
                let script = format!("https://cdn.example/read.js?key={value}-secret");
                (
                    (script, kind.to_owned()),
                    BTreeSet::from([value.to_owned()]),
                )
            })
            .into();
        for contact in visit.contacts.values_mut() {
            contact.initiator = "https://www.shop.example/?token=in-secret".to_owned();
        }
    }
    leave_values_out(&mut audit.visits);
    for format in Format::ALL {
        let report = text(format, &audit, &options());
        for value in ["ann%40", "ann@", "pass@", "token-7f3a", "secret", "SECRET"] {
            assert!(!report.contains(value), "{}: {value}", format.name());
        }
    }
    let json: Value = serde_json::from_slice(&bytes(Format::Json, &audit, &options())).unwrap();
    for visit in json["visits"].as_array().unwrap() {
        let urls: Vec<_> = visit["pages"]
            .as_array()
            .unwrap()
            .iter()
            .map(|page| page["url"].as_str().unwrap())
            .collect();
        let shown = "https://www.shop.example/search?q=…&page=…#…";
        assert_eq!(
            urls,
            [shown.to_owned(), format!("{shown}~2")],
            "in every pass the same"
        );
        let reads = visit["reads"].as_array().unwrap();
        assert_eq!(reads.len(), 1, "two addresses of one script");
        assert_eq!(reads[0]["functions"].as_array().unwrap().len(), 2);
    }
    let page = text(Format::Html, &audit, &options());
    assert!(page.contains("told apart by ~2"), "{page}");
}

#[test]
fn what_several_passes_show_is_one_finding_that_names_them_all() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = live(&assumed);
    let seen = |file| Tally {
        count: 2,
        first: Where {
            file,
            ..Where::default()
        },
    };
    audit
        .findings
        .retain(|finding| finding.rule.id == STORED.id);
    audit.findings.truncate(1);
    audit.findings[0].recordings = vec![seen(0), seen(2), seen(3)];
    audit.findings[0].count = 6;
    let says = "was there before the visitor chose (in fresh, gpc and accepted)";
    for format in Format::ALL {
        let report = text(format, &audit, &options());
        let plain = report.replace("<code>", "`").replace("</code>", "`");
        assert!(plain.contains(says), "{}: {plain}", format.name());
    }
    let report = text(Format::Text, &audit, &options());
    let line = "_hjSession_1 (fresh, page 1, 6 times; also in gpc and accepted)";
    assert!(report.contains(line), "{report}");
    let json: Value = serde_json::from_slice(&bytes(Format::Json, &audit, &options())).unwrap();
    let recordings = json["findings"][0]["recordings"].as_array().unwrap();
    let files: Vec<_> = recordings
        .iter()
        .map(|seen| (&seen["file"], &seen["count"]))
        .collect();
    assert_eq!(
        files,
        [("fresh", 2), ("gpc", 2), ("accepted", 2)]
            .map(|(a, b)| (Value::from(a), Value::from(b)))
            .iter()
            .map(|(a, b)| (a, b))
            .collect::<Vec<_>>()
    );
}

#[test]
fn what_no_visitor_could_try_is_said() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let mut audit = live(&assumed);
    audit.findings.clear();
    audit.recordings[3].coverage.unverified = None;
    for visit in &mut audit.visits {
        visit.stages = vec![Undecided];
        visit.presses.clear();
        visit.banner = None;
    }
    let report = text(Format::Text, &audit, &options());
    for line in [
        "  Refused: No banner appeared, so refusing was not tried.\n",
        "  Accepted: No banner appeared, so accepting was not tried.\n",
        "\nclean; no banner appeared, so refusing and accepting were not tried\n",
    ] {
        assert!(report.contains(line), "{line}: {report}");
    }
    let page = text(Format::Html, &audit, &options());
    assert!(page.contains("<p>No banner appeared, so refusing and accepting were not tried.</p>"));
    // One that was pressed in one pass is there.
    audit.visits[1].stages.push(Stage::Refused);
    let report = text(Format::Text, &audit, &options());
    assert!(report.ends_with("\nclean\n"), "{report}");
}

#[test]
fn what_was_seen_on_a_site_is_annotated_without_a_file() {
    let policy = empty_policy();
    let assumed = assumptions(&policy);
    let audit = live(&assumed);
    let report = text(Format::Github, &audit, &options());
    assert_lines(&report);
    assert!(!report.contains("file="), "{report}");
    let place = "was there before the visitor chose (fresh, page 1). Write";
    assert!(report.contains(place), "{report}");
    assert!(
        report.contains("::error title=Stored in the browser without consent::"),
        "{report}"
    );
    assert!(
        report.contains("::error title=Could not verify::accepted: could not accept"),
        "{report}"
    );
}

#[test]
fn what_concerns_a_declaration_points_to_the_policy() {
    let policy = shop_policy();
    let assumed = assumptions(&policy);
    let mut audit = live(&assumed);
    let evidence = std::mem::replace(
        &mut audit.evidence,
        Evidence::new(&assumed, true, Catalog::builtin(), Survey::new(&assumed, 0)),
    );
    let evidence = Evidence::new(&assumed, true, Catalog::builtin(), evidence.survey);
    let mut judged = Audit::new(audit.recordings, evidence);
    judged.visits = audit.visits;
    let report = text(
        Format::Github,
        &judged,
        &Options {
            policy: Some("privacy/placet.json".to_owned()),
            ..options()
        },
    );
    assert_lines(&report);
    let of_policy = "::error file=privacy/placet.json,line=1,title=Undeclared by the policy";
    assert!(report.contains(of_policy), "{report}");
    let without = text(Format::Github, &judged, &options());
    assert!(!without.contains("file="), "{without}");
}
