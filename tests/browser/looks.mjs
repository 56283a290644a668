// How the banner looks and is used in three real browsers, in every layout, theme and direction: accessible by
// axe, within the window however small that is, at rest, told to those who do not see it, and never over
// what has the focus. Every look is written as a screenshot.
//
//   node looks.mjs FOLDER               the folder with `placet.js` and what it loads (`www/dist`);
//                                       the browsers are those of browsers.mjs, the screenshots go to
//                                       `target/browser/looks`
import assert from "node:assert/strict";
import { mkdir, readFile, readdir } from "node:fs/promises";
import path from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { Key } from "selenium-webdriver";
import { allows, arrive, isGranted, isShown, press, shown } from "./banner.mjs";
import { engines, visit } from "./browsers.mjs";
import { poll } from "./program.mjs";
import { startSite } from "./site.mjs";

const [folder] = process.argv.slice(2);
assert.ok(folder, "found no folder; expected: node looks.mjs FOLDER");
const site = await startSite(folder);
after(() => site.close());
const { origin } = site;
const pictures = fileURLToPath(new URL("../../target/browser/looks", import.meta.url));
await mkdir(pictures, { recursive: true });

const layouts = ["bar", "box", "dialog"];
const themes = ["light", "dark"];
const directions = { ltr: "en", rtl: "ar" };
const text = `<p>${"Words of the page. ".repeat(40)}</p>`;
const film = `<iframe title="Film" style="max-width: 100%" data-placet="film" data-src="/any/film"></iframe>`;
const page = (attributes, lang = "en", body = text + film) =>
  origin + site.add(body, { lang, head: `<meta name="viewport" content="width=device-width">${site.tag(`data-privacy="/privacy" ${attributes}`)}` });

/** Runs in the page, with the banner's shadow tree at hand. */
const inBanner = (browser, ask, ...given) =>
  browser.run(`const root = document.querySelector("placet-consent").shadowRoot; return (${ask})(root, ...arguments);`, ...given);
/** Waits until what was done is seen. */
const frames = (browser) => browser.driver.executeAsyncScript((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))));

/** Opens the preferences with everything in them unfolded. */
async function unfold(browser) {
  await press(browser, "show");
  await isShown(browser, "preferences");
  await inBanner(browser, (root) => root.querySelectorAll("details").forEach((one) => (one.open = true)));
  await frames(browser);
}

/** What sticks out of its layer or the window, and what cannot be reached in it. */
const cutOff = (root) => {
  const found = [];
  const layer = root.querySelector(".panel");
  const whole = layer.getBoundingClientRect();
  if (whole.left < 0 || whole.top < 0 || whole.right > innerWidth || whole.bottom > innerHeight) {
    found.push(`the layer: ${[whole.left, whole.top, whole.right, whole.bottom].map(Math.round)} of ${innerWidth} x ${innerHeight}`);
  }
  if (layer.scrollWidth > layer.clientWidth) found.push(`the layer scrolls sideways: ${layer.scrollWidth} in ${layer.clientWidth}`);
  const { scrollWidth, clientWidth } = document.documentElement;
  if (scrollWidth > clientWidth) found.push(`the page scrolls sideways: ${scrollWidth} in ${clientWidth}`);
  for (const one of layer.querySelectorAll("button, summary, input, a, h2, h3, p, legend, label")) {
    // Tables may be wider than a small window: they scroll by themselves.
    if (one.closest(".table")) continue;
    one.scrollIntoView({ block: "center" });
    const { left, right, top, bottom } = one.getBoundingClientRect();
    if (left < whole.left || right > whole.right || one.scrollWidth > one.clientWidth + 1 && one.clientWidth) {
      found.push(`${one.nodeName} ${one.textContent.slice(0, 30)}: ${Math.round(left)} to ${Math.round(right)}`);
    }
    if (one.matches("button, summary, input")) {
      const hit = root.elementFromPoint((left + right) / 2, (top + bottom) / 2);
      if (!(hit == one || one.contains(hit))) found.push(`${one.nodeName} ${one.textContent} is under ${hit?.nodeName}`);
      const [width, height] = [right - left, bottom - top];
      if (width < 24 || height < 24) found.push(`${one.nodeName} ${one.textContent} is ${width} x ${height}`);
    }
  }
  return found;
};

for (const engine of engines) {
  const rule = (says, act) => test(`${engine}: ${says}`, () => visit(engine, {}, act));

  for (const layout of layouts) {
    rule(`the ${layout} and its preferences are accessible in each theme and direction`, async (browser) => {
      await browser.driver.manage().window().setRect({ width: 1100, height: 800 });
      for (const theme of themes) {
        for (const [direction, lang] of Object.entries(directions)) {
          await arrive(browser, page(`data-layout="${layout}" data-theme="${theme}"`, lang));
          await isShown(browser, "first");
          await frames(browser);
          assert.equal(await inBanner(browser, (root) => getComputedStyle(root.querySelector(".panel")).direction), direction);
          await browser.screenshot(path.join(pictures, `${engine} ${layout} ${theme} ${direction}.png`));
          await browser.assertAccessible();
          await unfold(browser);
          await browser.screenshot(path.join(pictures, `${engine} ${layout} ${theme} ${direction} preferences.png`));
          await browser.assertAccessible();
        }
      }
    });
  }

  rule("nothing is cut off or out of reach in a small window", async (browser) => {
    await browser.driver.manage().window().setRect({ width: 1100, height: 800 });
    // 640 x 400 is a window of 1280 x 800 at 200 %, 320 x 256 one of 1280 x 1024 at 400 %.
    for (const [width, height] of [[640, 400], [320, 560], [320, 256]]) {
      for (const layout of layouts) {
        // Where the window cannot be as small, a frame is.
        const inner = page(`data-layout="${layout}"`, "de");
        const outer = site.add(`<iframe title="Small" width="${width}" height="${height}" src="${inner}"></iframe>`, { head: "<style>iframe { border: 0 }</style>" });
        await browser.go(origin + outer);
        await browser.driver.switchTo().frame(0);
        await isShown(browser, "first");
        assert.deepEqual(await browser.run(() => [innerWidth, innerHeight]), [width, height]);
        assert.deepEqual(await inBanner(browser, cutOff), [], `${layout} ${width} x ${height}`);
        await inBanner(browser, (root) => root.querySelectorAll(".panel").forEach((one) => one.scrollTo(0, 0)));
        await frames(browser);
        await browser.screenshot(path.join(pictures, `${engine} ${layout} ${width} x ${height}.png`));
        await unfold(browser);
        assert.deepEqual(await inBanner(browser, cutOff), [], `preferences ${layout} ${width} x ${height}`);
        await browser.driver.switchTo().defaultContent();
      }
    }
  });

  rule("what is shown and that a choice is saved is said to those who do not see it", async (browser) => {
    const said = () => inBanner(browser, (root) => root.querySelector("[role=status]").textContent);
    const says = async (text) => assert.equal(await poll(said, (found) => found == text), text);
    await arrive(browser, page(""));
    await isShown(browser, "first");
    await says("Your privacy choices");
    const first = await inBanner(browser, (root) => {
      const layer = root.querySelector(".first");
      return [layer.role ?? layer.getAttribute("role"), layer.getAttribute("aria-modal"), root.getElementById(layer.getAttribute("aria-labelledby")).textContent];
    });
    assert.deepEqual(first, ["region", null, "Your privacy choices"]);
    await press(browser, "refused");
    await says("Your choice is saved.");
    await press(browser, "show");
    await isShown(browser, "preferences");
    await says("");
    // To leave without a choice is none.
    await press(browser, "close");
    await isShown(browser, "reopen");
    await new Promise((later) => setTimeout(later, 300));
    assert.equal(await said(), "");
    await arrive(browser, page(""));
    await isShown(browser, "reopen");
    await new Promise((later) => setTimeout(later, 300));
    assert.equal(await said(), "", "a page whose visitor has chosen says nothing");
  });

  rule("what has the focus is never under a layer", async (browser) => {
    const links = Array.from({ length: 40 }, (_, number) => `<p><a href="#${number}">Link ${number}</a></p>`).join("");
    const fixed = `<nav style="position: fixed; bottom: 0; left: 0"><a href="#fixed" id="fixed">Fixed</a></nav>`;
    for (const attributes of ["", `data-layout="box"`, `data-layout="dialog"`, `data-position="top"`]) {
      await arrive(browser, page(attributes, "en", links + fixed));
      await isShown(browser, "first");
      await frames(browser);
      const covered = () =>
        browser.driver.executeAsyncScript(async (done) => {
          const found = [];
          const root = document.querySelector("placet-consent").shadowRoot;
          for (const link of document.querySelectorAll("a")) {
            const isFree = () => {
              const [over, under] = [root.querySelector(".first, .reopen"), link].map((one) => one.getBoundingClientRect());
              const isApart = under.bottom <= over.top || under.top >= over.bottom || under.right <= over.left || under.left >= over.right;
              return isApart && under.bottom > 0 && under.top < innerHeight;
            };
            link.focus();
            // What moves the layer away is loaded for the first of them.
            for (let frame = 0; frame < 3 || (frame < 300 && !isFree()); frame++) await new Promise(requestAnimationFrame);
            if (!isFree()) found.push(link.textContent);
          }
          done(found);
        });
      assert.deepEqual(await covered(), [], attributes);
      await press(browser, "refused");
      await isShown(browser, "reopen");
      assert.deepEqual(await covered(), [], `the way back, ${attributes}`);
      await browser.driver.manage().deleteAllCookies();
    }
  });

  rule("everything can be done by keyboard, which stays in the preferences and comes back", async (browser) => {
    const type = (...keys) => browser.driver.actions().sendKeys(...keys).perform();
    const focused = () => browser.run(() => document.activeElement.textContent || document.activeElement.nodeName);
    await arrive(browser, page("", "en", `<button data-placet-show>Privacy</button>`));
    await isShown(browser, "first");
    await browser.run(() => document.querySelector("button").focus());
    await type(Key.ENTER);
    await isShown(browser, "preferences");
    const gone = new Set();
    for (let presses = 0; presses < 30; presses++) {
      await type(Key.TAB);
      gone.add(await browser.run(() => document.activeElement?.nodeName ?? "BODY"));
    }
    assert.deepEqual([...gone].filter((name) => name != "BODY"), ["PLACET-CONSENT"]);
    await type(Key.ESCAPE);
    await isShown(browser, "first");
    assert.equal(await focused(), "Privacy");
    assert.deepEqual(await browser.cookies(), {}, "to close is no choice");
    await type(Key.ENTER);
    await isShown(browser, "preferences");
    await inBanner(browser, (root) => root.querySelector("input[name=analytics]").focus());
    await type(Key.SPACE);
    await inBanner(browser, (root) => root.querySelector("[data-do=save]").focus());
    await type(Key.ENTER);
    await isGranted(browser, "analytics");
    assert.equal(await allows(browser, "marketing"), false);
    await isShown(browser, "");
    assert.equal(await focused(), "Privacy");
  });

  rule("what stands in the place of a frame is as large, and gives its place to the frame", async (browser) => {
    const sized = film.replace("max-width: 100%", "width: 400px; height: 300px; display: block");
    const tiny = `<iframe title="Tiny" data-placet="film" data-src="/any/tiny" width="1" height="1"></iframe>`;
    await arrive(browser, page("", "en", sized + tiny));
    await isShown(browser, "first");
    const sizes = () =>
      browser.run(() =>
        Array.from(document.querySelectorAll("placet-placeholder, iframe"), (one) => {
          const { width, height } = one.getBoundingClientRect();
          return [one.nodeName, width, height, getComputedStyle(one).display].join(" ");
        }),
      );
    await poll(sizes, ({ length }) => length == 3);
    const [placeholder, frame, other] = await sizes();
    assert.match(placeholder, /^PLACET-PLACEHOLDER 40\d 30\d block$/);
    assert.equal(frame, "IFRAME 0 0 none");
    assert.match(other, /^IFRAME [1-5] [1-5] inline$/);
    await browser.run(() => document.querySelector("placet-placeholder").shadowRoot.querySelector("button").click());
    assert.equal(await poll(() => browser.run(() => document.querySelector("iframe").src), (src) => src), `${origin}/any/film`);
    assert.match((await sizes())[0], /^IFRAME 40\d 30\d block$/);
    assert.equal(await allows(browser, "marketing"), true);
  });

  rule("a site without a banner of ours is told what to show", async (browser) => {
    const head = `${site.tag(`data-layout="none"`)}<script>window.asked = []; placet.on("show", (what) => asked.push(what))</script>`;
    site.asked.length = 0;
    await arrive(browser, origin + site.add("<button data-placet-show>Privacy</button>", { head }));
    const asked = () => browser.run(() => window.asked);
    assert.deepEqual(await asked(), ["banner"]);
    await browser.run(() => document.querySelector("button").click());
    await browser.run(() => window.placet.choose("granted"));
    assert.deepEqual(await asked(), ["banner", "preferences", "button"]);
    assert.equal(await shown(browser), "");
    assert.ok(!site.asked.includes("/placet-banner.js"));
  });

  rule("a site can style what is named in the documentation", async (browser) => {
    const parts = new Set();
    const gather = async () => {
      const found = await browser.run(() =>
        Array.from(document.querySelectorAll("placet-consent, placet-placeholder")).flatMap((host) =>
          Array.from(host.shadowRoot.querySelectorAll("[part]"), (one) => one.getAttribute("part"))),
      );
      found.forEach((part) => parts.add(part));
    };
    await arrive(browser, origin + site.add(film, { head: `<style>
      placet-consent::part(banner) { border-style: dotted }
      placet-consent { --placet-accent: rgb(120, 0, 60); --placet-radius: 3px }
      button, h2, p { display: none !important }
    </style>${site.tag(`data-privacy="/privacy"`)}` }));
    await isShown(browser, "first");
    const look = await inBanner(browser, (root) => {
      const [layer, button] = [".first", "button"].map((one) => getComputedStyle(root.querySelector(one)));
      return [layer.borderTopStyle, layer.borderTopLeftRadius, button.backgroundColor, button.display];
    });
    assert.deepEqual(look, ["dotted", "3px", "rgb(120, 0, 60)", "block"]);
    await gather();
    await press(browser, "show");
    await isShown(browser, "preferences");
    await gather();
    await press(browser, "refused");
    await isShown(browser, "reopen");
    await gather();
    const told = (await readFile(new URL("../../www/README.md", import.meta.url), "utf8")).match(/^\| `::part\((.+)\)` \|/gm) ?? [];
    const named = told.flatMap((line) => Array.from(line.matchAll(/part\(([a-z]+)\)/g), ([, part]) => part));
    // The note stands for a signal, which this visitor does not send.
    assert.deepEqual([...parts, "note"].toSorted(), named.toSorted());
  });
}

for (const engine of engines) {
  test(`${engine}: every layer is there at once, for whomever: nothing fades in or slides`, () =>
    visit(engine, {}, async (browser) => {
      await arrive(browser, page(""));
      for (const layer of ["first", "preferences"]) {
        if (layer == "preferences") await press(browser, "show");
        await isShown(browser, layer);
        const moving = await inBanner(browser, (root) =>
          [...root.querySelectorAll("*")]
            .map((element) => [element.nodeName, getComputedStyle(element)])
            .filter(([, { animationName, transitionDuration }]) => animationName != "none" || transitionDuration != "0s")
            .map(([name]) => name),
        );
        assert.deepEqual(moving, [], layer);
      }
    }));
}

test("chromium: nothing moves when the banner comes, goes or opens", () =>
  visit("chromium", {}, async (browser) => {
    for (const layout of layouts) {
      await arrive(browser, page(`data-layout="${layout}"`, "en", `${text}${film}<p>More words.</p>`));
      await isShown(browser, "first");
      // It is built by a part that is loaded for it.
      const isPlaced = () => browser.run(() => !!document.querySelector("placet-placeholder")?.offsetHeight);
      assert.ok(await poll(isPlaced, (is) => is), layout);
      const moved = () =>
        browser.driver.executeAsyncScript((done) => {
          const shifts = [];
          const observer = new PerformanceObserver((list) => shifts.push(...list.getEntries().map(({ value }) => value)));
          observer.observe({ type: "layout-shift", buffered: true });
          setTimeout(() => done(shifts), 200);
        });
      assert.deepEqual(await moved(), [], layout);
      await press(browser, "show");
      await isShown(browser, "preferences");
      await press(browser, "refused");
      await isShown(browser, "reopen");
      assert.deepEqual(await moved(), [], `${layout}, after a choice`);
      await browser.driver.manage().deleteAllCookies();
    }
  }));

test("chromium: no text is cut off in any language in the smallest window", () =>
  visit("chromium", {}, async (browser) => {
    const locales = await readdir(new URL("../../crates/placet-texts/locales/", import.meta.url));
    for (const lang of locales.map((file) => path.basename(file, ".json"))) {
      const outer = site.add(`<iframe title="Small" width="320" height="560" src="${page("", lang)}"></iframe>`, { head: "<style>iframe { border: 0 }</style>" });
      await browser.go(origin + outer);
      await browser.driver.switchTo().frame(0);
      await isShown(browser, "first");
      assert.deepEqual(await inBanner(browser, cutOff), [], lang);
      await unfold(browser);
      assert.deepEqual(await inBanner(browser, cutOff), [], `preferences ${lang}`);
      await browser.driver.switchTo().defaultContent();
    }
  }));
