"""Reads the Set-Cookie lines of a header dump with http.cookies, and prints how many cookies that gave."""

import sys
from http.cookies import SimpleCookie

PREFIX = b"set-cookie:"
cookies = 0
with open(sys.argv[1], "rb", buffering=1 << 20) as dump:
    for line in dump:
        if line[:11].lower() == PREFIX:
            cookie = SimpleCookie()
            cookie.load(line[11:].strip().decode("latin-1"))
            cookies += len(cookie)
print(cookies)
