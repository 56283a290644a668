//! The load: `wrk`, which takes so little time for a request that the server is what limits.

use std::process::{Command, Stdio};

use http::HeaderMap;
use placet_bench::layer::Situation;

/// The core of the load; the server has the one before it.
const CORE: &str = "1";

/// Enough that the server never waits for a request.
const CONNECTIONS: &str = "16";

/// What one run came to.
#[derive(Debug, PartialEq)]
pub(super) struct Run {
    pub(super) requests: u64,
    pub(super) per_second: f64,
}

/// Sends the situation's request for so many seconds, as often as answers come.
pub(super) fn run(port: u16, situation: Situation, seconds: u32) -> Result<Run, String> {
    let mut command = Command::new("taskset");
    command.args(["-c", CORE, "wrk", "-t1", "-c", CONNECTIONS]);
    command.arg(format!("-d{seconds}s"));
    let request = situation.request();
    for (name, value) in headers(request.headers()) {
        command.arg("-H").arg(format!("{name}: {value}"));
    }
    command.arg(format!("http://127.0.0.1:{port}{}", request.uri()));
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("cannot run taskset: {error}"))?;
    let said = String::from_utf8_lossy(&output.stdout);
    read(&said)
        .filter(|_| output.status.success())
        .ok_or_else(|| {
            format!(
                "wrk did not get every answer (`cargo xtask setup bench` installs it):\n{said}{}",
                String::from_utf8_lossy(&output.stderr)
            )
        })
}

fn headers(headers: &HeaderMap) -> impl Iterator<Item = (&str, &str)> {
    headers
        .iter()
        .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
}

/// Reads `  126400 requests in 3.10s, 66.73MB read` and `Requests/sec:  40777.21`; nothing where a
/// request failed.
fn read(said: &str) -> Option<Run> {
    if said.contains("Socket errors") || said.contains("Non-2xx") {
        return None;
    }
    let requests = said
        .lines()
        .find_map(|line| line.split_once(" requests in "))?
        .0;
    let per_second = said.split_once("Requests/sec:")?.1.lines().next()?;
    Some(Run {
        requests: requests.trim().parse().ok()?,
        per_second: per_second.trim().parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "Running 3s test @ http://127.0.0.1:41\n  1 threads and 16 connections\n  \
        126400 requests in 3.10s, 66.73MB read\nRequests/sec:  40777.21\nTransfer/sec:  21.53MB\n";

    #[test]
    fn a_run_is_read_from_what_wrk_says() {
        let run = Run {
            requests: 126_400,
            per_second: 40_777.21,
        };
        assert_eq!(read(SAID), Some(run));
        assert_eq!(
            read(&format!("{SAID}  Non-2xx or 3xx responses: 7\n")),
            None
        );
    }
}
