// Loaded before a program that starts Playwright's own browser, which is not there: it starts the installed one.
import { createRequire } from "node:module";
import path from "node:path";

const { chromium } = createRequire(path.join(process.cwd(), "package.json"))("playwright");
const { launch } = Object.getPrototypeOf(chromium);
Object.getPrototypeOf(chromium).launch = function (options) {
  return launch.call(this, { ...options, executablePath: process.env.BENCH_CHROMIUM, args: [...(options?.args ?? []), "--no-sandbox"] });
};
