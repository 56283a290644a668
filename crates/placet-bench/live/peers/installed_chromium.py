"""Runs an entry point, `MODULE:FUNCTION`, that starts Playwright's own browser, which is not there: it starts the installed one."""

import importlib
import os
import sys

from playwright.async_api import BrowserType

launch = BrowserType.launch


async def launch_installed(self, **options):
    options["args"] = [*(options.get("args") or []), "--no-sandbox"]
    options.pop("channel", None)
    return await launch(self, **{**options, "executable_path": os.environ["BENCH_CHROMIUM"]})


BrowserType.launch = launch_installed
entry = sys.argv.pop(1)
module, function = entry.split(":")
getattr(importlib.import_module(module), function)()
