-- Layout 2: one call adds a batch, and asks the index of ids by adding to it. What is there already undoes the call without
-- a word in the server's log, which would quote the id.

-- Adds receipts to a chain that ends with this number and link: all of them, or none where the chain ends elsewhere, an id
-- is there already, or its person has asked to erase it. The numbers of the new entries follow. Ids are taken in their order,
-- so that two servers wait for one another in one direction only.
CREATE FUNCTION placet.add(
  of_writer integer, after_number bigint, after_link bytea,
  months integer[], links bytea[], new_ids bytea[], followed bytea[], moments bigint[], situations integer[],
  all_states bytea[], hows smallint[], all_signals smallint[], addresses bytea[], user_agents bytea[], salts bytea[],
  end_link bytea, added bigint, last_moment bigint,
  days integer[], alike_situations integer[], alike_states bytea[], alike_hows smallint[], alike_signals smallint[],
  counts bigint[]
) RETURNS boolean LANGUAGE plpgsql
-- One plan does for all batches, however many there are in each.
SET plan_cache_mode = force_generic_plan AS $$
BEGIN
  UPDATE placet.writers SET number = number + added, link = end_link, receipts = receipts + added, last = last_moment
    WHERE writer = of_writer AND number = after_number AND link = after_link;
  IF NOT FOUND THEN
    RETURN false;
  END IF;
  -- Side by side, without a table of each that `FROM unnest` would make first.
  INSERT INTO placet.ids (id, writer, number, month)
    SELECT unnest(new_ids), of_writer, after_number + generate_series(1, added), unnest(months) ORDER BY 1;
  -- After the ids: who erases one removes it and leaves its trace at once.
  IF EXISTS (SELECT FROM placet.forgotten) AND EXISTS (
    SELECT FROM unnest(new_ids) AS new (id)
    CROSS JOIN LATERAL (SELECT FROM placet.forgotten WHERE forgotten.id = sha256(new.id) LIMIT 1) gone
  ) THEN
    RAISE unique_violation;
  END IF;
  INSERT INTO placet.entries (writer, number, month, link, id, follows, at, situation, states, how, signals, address,
      user_agent, salt)
    SELECT of_writer, after_number + generate_series(1, added), unnest(months), unnest(links), unnest(new_ids),
      unnest(followed), unnest(moments), unnest(situations), unnest(all_states), unnest(hows), unnest(all_signals),
      unnest(addresses), unnest(user_agents), unnest(salts);
  INSERT INTO placet.tallies AS old (day, situation, states, how, signals, writer, count)
    SELECT unnest(days), unnest(alike_situations), unnest(alike_states), unnest(alike_hows), unnest(alike_signals),
      of_writer, unnest(counts)
    ON CONFLICT (day, situation, states, how, signals, writer) DO UPDATE SET count = old.count + excluded.count;
  RETURN true;
EXCEPTION WHEN unique_violation THEN
  RETURN false;
END
$$;
