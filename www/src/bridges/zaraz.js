// Cloudflare Zaraz, which keeps what it is told: `zaraz.consent.set({ purpose: true })`, and then sends the events
// that waited for it. The purposes and their categories are the policy's to name.

export function zaraz({ purposes }, { quietly, restored }) {
  let decided = [];
  const send = () => {
    const consent = window.zaraz?.consent;
    if (!consent?.APIReady) return;
    const known = consent.getAll() ?? {};
    // What is undecided is not refused; but what Zaraz remembers of a yes that no longer holds, is taken back.
    const is = (decision) => decision == "granted";
    const isNew = ([purpose, decision]) =>
      decision == "undecided" ? known[purpose] === true : known[purpose] !== is(decision);
    const changed = decided.filter(isNew).map(([purpose, decision]) => [purpose, is(decision)]);
    if (!changed.length) return;
    consent.set(Object.fromEntries(changed));
    if (changed.some(([, is]) => is)) consent.sendQueuedEvents();
  };
  document.addEventListener("zarazConsentAPIReady", () => quietly(send), { signal: restored });
  return (of, categories) => {
    decided = Object.entries(purposes).map(([purpose, category]) => [purpose, categories[category].decision]);
    send();
  };
}
