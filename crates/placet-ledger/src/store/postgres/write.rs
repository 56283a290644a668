//! Adds and erases receipts, inside a transaction that somebody else begins and ends.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use placet::ChoiceId;
use tokio_postgres::Row;

use super::fault::Fault;
use super::layout::make_month;
use super::read::{self, Found};
use super::session::Session;
use super::{month, number, writer};
use crate::chain::{Content, Erasure, Head, Why};
use crate::digest::Digest;
use crate::document::Document;
use crate::moment::Moment;
use crate::receipt::Situation;
use crate::recorder::Erased;
use crate::store::tally::DAY;
use crate::store::{Appended, MOST_SITUATIONS, Submitted, packed, trace};

/// How often a batch is tried again when others were adding the same receipts at the same moment.
const ROUNDS: usize = 8;

/// Adds a batch in a transaction of its own.
pub(super) fn append(session: &mut Session, batch: &[&Submitted]) -> Result<Appended, Fault> {
    let writer = session.writer()?;
    let months: BTreeSet<i32> = batch.iter().map(|one| month(one.receipt.at)).collect();
    for month in months {
        make_month(session, month)?;
    }
    if append_all(session, batch)? {
        return Ok(Appended::default());
    }
    for _ in 0..ROUNDS {
        if let Some(appended) = append_new(session, writer, batch)? {
            let head = session.head.take();
            session.commit()?;
            session.head = head;
            return Ok(appended);
        }
        session.roll_back()?;
    }
    Err(Fault::away("others add the same receipts without end"))
}

/// Adds a batch as it is, in one journey to the server, if all of it is new and all it needs is known: `false` where
/// nothing was added.
///
/// Should the connection be lost meanwhile, it may have been added; whoever tries again finds it there.
fn append_all(session: &mut Session, batch: &[&Submitted]) -> Result<bool, Fault> {
    let Some(before) = session.head.take() else {
        return Ok(false);
    };
    let mut ids = HashSet::with_capacity(batch.len());
    let is_known = |one: &&Submitted| {
        session.situations.contains_key(&one.receipt.situation)
            && (one.documents.iter()).all(|document| session.documents.contains(&document.digest()))
            && ids.insert(one.receipt.id)
    };
    if !batch.iter().all(is_known) {
        return Ok(false);
    }
    let mut columns = Columns::default();
    let mut head = before;
    for one in batch {
        columns.push(&mut head, one, session)?;
    }
    match columns.insert(session, before, head) {
        Ok(is_added) => Ok(is_added),
        // The other way finds what is wrong, if it is there still.
        Err(Fault::Told(_)) => Ok(false),
        Err(fault) => Err(fault),
    }
}

/// Adds what is not there, and gives the places of the others in the batch; `None` where another server added some of
/// it meanwhile.
fn append_new(
    session: &mut Session,
    writer: i32,
    batch: &[&Submitted],
) -> Result<Option<Appended>, Fault> {
    let ids: Vec<&[u8]> = batch
        .iter()
        .map(|one| one.receipt.id.as_bytes().as_slice())
        .collect();
    let traces: Vec<Digest> = batch.iter().map(|one| trace(one.receipt.id)).collect();
    let traces: Vec<&[u8]> = traces
        .iter()
        .map(|trace| trace.as_bytes().as_slice())
        .collect();
    let rows = session.begin_with(
        // Looked up one by one: without statistics, PostgreSQL would rather read the whole table.
        "SELECT writer, number, link, ARRAY(\
           SELECT kept.id FROM unnest($2::bytea[]) AS new (id) CROSS JOIN LATERAL (\
             SELECT id FROM placet.ids WHERE ids.id = new.id LIMIT 1\
           ) kept\
         ) AS kept, \
         CASE WHEN EXISTS (SELECT FROM placet.forgotten) THEN ARRAY(\
           SELECT gone.id FROM unnest($3::bytea[]) AS new (id) CROSS JOIN LATERAL (\
             SELECT id FROM placet.forgotten WHERE forgotten.id = new.id LIMIT 1\
           ) gone\
         ) END AS forgotten \
         FROM placet.writers WHERE writer = $1 FOR UPDATE",
        &[&writer, &ids, &traces],
    )?;
    let row = own_row(&rows)?;
    let mut head = read::head(row)?;
    let kept: Vec<&[u8]> = row.try_get("kept")?;
    let mut kept: HashSet<&[u8]> = kept.into_iter().collect();
    let forgotten: Option<Vec<&[u8]>> = row.try_get("forgotten")?;
    let forgotten: HashSet<&[u8]> = forgotten.into_iter().flatten().collect();
    let mut new: Vec<&Submitted> = Vec::with_capacity(batch.len());
    let mut appended = Appended::default();
    for ((at, one), trace) in batch.iter().enumerate().zip(&traces) {
        if forgotten.contains(trace) {
            appended.forgotten.push(at);
        } else if kept.insert(one.receipt.id.as_bytes()) {
            new.push(one);
        } else {
            appended.there.push(at);
        }
    }
    if new.is_empty() {
        return Ok(Some(appended));
    }
    keep_situations(session, new.iter().map(|one| &one.receipt.situation))?;
    keep_documents(session, new.iter().flat_map(|one| &one.documents))?;
    let before = head;
    let mut columns = Columns::default();
    for one in &new {
        columns.push(&mut head, one, session)?;
    }
    let is_added = columns.insert(session, before, head)?;
    Ok(is_added.then_some(appended))
}

fn own_row(rows: &[Row]) -> Result<&Row, Fault> {
    rows.first()
        .ok_or_else(|| Fault::away("the row of this writer is gone"))
}

/// Rows of `entries`, as columns.
#[derive(Default)]
struct Columns<'a> {
    month: Vec<i32>,
    link: Vec<Digest>,
    id: Vec<&'a [u8]>,
    follows: Vec<Option<&'a [u8]>>,
    at: Vec<i64>,
    situation: Vec<i32>,
    states: Vec<Vec<u8>>,
    how: Vec<i16>,
    signals: Vec<i16>,
    address: Vec<Option<&'a [u8]>>,
    user_agent: Vec<Option<&'a [u8]>>,
    salt: Vec<&'a [u8]>,
}

/// Rows of `tallies`, as columns: what is added to them. The server would take longer to count.
#[derive(Default)]
struct Tallies {
    day: Vec<i32>,
    situation: Vec<i32>,
    states: Vec<Vec<u8>>,
    how: Vec<i16>,
    signals: Vec<i16>,
    count: Vec<i64>,
}

/// Whether a batch was added.
const ADD: &str = "SELECT placet.add($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, \
    $19, $20, $21, $22, $23, $24)";

impl<'a> Columns<'a> {
    fn push(
        &mut self,
        head: &mut Head,
        submitted: &'a Submitted,
        session: &Session,
    ) -> Result<(), Fault> {
        let receipt = &submitted.receipt;
        let situation = session.situations.get(&receipt.situation);
        let situation = situation.ok_or_else(|| Fault::away("a situation is gone"))?;
        *head = head.after_receipt(&submitted.digest);
        self.month.push(month(receipt.at));
        self.link.push(head.link);
        self.id.push(receipt.id.as_bytes());
        let follows = receipt.follows.as_ref();
        self.follows
            .push(follows.map(|id| id.as_bytes().as_slice()));
        self.at.push(receipt.at.as_millis());
        self.situation.push(*situation);
        self.states.push(packed::states(receipt));
        self.how.push(packed::how(receipt.how));
        self.signals.push(packed::signals(receipt.signals));
        let client = &receipt.client;
        self.address
            .push(client.address.as_ref().map(String::as_bytes));
        self.user_agent
            .push(client.user_agent.as_ref().map(String::as_bytes));
        self.salt.push(&receipt.salt);
        Ok(())
    }

    /// Whether they were added to the chain that ends with `before`: all of them or none.
    fn insert(self, session: &mut Session, before: Head, after: Head) -> Result<bool, Fault> {
        let writer = writer(before.place)?;
        let (before_link, after_link) = (
            before.link.as_bytes().as_slice(),
            after.link.as_bytes().as_slice(),
        );
        let links: Vec<&[u8]> = self
            .link
            .iter()
            .map(|link| link.as_bytes().as_slice())
            .collect();
        let count = i64::try_from(self.id.len()).unwrap_or(i64::MAX);
        let tallies = self.tallies();
        let rows = session.query(
            ADD,
            &[
                &writer,
                &number(before.place)?,
                &before_link,
                &self.month,
                &links,
                &self.id,
                &self.follows,
                &self.at,
                &self.situation,
                &self.states,
                &self.how,
                &self.signals,
                &self.address,
                &self.user_agent,
                &self.salt,
                &after_link,
                &count,
                &self.at.last(),
                &tallies.day,
                &tallies.situation,
                &tallies.states,
                &tallies.how,
                &tallies.signals,
                &tallies.count,
            ],
        )?;
        let is_added = rows.first().map_or(Ok(false), |row| row.try_get(0))?;
        session.head = is_added.then_some(after);
        Ok(is_added)
    }

    /// How many of them are alike.
    fn tallies(&self) -> Tallies {
        let mut counts: HashMap<_, i64> = HashMap::new();
        let columns = self.at.iter().zip(&self.situation).zip(&self.states);
        let columns = columns.zip(&self.how).zip(&self.signals);
        for ((((at, situation), states), how), signals) in columns {
            let alike = (at.div_euclid(DAY), situation, states, how, signals);
            *counts.entry(alike).or_default() += 1;
        }
        let mut tallies = Tallies::default();
        for ((day, situation, states, how, signals), count) in counts {
            tallies.day.push(i32::try_from(day).unwrap_or_default());
            tallies.situation.push(*situation);
            tallies.states.push(states.clone());
            tallies.how.push(*how);
            tallies.signals.push(*signals);
            tallies.count.push(count);
        }
        tallies
    }
}

/// Knows the rows of these situations, which are added where they are new.
fn keep_situations<'a>(
    session: &mut Session,
    situations: impl Iterator<Item = &'a Arc<Situation>>,
) -> Result<(), Fault> {
    if session.situations.len() >= MOST_SITUATIONS {
        session.situations.clear();
    }
    let unknown: HashSet<&Arc<Situation>> = situations
        .filter(|situation| !session.situations.contains_key(*situation))
        .collect();
    // In one order, so that two servers wait for one another in one direction only.
    let mut new = BTreeMap::new();
    for situation in unknown {
        let json = situation.to_json();
        new.insert(Digest::of(json.as_bytes()), (json, situation));
    }
    for (digest, (json, situation)) in new {
        let digest = digest.as_bytes().as_slice();
        let days = i32::from(situation.choice_lifetime_days);
        session.query(
            "INSERT INTO placet.situations (digest, json, lifetime_days) VALUES ($1, $2, $3) \
             ON CONFLICT DO NOTHING",
            &[&digest, &json.as_bytes(), &days],
        )?;
        let line = "SELECT id FROM placet.situations WHERE digest = $1";
        let row = session.row(line, &[&digest])?.try_get(0)?;
        session.situations.insert(Arc::clone(situation), row);
    }
    Ok(())
}

/// Keeps documents that this connection has not kept yet.
fn keep_documents<'a>(
    session: &mut Session,
    documents: impl Iterator<Item = &'a Document>,
) -> Result<(), Fault> {
    let new: BTreeMap<Digest, &Document> = documents
        .filter(|document| !session.documents.contains(&document.digest()))
        .map(|document| (document.digest(), document))
        .collect();
    for (digest, document) in new {
        session.query(
            "INSERT INTO placet.documents VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            &[
                &digest.as_bytes().as_slice(),
                &document.kind().name(),
                &document.body(),
            ],
        )?;
        session.documents.insert(digest);
    }
    Ok(())
}

/// Erases what `find` gives, in a transaction of its own.
pub(super) fn erase(
    session: &mut Session,
    now: Moment,
    why: Why,
    find: impl FnOnce(&mut Session) -> Result<Vec<Found>, Fault>,
) -> Result<Erased, Fault> {
    let writer = session.writer()?;
    make_month(session, month(now))?;
    session.begin()?;
    let found = find(session)?;
    session.head = None;
    if !found.is_empty() {
        empty(session, writer, &found, now, why)?;
    }
    session.commit()?;
    Ok(Erased {
        receipts: found.len() as u64,
    })
}

/// Empties these entries, and adds one that says so.
fn empty(
    session: &mut Session,
    writer: i32,
    found: &[Found],
    now: Moment,
    why: Why,
) -> Result<(), Fault> {
    let receipts = found.iter().map(|found| &found.receipt);
    let ids: Vec<&[u8]> = receipts
        .clone()
        .map(|one| one.id.as_bytes().as_slice())
        .collect();
    let digests: Vec<Vec<u8>> = receipts
        .map(|one| one.digest().as_bytes().to_vec())
        .collect();
    let months: Vec<i32> = found.iter().map(|found| found.month).collect();
    let mut writers = Vec::with_capacity(found.len());
    let mut numbers = Vec::with_capacity(found.len());
    for found in found {
        writers.push(self::writer(found.place)?);
        numbers.push(number(found.place)?);
    }
    session.query(
        "UPDATE placet.entries AS e SET id = NULL, follows = NULL, at = NULL, situation = NULL, states = NULL, \
           how = NULL, signals = NULL, address = NULL, user_agent = NULL, salt = NULL, erased = gone.digest \
         FROM unnest($1::integer[], $2::bigint[], $3::integer[], $4::bytea[]) \
           AS gone (writer, number, month, digest) \
         WHERE e.writer = gone.writer AND e.number = gone.number AND e.month = gone.month",
        &[&writers, &numbers, &months, &digests],
    )?;
    session.query("DELETE FROM placet.ids WHERE id = ANY($1)", &[&ids])?;
    if why == Why::Request {
        let traces = found.iter().map(|found| trace(found.receipt.id));
        let mut traces: Vec<Vec<u8>> = traces.map(|trace| trace.as_bytes().to_vec()).collect();
        // In one order, so that two servers wait for one another in one direction only.
        traces.sort_unstable();
        session.query(
            "INSERT INTO placet.forgotten SELECT unnest($1::bytea[]) ON CONFLICT DO NOTHING",
            &[&traces],
        )?;
    }
    let rows = session.query(
        "SELECT writer, number, link FROM placet.writers WHERE writer = $1 FOR UPDATE",
        &[&writer],
    )?;
    let mut head = read::head(own_row(&rows)?)?;
    let erasure = Erasure::new(now, why, found.iter().map(|found| found.place));
    let json = erasure.to_json();
    let entry = head.append(Content::Erasure(erasure));
    let link = entry.link.as_bytes().as_slice();
    let place = number(entry.place)?;
    session.query(
        "INSERT INTO placet.entries (writer, number, month, link, erasure) VALUES ($1, $2, $3, $4, $5)",
        &[&writer, &place, &month(now), &link, &json.as_bytes()],
    )?;
    let count = i64::try_from(found.len()).unwrap_or(i64::MAX);
    session.query(
        "UPDATE placet.writers SET number = $2, link = $3, receipts = receipts - $4, erased = erased + $4 \
         WHERE writer = $1",
        &[&writer, &place, &link, &count],
    )?;
    Ok(())
}

/// What [`crate::store::Store::erase`] erases.
pub(super) fn to_erase(id: ChoiceId) -> impl FnOnce(&mut Session) -> Result<Vec<Found>, Fault> {
    move |session| read::history(session, id, usize::MAX, true)
}
