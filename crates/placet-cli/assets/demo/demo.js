// The museum's own script, as careless as its server, and what keeps the panel up to date. Both run
// from this one file; without it the pages say the same, as of their last load.

/** What the page wants the browser to keep. */
const cookies = {
  "_pk_id.1.4b1d": ["5e1f0c2a77d0b3e9.1795000000.", 33955200],
  "_pk_ses.1.4b1d": ["1", 1800],
  _ga_T1DEC0DE: ["GS2.1.s1795000000", 34560000],
  _fbp: ["fb.1.1795000000000.420731337", 7776000],
};

const entries = document.getElementById("entries");
const standing = document.getElementById("standing");

/** Says what the script wrote: no server sees that happen. */
function tell(names) {
  const entry = document.createElement("li");
  entry.className = "entry";
  const chips = names.map((name) => {
    const item = document.createElement("li");
    const code = document.createElement("code");
    code.textContent = name;
    item.append(code);
    return item;
  });
  const list = document.createElement("ul");
  list.append(...chips);
  const group = document.createElement("div");
  group.className = "group";
  group.dataset.is = "written";
  const make = (element, className, text) => Object.assign(document.createElement(element), { className, textContent: text });
  group.append(
    make("p", "what", "written in your browser"),
    list,
    make("p", "why", "a script of the page did that; the server decides what of it comes back"),
  );
  entry.append(make("h4", "", "document.cookie"), group);
  entries.prepend(entry);
}

/** Writes the cookies as trackers do, and asks the server for something, so that they travel. */
async function run() {
  for (const [name, [value, seconds]] of Object.entries(cookies)) {
    document.cookie = `${name}=${value}; Path=/; Max-Age=${seconds}; SameSite=Lax`;
  }
  tell(Object.keys(cookies));
  await fetch("/count", { cache: "no-store" });
}

if (entries && standing) {
  const events = new EventSource(`/demo/events?after=${entries.dataset.after}`);
  events.addEventListener("exchange", ({ data }) => {
    entries.insertAdjacentHTML("afterbegin", data);
    while (entries.children.length > 60) entries.lastElementChild.remove();
  });
  events.addEventListener("holds", ({ data }) => {
    standing.innerHTML = data;
  });

  document.getElementById("again").addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });
  if (document.querySelector("script[data-runs]")) run();
}
