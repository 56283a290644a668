// Starts Placet as a bundled application does. There the first line is `import { start } from "placet"`.
import { start } from "../dist/placet.mjs";

const placet = start({
  policy: {
    revision: 1,
    consent_cookie: { secure: false },
    services: [
      { id: "journal", category: "necessary", purpose: "Remembers your choice." },
      {
        id: "counter",
        name: "Counter",
        category: "analytics",
        purpose: "Counts how often you were here.",
        cookies: [{ name: "visits", lifetime: "30d", purpose: "The number of your visits." }],
      },
    ],
  },
  layout: "box",
});

placet.on("change", ({ categories }) => {
  const { decision, reason } = categories.analytics;
  document.querySelector("#standing").textContent = `Analytics: ${decision} (${reason})`;
});
