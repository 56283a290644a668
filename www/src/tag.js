// The script tag.
//
//   <script src="/placet.js" data-policy="/placet.policy" data-endpoint="/.placet/choice"></script>
//
// The policy is fetched from `data-policy`, or stands in the page before the tag as
// `<script type="text/plain" id="placet-policy">`, compiled or as JSON.

import { start } from "./main.js";
import { tag } from "./parts.js";

start(tag?.dataset ?? {});
