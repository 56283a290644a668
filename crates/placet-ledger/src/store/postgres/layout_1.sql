-- A ledger in PostgreSQL, layout 1. What comes from elsewhere is bytes, since text there knows no NUL and
-- not every database is in UTF-8.
CREATE TABLE placet.ledger (
  id bytea NOT NULL,
  layout integer NOT NULL
);
-- Policies and texts, by the SHA-256 of their bytes.
CREATE TABLE placet.documents (
  digest bytea PRIMARY KEY,
  kind text NOT NULL,
  body bytea NOT NULL
);
-- What many receipts have in common, as JSON, by its SHA-256.
CREATE TABLE placet.situations (
  id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  digest bytea NOT NULL UNIQUE,
  json bytea NOT NULL,
  lifetime_days integer NOT NULL
);
-- The end of each writer's chain, and how many receipts came and went through this writer.
CREATE TABLE placet.writers (
  writer integer PRIMARY KEY,
  number bigint NOT NULL,
  link bytea NOT NULL,
  receipts bigint NOT NULL,
  erased bigint NOT NULL,
  last bigint
) WITH (fillfactor = 20);
-- The chains. A receipt has everything but `erased` and `erasure`; an erasure has its JSON, an erased receipt
-- the digest of what its JSON was. The month (202611) is that of the receipt or the erasure, and stays when
-- the receipt is erased: its neighbours in the chain tell as much. That a place is taken once follows from
-- `writers`, whose row is locked by who adds an entry.
CREATE TABLE placet.entries (
  writer integer NOT NULL,
  number bigint NOT NULL,
  month integer NOT NULL,
  link bytea NOT NULL,
  id bytea,
  follows bytea,
  at bigint,
  situation integer,
  states bytea,
  how smallint,
  signals smallint,
  address bytea,
  user_agent bytea,
  salt bytea,
  erased bytea,
  erasure bytea,
  PRIMARY KEY (writer, number, month)
) PARTITION BY RANGE (month);
CREATE INDEX entries_age ON placet.entries (situation, at) WHERE at IS NOT NULL;
-- Months between these have tables of their own, which are made when they are needed.
CREATE TABLE placet.entries_early PARTITION OF placet.entries FOR VALUES FROM (MINVALUE) TO (202001);
CREATE TABLE placet.entries_late PARTITION OF placet.entries FOR VALUES FROM (210001) TO (MAXVALUE);
-- Where the receipt of an id stands, whatever its month.
CREATE TABLE placet.ids (
  id bytea PRIMARY KEY,
  writer integer NOT NULL,
  number bigint NOT NULL,
  month integer NOT NULL
);
-- The SHA-256 of ids whose receipts were erased at request: they do not come again.
CREATE TABLE placet.forgotten (
  id bytea PRIMARY KEY
);
CREATE TABLE placet.checkpoints (
  number bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  json bytea NOT NULL
);
-- How many receipts were alike on one day (days since 1970), for each writer, so that none waits for another.
CREATE TABLE placet.tallies (
  day integer NOT NULL,
  situation integer NOT NULL,
  states bytea NOT NULL,
  how smallint NOT NULL,
  signals smallint NOT NULL,
  writer integer NOT NULL,
  count bigint NOT NULL,
  PRIMARY KEY (day, situation, states, how, signals, writer)
);
