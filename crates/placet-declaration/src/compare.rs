//! Holds what a page shows against what the policy declares, thing by thing.

use std::collections::VecDeque;

use crate::declaration::Declaration;
use crate::difference::{Difference, Kind, Subject};
use crate::plain::comparable;
use crate::published::{Section, Shown};

/// How a page differs from what the policy declares; empty where it says the same. The day on which it was made
/// does not count, nor what the script fills.
pub fn compare(declared: &Declaration, shown: &Shown) -> Vec<Difference> {
    let mut found = Found::default();
    if let Some(why) = shown.hidden() {
        found.differs(
            Subject::Page,
            "",
            "visibility",
            Some("shown".to_owned()),
            Some(format!("hidden by {why}")),
        );
        return found.all;
    }
    let expected = Shown::of(declared);
    let locale = declared.locale();
    let mut parts: VecDeque<&Section> = shown.content.parts.iter().collect();
    // The visitor's own choice is no declaration.
    let status = comparable(&locale.title);
    if parts
        .front()
        .is_some_and(|part| part.heading == status && part.parts.is_empty())
    {
        parts.pop_front();
    }
    let texts = &locale.declaration;
    // The parts that are no categories stand behind them, whatever those are called, and begin with the signals.
    let signals = comparable(&texts.signals);
    let at = parts.iter().rposition(|part| part.heading == signals);
    let mut behind = parts.split_off(at.unwrap_or(0));
    let mut fixed = |heading: &str| {
        let heading = comparable(heading);
        let at = behind.iter().position(|part| part.heading == heading)?;
        behind.remove(at)
    };
    let of = |heading: &str| {
        let heading = comparable(heading);
        expected
            .content
            .parts
            .iter()
            .rev()
            .find(|part| part.heading == heading)
    };
    let controller = (!declared.controller.is_empty())
        .then(|| of(&texts.controller))
        .flatten();
    let vendors = (!declared.vendors.is_empty())
        .then(|| of(&texts.vendors))
        .flatten();
    let basis = of(&texts.basis);
    let signals = of(&texts.signals);
    let shown_signals = fixed(&texts.signals);
    let shown_basis = fixed(&texts.basis);
    let shown_vendors = fixed(&texts.vendors);
    let shown_controller = fixed(&texts.controller);
    parts.extend(behind);

    found.page(&expected, shown);
    let categories = expected.content.parts.get(..declared.categories.len());
    found.categories(categories.unwrap_or_default(), parts.make_contiguous());
    found.signals(signals, shown_signals);
    found.rows(
        Subject::Basis,
        2,
        &["category", "region", "basis"],
        basis,
        shown_basis,
    );
    let columns = ["provider", "service", "purpose", "link"];
    found.rows(Subject::Vendor, 2, &columns, vendors, shown_vendors);
    found.controller(controller, shown_controller);
    // A mark of another policy over the same texts was put there by hand, or something shown is not compared.
    if found.all.is_empty() && shown.mark.policy != expected.mark.policy {
        let shown = shown.mark.policy.clone();
        found.differs(
            Subject::Page,
            "",
            "mark",
            expected.mark.policy.clone(),
            shown,
        );
    }
    found.all
}

/// A service under its category.
#[derive(Clone, Copy)]
struct Service<'a> {
    category: &'a str,
    section: &'a Section,
}

#[derive(Default)]
struct Found {
    all: Vec<Difference>,
}

impl Found {
    fn is(&mut self, kind: Kind, subject: Subject, name: &str) {
        self.all.push(Difference {
            kind,
            subject,
            name: name.to_owned(),
            service: None,
            field: None,
            declared: None,
            shown: None,
        });
    }

    fn differs(
        &mut self,
        subject: Subject,
        name: &str,
        field: &'static str,
        declared: Option<String>,
        shown: Option<String>,
    ) {
        let kind = match (&declared, &shown) {
            (Some(_), None) => Kind::Missing,
            (None, Some(_)) => Kind::Extra,
            _ => Kind::Differs,
        };
        self.all.push(Difference {
            kind,
            subject,
            name: name.to_owned(),
            service: None,
            field: Some(field),
            declared,
            shown,
        });
    }

    /// Texts that have names, against texts that have none: what is not shown as it is declared stands beside
    /// what is shown and not declared, in their order.
    fn texts(
        &mut self,
        subject: Subject,
        name: &str,
        declared: &[(&'static str, &String)],
        shown: &[String],
    ) {
        let mut left: VecDeque<&String> = shown.iter().collect();
        let missing: Vec<_> = declared
            .iter()
            .filter(|(_, text)| {
                let at = left.iter().position(|shown| shown == text);
                at.and_then(|at| left.remove(at)).is_none()
            })
            .collect();
        for (field, text) in missing {
            let shown = left.pop_front().cloned();
            self.differs(subject, name, field, Some((*text).clone()), shown);
        }
        for text in left {
            self.differs(subject, name, "text", None, Some(text.clone()));
        }
    }

    fn page(&mut self, expected: &Shown, shown: &Shown) {
        let (mark, found) = (&expected.mark, &shown.mark);
        for (field, declared, shown) in [
            ("layout", &mark.layout, &found.layout),
            ("language", &mark.language, &found.language),
        ] {
            // A page that other programs have made again may have lost them.
            if shown.is_some() && declared != shown {
                self.differs(Subject::Page, "", field, declared.clone(), shown.clone());
            }
        }
        let (declared, found) = (&expected.content, &shown.content);
        if declared.heading != found.heading {
            let shown = Some(found.heading.clone()).filter(|heading| !heading.is_empty());
            self.differs(
                Subject::Page,
                "",
                "title",
                Some(declared.heading.clone()),
                shown,
            );
        }
        // Whichever day it was made.
        let undated = |text: &String| text.split(" · ").next().unwrap_or_default().to_owned();
        let version = declared.texts.get(1).map(undated).unwrap_or_default();
        let shown: Vec<String> = found
            .texts
            .iter()
            .map(|text| {
                if undated(text) == version {
                    version.clone()
                } else {
                    text.clone()
                }
            })
            .collect();
        let intro = declared.texts.first().cloned().unwrap_or_default();
        self.texts(
            Subject::Page,
            "",
            &[("introduction", &intro), ("version", &version)],
            &shown,
        );
    }

    fn categories(&mut self, declared: &[Section], shown: &[&Section]) {
        let mut left: VecDeque<&Section> = shown.iter().copied().collect();
        for category in declared {
            let at = left
                .iter()
                .position(|shown| shown.heading == category.heading);
            match at.and_then(|at| left.remove(at)) {
                None => self.is(Kind::Missing, Subject::Category, &category.heading),
                Some(shown) => {
                    let texts: Vec<_> = category.texts.iter().map(|text| ("text", text)).collect();
                    self.texts(Subject::Category, &category.heading, &texts, &shown.texts);
                }
            }
        }
        for category in left {
            self.is(Kind::Extra, Subject::Category, &category.heading);
        }
        let declared = declared.iter().flat_map(of_category).collect();
        let shown = shown.iter().copied().flat_map(of_category).collect();
        self.services(declared, shown);
    }

    /// Pairs what is the same first, then what has the same name in the same category, then what has the same
    /// name, then what keeps the same things.
    fn services(&mut self, mut declared: Vec<Service<'_>>, mut shown: Vec<Service<'_>>) {
        let same: [fn(&Service<'_>, &Service<'_>) -> bool; 4] = [
            |one, other| one.category == other.category && one.section == other.section,
            |one, other| {
                one.category == other.category && one.section.heading == other.section.heading
            },
            |one, other| one.section.heading == other.section.heading,
            |one, other| !names(one).is_empty() && names(one) == names(other),
        ];
        for is_same in same {
            declared.retain(|one| {
                let Some(at) = shown.iter().position(|other| is_same(one, other)) else {
                    return true;
                };
                let other = shown.remove(at);
                self.service(one, &other);
                false
            });
        }
        for one in declared {
            self.is(Kind::Missing, Subject::Service, &one.section.heading);
        }
        for other in shown {
            self.is(Kind::Extra, Subject::Service, &other.section.heading);
        }
    }

    fn service(&mut self, declared: &Service<'_>, shown: &Service<'_>) {
        let (one, other) = (declared.section, shown.section);
        let name = one.heading.as_str();
        for (field, says, shows) in [
            ("name", name, other.heading.as_str()),
            ("category", declared.category, shown.category),
        ] {
            if says != shows {
                self.differs(
                    Subject::Service,
                    name,
                    field,
                    Some(says.to_owned()),
                    Some(shows.to_owned()),
                );
            }
        }
        let texts: Vec<_> = one
            .texts
            .iter()
            .enumerate()
            .map(|(at, text)| (if at == 0 { "purpose" } else { "provider" }, text))
            .collect();
        self.texts(Subject::Service, name, &texts, &other.texts);
        let before = self.all.len();
        let columns = ["name", "kind", "purpose", "lifetime"];
        self.rows(Subject::Cookie, 1, &columns, Some(one), Some(other));
        for difference in self.all.iter_mut().skip(before) {
            difference.service = Some(name.to_owned());
        }
    }

    fn signals(&mut self, declared: Option<&Section>, shown: Option<&Section>) {
        let name = |text: &str| text.split(": ").next().unwrap_or_default().to_owned();
        let mut left: Vec<&String> = shown.iter().flat_map(|section| &section.texts).collect();
        for text in declared.iter().flat_map(|section| &section.texts) {
            let at = left.iter().position(|shown| *shown == text);
            let at = at.or_else(|| left.iter().position(|shown| name(shown) == name(text)));
            let shown = at.map(|at| left.remove(at));
            if shown != Some(text) {
                let (declared, shown) = (Some(text.clone()), shown.cloned());
                self.differs(Subject::Signal, &name(text), "statement", declared, shown);
            }
        }
        for text in left {
            self.differs(
                Subject::Signal,
                &name(text),
                "statement",
                None,
                Some(text.clone()),
            );
        }
    }

    /// Rows that are named by their first cells.
    fn rows(
        &mut self,
        subject: Subject,
        keys: usize,
        columns: &[&'static str],
        declared: Option<&Section>,
        shown: Option<&Section>,
    ) {
        let rows = |section: Option<&Section>| -> Vec<Vec<String>> {
            section
                .map(|section| section.rows.clone())
                .unwrap_or_default()
        };
        let (mut declared, mut shown) = (rows(declared), rows(shown));
        let key = |row: &[String]| row.get(..keys).unwrap_or(row).join(", ");
        declared.retain(|row| {
            let at = shown.iter().position(|other| other == row);
            at.map(|at| shown.remove(at)).is_none()
        });
        for row in declared {
            let Some(at) = shown.iter().position(|other| key(other) == key(&row)) else {
                self.is(Kind::Missing, subject, &key(&row));
                continue;
            };
            let other = shown.remove(at);
            for (at, column) in columns.iter().enumerate().skip(keys) {
                let (says, shows) = (row.get(at).cloned(), other.get(at).cloned());
                if says != shows {
                    self.differs(subject, &key(&row), column, says, shows);
                }
            }
            // A row with another number of cells is shown whole.
            if row.len() != other.len() {
                self.differs(
                    subject,
                    &key(&row),
                    "text",
                    Some(row.join(", ")),
                    Some(other.join(", ")),
                );
            }
        }
        for row in shown {
            self.is(Kind::Extra, subject, &key(&row));
        }
    }

    fn controller(&mut self, declared: Option<&Section>, shown: Option<&Section>) {
        let declared = declared.iter().flat_map(|section| &section.texts);
        let declared: Vec<_> = declared.map(|text| ("text", text)).collect();
        let shown = shown
            .map(|section| section.texts.clone())
            .unwrap_or_default();
        self.texts(Subject::Controller, "", &declared, &shown);
    }
}

fn of_category(category: &Section) -> impl Iterator<Item = Service<'_>> {
    category.parts.iter().map(|section| Service {
        category: &category.heading,
        section,
    })
}

/// The names of what a service keeps.
fn names<'a>(service: &Service<'a>) -> Vec<&'a String> {
    service
        .section
        .rows
        .iter()
        .filter_map(|row| row.first())
        .collect()
}

#[cfg(test)]
mod tests;
