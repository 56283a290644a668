//! Whatever a recording holds, each report can be read by its reader and holds nothing that acts.

use placet_audit::report::{Format, Options};
use proptest::prelude::*;

use crate::fixture::{assumptions, audit, bytes, empty_policy, options, recording};
use crate::github;
use crate::html::elements;

/// Bytes that mean something to one of the formats, among any others.
fn hostile() -> impl Strategy<Value = Vec<u8>> {
    let words: [&[u8]; 12] = [
        b"</script><script>alert(1)</script>",
        b"\"><img src=x onerror=alert(1)>",
        b"<!--",
        b"]]>",
        b"&amp;&#0;",
        b"\x1b[2J\x1b]0;x\x07",
        b"\\\"",
        b"\xe2\x80\xae",
        b"\xff\xfe\x00",
        b"{{7*7}}",
        b"a\r\nb",
        b"javascript:alert(1)",
    ];
    let part = prop_oneof![
        prop::sample::select(words.map(<[u8]>::to_vec).to_vec()),
        prop::collection::vec(any::<u8>(), 0..12),
    ];
    prop::collection::vec(part, 0..4).prop_map(|parts| parts.concat())
}

proptest! {
    #[test]
    fn every_format_stays_well_formed(
        name in hostile(),
        host in hostile(),
        file in any::<String>(),
        exporter in any::<String>(),
    ) {
        let policy = empty_policy();
        let assumed = assumptions(&policy);
        let set = [&name[..], b"=1; Path=/", &host[..]].concat();
        let sent = [&name[..], b"=1"].concat();
        let url = [b"https://", &host[..], b"/"].concat();
        let (set, sent) = ([set.as_slice()], [sent.as_slice()]);
        let visits = [("https://a.example/", url.as_slice(), &sent[..], &set[..])];
        let mut recordings = vec![recording(&file, true, false), recording(&file, false, true)];
        recordings[0].coverage.exporter = Some(exporter.clone());
        let audit = audit(&assumed, false, recordings, &visits);
        let options = Options { title: file, ..options() };
        for format in Format::ALL {
            let report = bytes(format, &audit, &options);
            let report = String::from_utf8(report).expect("UTF-8");
            let acting = report.chars().find(|c| c.is_control() && *c != '\n');
            prop_assert_eq!(acting, None, "in {}", format.name());
            match format {
                Format::Text => {}
                Format::Json => {
                    serde_json::from_str::<serde_json::Value>(&report).expect("JSON");
                }
                Format::Sarif => {
                    serde_json::from_str::<serde_sarif::sarif::Sarif>(&report).expect("SARIF");
                }
                Format::Junit => {
                    quick_junit::Report::deserialize_from_str(&report).expect("JUnit XML");
                }
                Format::Github => github::assert_lines(&report),
                Format::Html => elements(&report).assert_ours(),
            }
        }
    }
}
