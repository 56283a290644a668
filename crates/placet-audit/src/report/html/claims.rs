//! Claims against facts: what the privacy policy says, the sentence that says it, and what was seen.

use maud::{Markup, html};

use super::super::claims;
use super::super::words::shown;
use super::inline;
use crate::audit::Audit;

pub(super) fn section(audit: &Audit<'_>) -> Markup {
    let Some(held) = &audit.privacy_policy else {
        return Markup::default();
    };
    let rows = claims::rows(audit, held);
    html! {
        section aria-labelledby="claims" {
            h2 id="claims" { "Claims against facts" }
            p {
                "What " code dir="ltr" { (shown(held.privacy_policy.name(), 200)) }
                " says, and what the recordings and the policy file show. What the text does not say is "
                em { "not found" } "; nothing is guessed."
            }
            @if rows.is_empty() { p { "Nothing was found." } } @else {
                div.scroll role="region" aria-label="Table of claims" tabindex="0" {
                    table {
                        thead {
                            tr {
                                th scope="col" { "Claim" }
                                th scope="col" { "The text says" }
                                th scope="col" { "Seen" }
                            }
                        }
                        tbody {
                            @for row in rows {
                                tr {
                                    th scope="row" { (row.what) }
                                    td {
                                        (shown(&row.says, 300))
                                        @if let Some(line) = row.line {
                                            " " span.place { "line " (line) }
                                        }
                                        @if let Some(sentence) = &row.sentence {
                                            br;
                                            q { (shown(sentence, 300)) }
                                        }
                                    }
                                    td { @if let Some(fact) = &row.fact { (inline(fact)) } }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
