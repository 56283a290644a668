// What keeps the panel up to date, and what the museum's two careless scripts share. Without JavaScript
// the pages say the same, as of their last load.

const entries = document.getElementById("entries");
const standing = document.getElementById("standing");

/** Why the script tag let nothing through, in the panel's words. */
const WHY = {
  regime: "nothing was chosen, and so the regime of the region holds",
  chosen: "the visitor chose so",
  gpc: "Global Privacy Control refuses its category",
  dnt: "Do Not Track refuses its category",
};

const make = (element, className, text) => Object.assign(document.createElement(element), { className, textContent: text });

/** Says what a script did in the browser: no server sees that happen. */
function tell(names, is, what, why) {
  const list = document.createElement("ul");
  for (const name of names) {
    const item = document.createElement("li");
    item.append(make("code", "", name));
    list.append(item);
  }
  const group = make("div", "group", "");
  group.dataset.is = is;
  group.append(make("p", "what", what), list, make("p", "why", why));
  const entry = make("li", "entry", "");
  entry.append(make("h4", "", "document.cookie"), group);
  entries.prepend(entry);
}

/** Writes cookies as trackers do, and asks the server for something, so that they travel. */
window.write = async (cookies) => {
  for (const [name, [value, seconds]] of Object.entries(cookies)) {
    document.cookie = `${name}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax`;
  }
  // What was written before it is there waits for the engine.
  await window.placet?.ready.catch(() => {});
  await new Promise((done) => setTimeout(done));
  const kept = Object.keys(cookies).filter((name) => document.cookie.includes(`${name}=`));
  if (kept.length) tell(kept, "written", "written in your browser", "a script of the page did that, and may");
  await fetch("/count", { cache: "no-store" });
};

if (entries && standing) {
  const events = new EventSource(`/demo/events?after=${entries.dataset.after}`);
  events.addEventListener("exchange", ({ data }) => {
    entries.insertAdjacentHTML("afterbegin", data);
    while (entries.children.length > 60) entries.lastElementChild.remove();
  });
  events.addEventListener("holds", ({ data }) => {
    standing.innerHTML = data;
  });

  const refused = new Map();
  window.placet?.on("refused", ({ kind, name, reason }) => {
    if (kind != "cookie") return;
    // Those of one moment are told together.
    if (!refused.size) {
      setTimeout(() => {
        for (const why of new Set(refused.values())) {
          const names = [...refused.keys()].filter((one) => refused.get(one) == why);
          tell(names, "stripped", "not written in your browser", WHY[why] ?? why);
        }
        refused.clear();
      });
    }
    refused.set(name, reason);
  });
  // What holds is the server's to say.
  let isFirst = true;
  window.placet?.on("change", () => {
    if (!isFirst) fetch("/count", { cache: "no-store" });
    isFirst = false;
  });

  document.getElementById("again").addEventListener("submit", (event) => {
    event.preventDefault();
    write({
      "_pk_id.1.4b1d": ["5e1f0c2a77d0b3e9.1795000000.", 33955200],
      "_pk_ses.1.4b1d": ["1", 1800],
      _ga_T1DEC0DE: ["GS2.1.s1795000000", 34560000],
      _fbp: ["fb.1.1795000000000.420731337", 7776000],
    });
  });
}
