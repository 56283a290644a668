//! What this process holds and uses, as Linux tells it.

use std::fs;

/// KiB of memory that are really there.
pub(super) fn held() -> Result<u64, String> {
    let status = read("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.trim().strip_suffix(" kB")?.trim().parse().ok());
    number.ok_or_else(|| "/proc/self/status has no line VmRSS in kB".to_owned())
}

/// Seconds of the processor that the thread of this name has used.
pub(super) fn processor_seconds(thread: &str) -> Result<f64, String> {
    /// Linux counts in hundredths of a second for programs, on every common machine.
    const TICKS: f64 = 100.0;
    let tasks = fs::read_dir("/proc/self/task").map_err(|error| error.to_string())?;
    for task in tasks.flatten() {
        let stat = read(&task.path().join("stat").display().to_string())?;
        let Some((start, numbers)) = stat.rsplit_once(") ") else {
            continue;
        };
        if start
            .split_once(" (")
            .is_some_and(|(_, name)| name == thread)
        {
            // proc(5): the fourteenth and fifteenth, of which the state is the third.
            let ticks = numbers.split(' ').skip(11).take(2);
            let ticks = ticks.filter_map(|number| number.parse::<f64>().ok());
            return Ok(ticks.sum::<f64>() / TICKS);
        }
    }
    Err(format!("no thread is called {thread}"))
}

fn read(file: &str) -> Result<String, String> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {file}: {error}"))
}
