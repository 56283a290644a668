// Chromium by Playwright, for tests that need no other browser: $CHROMIUM, or the one of Debian's package.
import { chromium } from "playwright-core";

/** Opens it; whoever does closes it. */
export const launch = () =>
  chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"],
  });
