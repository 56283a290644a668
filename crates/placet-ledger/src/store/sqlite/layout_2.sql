-- Layout 2: an entry that is added changes the end of one table; indexes follow later, many entries at a time.

-- Where the receipt of an id stands, for entries up to `indexed`; of later ones some.
CREATE TABLE ids (
  id BLOB PRIMARY KEY,
  number INTEGER NOT NULL
) WITHOUT ROWID;
INSERT INTO ids SELECT id, number FROM entries WHERE id IS NOT NULL ORDER BY id;
-- Of a situation's receipts among some thousands of neighbours up to `indexed`: the earliest moment, perhaps of one
-- that is gone, and which entries to look at.
CREATE TABLE ages (
  situation INTEGER NOT NULL REFERENCES situations (id),
  at INTEGER NOT NULL,
  first INTEGER NOT NULL,
  last INTEGER NOT NULL,
  PRIMARY KEY (situation, at, first)
) WITHOUT ROWID;
INSERT INTO ages SELECT situation, min(at), min(number), max(number) FROM entries
  WHERE at IS NOT NULL GROUP BY situation, number / 4096;
DROP INDEX entries_id;
DROP INDEX entries_age;
ALTER TABLE head ADD COLUMN indexed INTEGER NOT NULL DEFAULT 0;
UPDATE head SET indexed = number;
