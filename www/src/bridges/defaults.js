// What Google and Microsoft must find before their first tag. The guard queues it itself: what it would
// have to load comes after the tags of the page.

/** What Google asks consent for, and the category that gives it. */
export const GOOGLE = {
  ad_storage: "marketing",
  ad_user_data: "marketing",
  ad_personalization: "marketing",
  analytics_storage: "analytics",
  functionality_storage: "functional",
  personalization_storage: "functional",
};

/** A command as vendors' own snippets queue it: a list of its words would be taken for data. */
export const command = function () {
  return arguments;
};

/** Queues entries before all that waits already, or behind it where the vendor has taken the queue over. */
export function queueFirst(name, ...entries) {
  const queue = (window[name] ??= []);
  try {
    queue[queue.push == [].push ? "unshift" : "push"](...entries);
  } catch {
    // What stands in the place of a queue takes nothing, from its vendor's tags either.
  }
}

/**
 * Queues that everything is refused until something else is told. True if the policy leaves it to Google where
 * that holds, which it may for a visitor of whom nothing is known: `isFresh`.
 */
export function queueDefaults({ google, microsoft_uet } = {}, isFresh) {
  const isRegional = isFresh && google?.regions?.length > 0;
  if (google) {
    const all = (value, more) =>
      command("consent", "default", {
        ...Object.fromEntries(Object.keys(GOOGLE).map((type) => [type, value])),
        security_storage: "granted",
        wait_for_update: google.wait_for_update ?? 500,
        ...more,
      });
    const commands = [all("denied", isRegional && { region: google.regions })];
    if (isRegional) commands.push(all("granted"));
    for (const name of ["ads_data_redaction", "url_passthrough"]) {
      if (google[name]) commands.push(command("set", name, true));
    }
    queueFirst("dataLayer", ...commands);
  }
  if (microsoft_uet) queueFirst("uetq", "consent", "default", { ad_storage: "denied" });
  return isRegional;
}
