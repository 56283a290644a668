// What a script for advertising does, in small: an identifier of its own, and a pixel of another host.
"use strict";
{
  const id = `fb.1.${Date.now()}.${Math.floor(Math.random() * 1e9)}`;
  document.cookie = `_fbp=${id}; Path=/; Max-Age=7776000; SameSite=Lax`;
  new Image().src = `${new URL(document.currentScript.src).searchParams.get("to") ?? ""}/pixel?id=${id}`;
}
