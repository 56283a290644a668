// Real browsers, by WebDriver: one of Chromium, Firefox and WebKitGTK with an empty profile, and what a
// visitor does with it. Firefox sends Global Privacy Control and Do Not Track of itself when it is asked to.
//
// Programs are looked for on the path: chromedriver, geckodriver (or $GECKODRIVER), WebKitWebDriver, Xvfb.
import assert from "node:assert/strict";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { By, Capabilities, WebDriver } from "selenium-webdriver";
import { Executor, HttpClient } from "selenium-webdriver/http/index.js";
import { Program, freePort, poll } from "./program.mjs";

const axe = await readFile(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");
/** Where screenshots of failures go. */
const pictures = fileURLToPath(new URL("../../target/browser", import.meta.url));

/** How each is started: its driver's words, and what a session asks of it. */
const ENGINES = {
  chromium: {
    driver: "chromedriver",
    words: (port) => [`--port=${port}`],
    capabilities: ({ javascript, cookies }) => ({
      browserName: "chrome",
      "goog:chromeOptions": {
        binary: process.env.CHROMIUM ?? "/usr/bin/chromium",
        args: [
          ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
          ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
        ],
        // 2 blocks.
        prefs: {
          "profile.managed_default_content_settings.javascript": javascript ? 1 : 2,
          "profile.managed_default_content_settings.cookies": cookies ? 1 : 2,
        },
      },
    }),
  },
  firefox: {
    driver: process.env.GECKODRIVER ?? "geckodriver",
    words: (port) => [`--port=${port}`, "--websocket-port=0"],
    capabilities: ({ gpc, dnt, javascript, cookies }) => ({
      browserName: "firefox",
      "moz:firefoxOptions": {
        binary: process.env.FIREFOX ?? "/usr/bin/firefox-esr",
        args: ["-headless"],
        prefs: {
          "javascript.enabled": javascript,
          // 5 is its default, 2 takes none.
          "network.cookie.cookieBehavior": cookies ? 5 : 2,
          "privacy.globalprivacycontrol.enabled": gpc,
          "privacy.donottrackheader.enabled": dnt,
          // It has nothing to look for elsewhere.
          "app.normandy.enabled": false,
          "nimbus.rollouts.enabled": false,
        },
      },
    }),
    sendsSignals: true,
  },
  webkit: {
    driver: "WebKitWebDriver",
    words: (port) => [`--port=${port}`],
    capabilities: ({ javascript, cookies }) => ({
      browserName: "MiniBrowser",
      "webkitgtk:browserOptions": {
        args: ["--automation", `--enable-javascript=${javascript}`, `--cookies-policy=${cookies ? "no-third-party" : "never"}`],
      },
    }),
    needsDisplay: true,
  },
};

/** Their names. */
export const engines = Object.keys(ENGINES);

/** A browser with its driver and a folder for all that both write. */
export class Browser {
  /** What WebDriver can do beyond the methods here, as `selenium-webdriver` has it. */
  driver;
  #programs = [];
  #folder;

  /**
   * Opens a browser that nobody has used: `gpc` and `dnt` are signals that it sends, `javascript` whether pages run
   * theirs, `cookies` whether it keeps any.
   */
  static async open(engine, { gpc = false, dnt = false, javascript = true, cookies = true } = {}) {
    const browser = new Browser();
    try {
      await browser.#start(ENGINES[engine], { gpc, dnt, javascript, cookies });
    } catch (error) {
      await browser.close();
      throw error;
    }
    return browser;
  }

  async #start(engine, options) {
    assert.ok(engine.sendsSignals || !(options.gpc || options.dnt), "of the three only Firefox sends signals itself");
    this.#folder = await mkdtemp(path.join(tmpdir(), "placet-browser-"));
    const env = { PATH: process.env.PATH, HOME: this.#folder, TMPDIR: this.#folder, LANG: "en_US.UTF-8" };
    if (engine.needsDisplay) {
      const words = ["-displayfd", "3", "-screen", "0", "1280x1024x24", "-nolisten", "tcp"];
      const display = new Program("Xvfb", words, { env, listening: 3 });
      this.#programs.push(display);
      env.DISPLAY = `:${await display.line()}`;
    }
    const port = await freePort();
    const driver = new Program(engine.driver, engine.words(port), { env });
    this.#programs.push(driver);
    const address = `http://127.0.0.1:${port}`;
    const status = () => fetch(`${address}/status`).then((answer) => answer.json()).catch(() => undefined);
    const ready = await poll(status, (said) => said?.value.ready || !driver.isRunning);
    if (!ready?.value.ready) driver.fail("is not ready");
    const capabilities = new Capabilities({ ...engine.capabilities(options), proxy: { proxyType: "direct" } });
    const session = WebDriver.createSession(new Executor(new HttpClient(address)), capabilities);
    await session.getSession().catch((error) => driver.fail(`opens no browser (${error.message})`));
    this.driver = session;
    await session.manage().setTimeouts({ script: 60_000, pageLoad: 60_000 });
  }

  /** Goes to an address and waits until its page is there. */
  async go(address) {
    await this.driver.get(address);
  }

  /** Presses the button that says this, and waits for the page that follows. */
  async press(name) {
    // While one page goes and the next comes there is none to ask.
    const page = () => this.run(() => [performance.timeOrigin, document.readyState]).catch(() => []);
    const [before] = await page();
    await this.driver.findElement(By.xpath(`//button[normalize-space()=${JSON.stringify(name)}]`)).click();
    const isNext = ([origin, state]) => origin !== undefined && origin !== before && state === "complete";
    assert.ok(isNext(await poll(page, isNext)), `no page followed the button “${name}”`);
  }

  /** What a function gives that runs in the page; it sees nothing but its arguments. */
  async run(script, ...values) {
    return this.driver.executeScript(script, ...values);
  }

  /** The texts of all that a selector finds. */
  async texts(selector) {
    return this.run((selector) => Array.from(document.querySelectorAll(selector), (found) => found.textContent), selector);
  }

  /** The cookies that would be sent to this page, by name, whether scripts see them or not. */
  async cookies() {
    const all = await this.driver.manage().getCookies();
    return Object.fromEntries(all.map(({ name, value }) => [name, value]).toSorted());
  }

  /** What the page's own script would get of an address that answers with JSON. */
  async json(address) {
    return this.driver.executeAsyncScript((address, done) => {
      fetch(address).then((answer) => answer.json()).then(done, (error) => done(String(error)));
    }, address);
  }

  /** Asserts that axe finds nothing in the page. */
  async assertAccessible() {
    const { violations, passes } = await this.driver.executeAsyncScript(`${axe};
      const done = arguments[arguments.length - 1];
      const shown = ({ id, help, nodes }) => id + ": " + help + "\\n  " + nodes.map((node) => node.html).join("\\n  ");
      window.axe.run(document).then(
        ({ violations, passes }) => done({ violations: violations.map(shown), passes: passes.length }),
        (error) => done({ violations: [String(error)] }),
      );`);
    assert.deepEqual(violations, []);
    assert.ok(passes > 10, `axe looked at ${passes} rules only`);
  }

  /** Writes what is seen of the page to a PNG file. */
  async screenshot(file) {
    await writeFile(file, await this.driver.takeScreenshot(), "base64");
  }

  /** Ends the browser, what drove it, and what both wrote. */
  async close() {
    await this.driver?.quit().catch(() => {});
    for (const program of this.#programs.toReversed()) await program.end();
    if (this.#folder) await rm(this.#folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Opens a browser, hands it to `act`, and ends it whatever happens; where `act` fails, a screenshot tells more. */
export async function visit(engine, options, act) {
  const browser = await Browser.open(engine, options);
  try {
    await act(browser);
  } catch (error) {
    await mkdir(pictures, { recursive: true });
    const file = path.join(pictures, `${engine}-failed.png`);
    await browser.screenshot(file).then(() => console.log(`what ${engine} showed: ${file}`), () => {});
    throw error;
  } finally {
    await browser.close();
  }
}
