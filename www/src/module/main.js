// The module, for pages whose scripts are bundled: it does what the script tag does when it is called.
//
//   import { start } from "placet";
//   start({ policy: "/placet.policy", endpoint: "/.placet/choice" });
//
// Only what runs after it is held, and modules run late: on a page with scripts that are not bundled the tag
// is the better choice.

import { start as run } from "../main.js";
import { setFolder } from "./parts.js";

/** Starts once; whoever calls again is given what runs. */
export function start({ files, reload, ...given }) {
  setFolder(files);
  return run(reload ? { ...given, reload } : given);
}
