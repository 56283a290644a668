//! The program `soak` for a few seconds: it serves, counts, and finds that memory stays as it is.

use std::process::Command;

#[test]
fn memory_does_not_grow_with_the_requests() {
    let output = Command::new(env!("CARGO_BIN_EXE_soak")).arg("5").output();
    let output = output.unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{complaint}");
    let requests = said.lines().skip(1).map_while(|line| {
        let mut numbers = line.split_whitespace();
        numbers.nth(1)?.parse().ok()
    });
    let requests: Vec<u64> = requests.collect();
    assert_eq!(requests.len(), 11, "{said}");
    assert!(requests.is_sorted() && requests[10] > requests[0], "{said}");
}
