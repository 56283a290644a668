// The banners that are measured: each as its documentation says, in English, with four categories of which
// one is necessary, on the same page. What a site itself writes (the policy, the configuration) stands in the
// page or is not counted.
import { readFile } from "node:fs/promises";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** What all of them ask about. */
const CATEGORIES = { necessary: "Necessary", functional: "Functional", analytics: "Analytics", marketing: "Marketing" };
const optional = Object.keys(CATEGORIES).filter((id) => id != "necessary");

/** The policy that placet is measured with: a service for each category. */
export const policy = {
  revision: 1,
  consent_cookie: { secure: false },
  services: Object.keys(CATEGORIES).map((category) => ({
    id: `our-${category}`,
    name: CATEGORIES[category],
    category,
    purpose: `What this site stores for ${category}.`,
    cookies: [{ name: `_${category}*`, lifetime: "1y", purpose: "Recognises a visitor." }],
    scripts: [`https://${category}.example/*`],
  })),
};

const ours = { host: "placet-consent", selector: ".first" };

const npm = path.join(import.meta.dirname, "node_modules");

const vanilla = {
  guiOptions: { consentModal: { layout: "box", position: "bottom right" } },
  // It asks nobody whom WebDriver drives.
  hideFromBots: false,
  categories: Object.fromEntries(Object.keys(CATEGORIES).map((id) => [id, id == "necessary" ? { readOnly: true } : {}])),
  language: {
    default: "en",
    translations: {
      en: {
        consentModal: {
          title: "We use cookies",
          description: "This site stores data in your browser for the purposes that you allow.",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          showPreferencesBtn: "Choose",
        },
        preferencesModal: {
          title: "Choose",
          acceptAllBtn: "Accept all",
          acceptNecessaryBtn: "Reject all",
          savePreferencesBtn: "Save",
          sections: Object.entries(CATEGORIES).map(([linkedCategory, title]) => ({ title, description: title, linkedCategory })),
        },
      },
    },
  },
};

const orejime = {
  privacyPolicyUrl: "/privacy",
  purposes: Object.entries(CATEGORIES).map(([id, title]) => ({ id, title, isMandatory: id == "necessary", cookies: [`_${id}`] })),
};

const klaro = {
  version: 1,
  lang: "en",
  translations: { en: { purposes: CATEGORIES } },
  services: Object.entries(CATEGORIES).map(([name, title]) => ({ name, title, purposes: [name], required: name == "necessary" })),
};

const tarteaucitron = { privacyUrl: "/privacy", hashtag: "#tarteaucitron", orientation: "middle", showIcon: false, adblocker: false, useExternalCss: false };
const tarteaucitronServices = optional.map((id) => ({ key: id, type: { functional: "api", analytics: "analytic", marketing: "ads" }[id], name: CATEGORIES[id], uri: "", needConsent: true, cookies: [] }));

/**
 * Those measured by their names: what is in the head and at the end of the page, the folder from which its
 * files are served, and the element whose appearance is the banner's (`host` is that of its shadow tree). `compiled` is
 * the text of our policy.
 */
export const banners = (dist, compiled) => ({
  "floor: no banner": { head: "", folder: dist },
  placet: {
    head: `<script type="text/plain" id="placet-policy">${compiled}</script><script src="placet.js"></script>`,
    folder: dist,
    ...ours,
  },
  "placet, policy in a file": { head: `<script src="placet.js" data-policy="/made/placet.policy"></script>`, folder: dist, ...ours },
  "placet bundle": { head: `<script src="/made/placet.js"></script>`, folder: dist, ...ours },
  "vanilla-cookieconsent": {
    head: `<link rel="stylesheet" href="cookieconsent.css">`,
    end: `<script src="cookieconsent.umd.js"></script><script>CookieConsent.run(${JSON.stringify(vanilla)})</script>`,
    folder: path.join(npm, "vanilla-cookieconsent/dist"),
    selector: "#cc-main .cm",
  },
  orejime: {
    head: `<link rel="stylesheet" href="orejime-standard.css">`,
    end: `<script>window.orejimeConfig = ${JSON.stringify(orejime)}</script><script src="orejime-standard-en.js"></script>`,
    folder: path.join(npm, "orejime/dist"),
    selector: ".orejime-Banner",
  },
  klaro: {
    head: `<script>window.klaroConfig = ${JSON.stringify(klaro)}</script><script defer src="klaro.js"></script>`,
    folder: path.join(npm, "klaro/dist"),
    selector: ".klaro .cookie-notice",
  },
  tarteaucitron: {
    head: `<script src="tarteaucitron.min.js"></script><script>
      tarteaucitronForceLanguage = "en";
      tarteaucitron.init(${JSON.stringify(tarteaucitron)});
      for (const service of ${JSON.stringify(tarteaucitronServices)}) {
        service.js = service.fallback = () => {};
        tarteaucitron.services[service.key] = service;
        (tarteaucitron.job ??= []).push(service.key);
      }
    </script>`,
    folder: path.join(npm, "tarteaucitronjs"),
    selector: "#tarteaucitronAlertBig",
  },
});

/** The page that all of them stand in. */
export const page = ({ head, end = "" }) => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A shop</title>
<style>body { font: 1rem/1.5 sans-serif; max-width: 50rem; margin: 2rem auto }</style>${head}</head>
<body><main><h1>A shop</h1>${"<p>Things to buy, and words about each of them, as on any page that somebody came to read.</p>".repeat(20)}</main>${end}</body></html>`;

/** The version of a peer that is installed. */
export async function version(name) {
  const file = fileURLToPath(import.meta.resolve(`./node_modules/${name}/package.json`));
  return JSON.parse(await readFile(file, "utf8")).version;
}
