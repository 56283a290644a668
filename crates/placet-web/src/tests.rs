//! The wire form against the file: the same document by both roads gives the same verdicts.
