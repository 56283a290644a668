"""Reads the Set-Cookie headers of a HAR with json and http.cookies, and prints how many cookies that gave."""

import json
import sys
from http.cookies import SimpleCookie

cookies = 0
with open(sys.argv[1], "rb") as file:
    har = json.load(file)
for entry in har["log"]["entries"]:
    for header in entry["response"]["headers"]:
        if header["name"].lower() == "set-cookie":
            cookie = SimpleCookie()
            cookie.load(header["value"])
            cookies += len(cookie)
print(cookies)
