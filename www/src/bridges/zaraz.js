// Cloudflare Zaraz, which keeps what it is told: `zaraz.consent.set({ purpose: true })`, and then sends the events
// that waited for it. The purposes and their categories are the policy's to name.

export function zaraz({ purposes }, { quietly, restored }) {
  let holds = [];
  const send = () => {
    const consent = window.zaraz?.consent;
    if (!consent?.APIReady) return;
    const known = consent.getAll() ?? {};
    const changed = holds.filter(([purpose, is]) => known[purpose] !== is);
    if (!changed.length) return;
    consent.set(Object.fromEntries(changed));
    if (changed.some(([, is]) => is)) consent.sendQueuedEvents();
  };
  document.addEventListener("zarazConsentAPIReady", () => quietly(send), { signal: restored });
  return (of, categories) => {
    const decided = Object.entries(purposes).map(([purpose, category]) => [purpose, categories[category].decision]);
    // What is undecided is not refused.
    holds = decided.filter(([, decision]) => decision != "undecided").map(([purpose, decision]) => [purpose, decision == "granted"]);
    send();
  };
}
