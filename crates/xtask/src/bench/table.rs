//! A table of measurements with its ratios, written as aligned Markdown for terminal and file alike.

use std::fmt;

/// The floor that is part of all that the other rows do.
const PART: &str = "floor: bare service";

/// The rows of one group.
#[derive(Debug, Default)]
pub(super) struct Table {
    pub(super) title: String,
    pub(super) rows: Vec<Row>,
}

/// One thing that was measured.
#[derive(Debug, Default)]
pub(super) struct Row {
    /// `placet…`, `floor…` or the name of a peer.
    pub(super) name: String,
    pub(super) nanoseconds: f64,
    /// Bytes of input one operation reads.
    pub(super) bytes: Option<u64>,
    pub(super) instructions: Option<u64>,
    /// Whether the time is that of one request to a server under load.
    pub(super) is_request: bool,
    /// What all threads of a whole program worked.
    pub(super) processor_nanoseconds: Option<f64>,
    /// The most memory a whole program held.
    pub(super) peak_bytes: Option<u64>,
}

impl Table {
    /// How many times the time of the base: the row of that name, else the only row whose name begins so.
    fn ratio(&self, row: &Row, base: &str) -> Option<f64> {
        let exact = self.rows.iter().find(|other| other.name == base);
        let base = exact.or_else(|| {
            let rows = self.rows.iter();
            let mut beginning = rows.filter(|other| other.name.starts_with(base));
            beginning.next().filter(|_| beginning.next().is_none())
        })?;
        Some(row.nanoseconds / base.nanoseconds)
    }

    /// What a row takes more than the floor, where the floor is part of what it does.
    fn over(&self, row: &Row, of: impl Fn(&Row) -> Option<f64>) -> Option<f64> {
        let floor = self.rows.iter().find(|other| other.name == PART)?;
        (row.name != PART).then_some(of(row)? - of(floor)?)
    }

    /// Columns that no row has a value for are left out.
    fn cells(&self) -> Vec<Vec<String>> {
        let mut rows: Vec<&Row> = self.rows.iter().collect();
        rows.sort_by(|a, b| a.nanoseconds.total_cmp(&b.nanoseconds));
        let times = |ratio: Option<f64>| ratio.map(|ratio| format!("{ratio:.2}"));
        let columns: [(&str, Vec<Option<String>>); 12] = [
            ("", rows.iter().map(|row| Some(row.name.clone())).collect()),
            (
                "time",
                rows.iter().map(|row| Some(time(row.nanoseconds))).collect(),
            ),
            (
                "over floor",
                rows.iter()
                    .map(|row| self.over(row, |row| Some(row.nanoseconds)).map(more_time))
                    .collect(),
            ),
            (
                "requests/s",
                rows.iter()
                    .map(|row| {
                        let per_second = (1e9 / row.nanoseconds).round() as u64;
                        row.is_request.then(|| grouped(per_second))
                    })
                    .collect(),
            ),
            (
                "× floor",
                rows.iter()
                    .map(|row| times(self.ratio(row, "floor")))
                    .collect(),
            ),
            (
                "× placet",
                rows.iter()
                    .map(|row| times(self.ratio(row, "placet")))
                    .collect(),
            ),
            (
                "MB/s",
                rows.iter()
                    .map(|row| rate(row.bytes?, row.nanoseconds))
                    .collect(),
            ),
            (
                "processor",
                rows.iter()
                    .map(|row| row.processor_nanoseconds.map(time))
                    .collect(),
            ),
            (
                "cores",
                rows.iter()
                    .map(|row| {
                        Some(format!(
                            "{:.1}",
                            row.processor_nanoseconds? / row.nanoseconds
                        ))
                    })
                    .collect(),
            ),
            (
                "instructions",
                rows.iter()
                    .map(|row| row.instructions.map(grouped))
                    .collect(),
            ),
            (
                "over floor",
                rows.iter()
                    .map(|row| {
                        let over = self.over(row, |row| Some(row.instructions? as f64))?;
                        Some(format!("{}{}", sign(over), grouped(over.abs() as u64)))
                    })
                    .collect(),
            ),
            (
                "peak MB",
                rows.iter()
                    .map(|row| Some(format!("{:.0}", row.peak_bytes? as f64 / 1e6)))
                    .collect(),
            ),
        ];
        let kept: Vec<_> = columns
            .into_iter()
            .filter(|(_, cells)| cells.iter().any(Option::is_some))
            .collect();
        let mut lines = vec![
            kept.iter()
                .map(|(title, _)| (*title).to_owned())
                .collect::<Vec<_>>(),
        ];
        for index in 0..rows.len() {
            let cell =
                |cells: &[Option<String>]| cells.get(index).cloned().flatten().unwrap_or_default();
            lines.push(kept.iter().map(|(_, cells)| cell(cells)).collect());
        }
        lines
    }
}

impl fmt::Display for Table {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_aligned(f, &self.title, &self.cells())
    }
}

/// What a program says in lines: the first line, then a table for each name in the order of their first rows.
pub(super) fn lines_as_tables(lines: &str) -> Result<String, String> {
    let mut lines = lines.lines();
    let versions = lines.next().ok_or("nothing was measured")?;
    let mut tables: Vec<(&str, Vec<Vec<String>>)> = Vec::new();
    for line in lines {
        let (title, cells) = line
            .split_once('\t')
            .ok_or_else(|| format!("found the line `{line}`, expected a table and its cells"))?;
        let cells = cells.split('\t').map(str::to_owned).collect();
        match tables.iter_mut().find(|(name, _)| *name == title) {
            Some((_, rows)) => rows.push(cells),
            None => tables.push((title, vec![cells])),
        }
    }
    if tables.is_empty() {
        return Err("nothing was measured: no table has this name".to_owned());
    }
    let mut text = format!("{versions}\n");
    for (title, rows) in &tables {
        text.push('\n');
        write_aligned(&mut text, title, rows).map_err(|error| error.to_string())?;
    }
    Ok(text)
}

/// Writes a table whose first line is its head; the first column stands to the left, numbers to the right.
pub(super) fn write_aligned(
    f: &mut impl fmt::Write,
    title: &str,
    lines: &[Vec<String>],
) -> fmt::Result {
    let mut widths = vec![3; lines.first().map_or(0, Vec::len)];
    for line in lines {
        for (width, cell) in widths.iter_mut().zip(line) {
            *width = (*width).max(cell.chars().count());
        }
    }
    writeln!(f, "### {title}\n")?;
    for (index, line) in lines.iter().enumerate() {
        for (column, (cell, width)) in line.iter().zip(&widths).enumerate() {
            if column == 0 {
                write!(f, "| {cell:<width$} |")?;
            } else {
                write!(f, " {cell:>width$} |")?;
            }
        }
        writeln!(f)?;
        if index == 0 {
            for (column, width) in widths.iter().enumerate() {
                let dashes = "-".repeat(width.saturating_sub(usize::from(column > 0)));
                if column == 0 {
                    write!(f, "| {dashes} |")?;
                } else {
                    write!(f, " {dashes}: |")?;
                }
            }
            writeln!(f)?;
        }
    }
    Ok(())
}

/// Puts `text` between the marker lines of a section; everything else stays.
pub(super) fn replace_section(document: &str, section: &str, text: &str) -> Result<String, String> {
    let begin = format!("<!-- cargo xtask bench: {section} -->\n");
    let end = "<!-- end -->";
    let missing = || {
        format!(
            "BENCHMARKS.md lacks the lines `{}` and, after it, `{end}`",
            begin.trim_end()
        )
    };
    let (before, rest) = document.split_once(&begin).ok_or_else(missing)?;
    let (_, after) = rest.split_once(end).ok_or_else(missing)?;
    Ok(format!("{before}{begin}{text}{end}{after}"))
}

/// Three digits and the unit that keeps them small.
fn time(nanoseconds: f64) -> String {
    for (limit, unit) in [(1e3, "ns"), (1e6, "µs"), (1e9, "ms")] {
        if nanoseconds < limit {
            return format!("{} {unit}", three_digits(nanoseconds / (limit / 1e3)));
        }
    }
    format!("{} s", three_digits(nanoseconds / 1e9))
}

/// As [`time`], with a sign: what is over a floor that was measured by itself may come out below it.
fn more_time(nanoseconds: f64) -> String {
    format!("{}{}", sign(nanoseconds), time(nanoseconds.abs()))
}

const fn sign(number: f64) -> &'static str {
    if number < 0.0 { "−" } else { "+" }
}

fn three_digits(value: f64) -> String {
    let decimals = if value < 10.0 {
        2
    } else {
        usize::from(value < 100.0)
    };
    format!("{value:.decimals$}")
}

fn rate(bytes: u64, nanoseconds: f64) -> Option<String> {
    Some(three_digits(bytes as f64 * 1e3 / nanoseconds))
}

/// Thousands apart: `12 345`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(' ');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(name: &str, nanoseconds: f64) -> Row {
        Row {
            name: name.to_owned(),
            nanoseconds,
            ..Row::default()
        }
    }

    #[test]
    fn every_row_is_a_multiple_of_the_floor_and_of_ours() {
        let mut table = Table {
            title: "Filter, nothing to drop".to_owned(),
            rows: vec![
                row("cookie", 4_000.0),
                row("placet", 400.0),
                row("floor", 320.0),
            ],
        };
        table.rows[1].instructions = Some(12_345);
        assert_eq!(
            table.to_string(),
            "\
### Filter, nothing to drop

|        |    time | × floor | × placet | instructions |
| ------ | ------: | ------: | -------: | -----------: |
| floor  |  320 ns |    1.00 |     0.80 |              |
| placet |  400 ns |    1.25 |     1.00 |       12 345 |
| cookie | 4.00 µs |   12.50 |    10.00 |              |
"
        );
    }

    #[test]
    fn rows_that_contain_the_floor_say_what_they_take_over_it() {
        let mut table = Table {
            title: "Layer".to_owned(),
            rows: vec![
                row("floor: bare service", 300.0),
                row("placet", 725.0),
                row("peer", 298.5),
            ],
        };
        table.rows[0].instructions = Some(2_000);
        table.rows[1].instructions = Some(12_345);
        table.rows[1].is_request = true;
        assert_eq!(
            table.to_string(),
            "\
### Layer

|                     |   time | over floor | requests/s | × floor | × placet | instructions | over floor |
| ------------------- | -----: | ---------: | ---------: | ------: | -------: | -----------: | ---------: |
| peer                | 298 ns |   −1.50 ns |            |    0.99 |     0.41 |              |            |
| floor: bare service | 300 ns |            |            |    1.00 |     0.41 |        2 000 |            |
| placet              | 725 ns |    +425 ns |  1 379 310 |    2.42 |     1.00 |       12 345 |    +10 345 |
"
        );
    }

    #[test]
    fn the_base_is_the_exact_name_or_the_only_one_that_begins_so() {
        let mut table = Table {
            title: String::new(),
            rows: vec![row("placet, lossy", 5.0), row("placet", 10.0)],
        };
        assert_eq!(table.ratio(&table.rows[0], "placet"), Some(0.5));
        table.rows[1] = row("placet, strict", 10.0);
        assert_eq!(table.ratio(&table.rows[0], "placet"), None);
        table.rows[1] = row("peer", 10.0);
        assert_eq!(table.ratio(&table.rows[1], "placet"), Some(2.0));
    }

    #[test]
    fn a_section_is_replaced_and_the_rest_stays() {
        let old = "# A\n<!-- cargo xtask bench: whole -->\nold\n<!-- end -->\nB\n";
        let new = replace_section(old, "whole", "new\n").unwrap();
        assert_eq!(new, old.replace("old\n", "new\n"));
        assert!(
            replace_section(old, "operations", "new\n")
                .unwrap_err()
                .contains("operations")
        );
    }

    #[test]
    fn numbers_keep_three_digits() {
        let shown: Vec<String> = [0.51, 12.34, 999.0, 1_500.0, 25e6, 3.2e9].map(time).into();
        assert_eq!(
            shown,
            [
                "0.51 ns", "12.3 ns", "999 ns", "1.50 µs", "25.0 ms", "3.20 s"
            ]
        );
        assert_eq!(rate(1_600, 1_000.0).unwrap(), "1600");
        assert_eq!(
            [7, 123, 1_234, 1_234_567].map(grouped),
            ["7", "123", "1 234", "1 234 567"]
        );
    }
}
