-- A ledger in SQLite, layout 1.
CREATE TABLE ledger (id BLOB NOT NULL);
-- Policies and texts, by the SHA-256 of their bytes.
CREATE TABLE documents (
  digest BLOB PRIMARY KEY,
  kind TEXT NOT NULL,
  body BLOB NOT NULL
) WITHOUT ROWID;
-- What many receipts have in common, as JSON.
CREATE TABLE situations (
  id INTEGER PRIMARY KEY,
  json TEXT NOT NULL UNIQUE,
  lifetime_days INTEGER NOT NULL
);
-- The chain. A receipt has everything but `content`; an erasure has its JSON there, an erased receipt
-- the digest of what its JSON was.
CREATE TABLE entries (
  number INTEGER PRIMARY KEY,
  link BLOB NOT NULL,
  id BLOB,
  follows BLOB,
  at INTEGER,
  situation INTEGER REFERENCES situations (id),
  states BLOB,
  how INTEGER,
  signals INTEGER,
  address TEXT,
  user_agent TEXT,
  salt BLOB,
  content
);
CREATE UNIQUE INDEX entries_id ON entries (id) WHERE id IS NOT NULL;
CREATE INDEX entries_age ON entries (situation, at) WHERE at IS NOT NULL;
-- The end of the chain, and how many receipts there are.
CREATE TABLE head (
  number INTEGER NOT NULL,
  link BLOB NOT NULL,
  receipts INTEGER NOT NULL,
  erased INTEGER NOT NULL,
  last INTEGER
);
-- The SHA-256 of ids whose receipts were erased at request: they do not come again.
CREATE TABLE forgotten (id BLOB PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE checkpoints (
  number INTEGER PRIMARY KEY,
  json TEXT NOT NULL
);
-- How many receipts were alike on one day (days since 1970).
CREATE TABLE tallies (
  day INTEGER NOT NULL,
  situation INTEGER NOT NULL REFERENCES situations (id),
  states BLOB NOT NULL,
  how INTEGER NOT NULL,
  signals INTEGER NOT NULL,
  count INTEGER NOT NULL,
  PRIMARY KEY (day, situation, states, how, signals)
) WITHOUT ROWID;
