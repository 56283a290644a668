// What scripts can call, as types: `window.placet`, and the module's `start`.

/** What holds for a category. */
export type Decision = "granted" | "refused" | "undecided";

/** Why it holds: the first rule that applied. */
export type Reason = "necessary" | "gpc" | "dnt" | "chosen" | "stale" | "regime";

/** Why something did not pass. */
export type Refusal = Reason | "undeclared" | "nameless" | "consent-cookie" | "essential" | "deletion";

/** The categories that every policy has; a site's own come beside them. */
export type StandardCategory = "necessary" | "functional" | "analytics" | "marketing";
export type Category = StandardCategory | (string & {});

/** What holds for the visitor of this page. */
export interface Standing {
  /** Category by category, with the reason. */
  categories: Record<StandardCategory, { decision: Decision; reason: Reason }> &
    Record<string, { decision: Decision; reason: Reason }>;
  /** What the browser says: Global Privacy Control, and Do Not Track, which is null where it says nothing. */
  signals: { gpc: boolean; dnt: "0" | "1" | null };
  /** Whether a yes may count for more than Global Privacy Control, by the rules of the region. */
  yields: boolean;
  /** When the choice was made; null where none was. */
  made: Date | null;
  /** Whether a choice was made that no longer counts. */
  stale: boolean;
  /** Whether the visitor is asked. */
  isAsking: boolean;
  /** Whether the visitor is told that a signal is honoured. */
  isNoting: boolean;
}

/** One thing that did not pass. Its value is told to nobody. */
export interface Refused {
  kind: "cookie" | "storage" | "database" | "cache" | "script" | "frame" | "image" | "request";
  /** The name of the cookie or key, or the address without its query. */
  name: string;
  reason: Refusal;
  /** The service of the policy that declares it, if one does. */
  service?: string;
}

/** What can be listened to, and what a listener is told. */
export interface Events {
  /** The engine runs: as WebAssembly, or as JavaScript where the page forbids that. */
  ready: { engine: "wasm" | "js" };
  /** Something else holds than before. */
  change: Standing;
  /** Something did not pass. */
  refused: Refused;
  /** Something ran that is refused by now, and runs on until the page is loaded anew. */
  stale: undefined;
  /** The server could not be told of a choice. */
  unsaved: undefined;
  /** The server has the choice, and could not record it. */
  unrecorded: undefined;
  /** With the layout `none`: what a banner would show. */
  show: "banner" | "preferences" | "note" | "stale" | "button";
}

/** A choice: what is granted by category, or one word for all. Categories that are not named keep what was said. */
export type Choice = Record<string, boolean> | "granted" | "refused";

/** `window.placet`. */
export interface Placet {
  /** Ends when the engine runs, or says why it cannot; then nothing that needs consent runs. */
  readonly ready: Promise<void>;
  /** What holds; null until the engine runs. */
  standing(): Standing | null;
  /** Whether a service, a category or an expression like `analytics & !film` is granted. */
  allows(expression: string): boolean;
  /**
   * Makes a choice, once the engine runs; ends when what is refused has been taken back. Throws a `RangeError` for
   * a category that there is not.
   */
  choose(choice: Choice): Promise<void>;
  /** Refuses everything that can be refused; ends when it has been taken back. */
  withdraw(): Promise<void>;
  /** Opens the preferences, or the first layer. */
  show(what?: "preferences" | "banner"): void;
  /** Calls a listener for every event of a kind, also for those that have been. */
  on<Kind extends keyof Events>(kind: Kind, listener: (detail: Events[Kind]) => void): void;
  /** No longer calls it. */
  off<Kind extends keyof Events>(kind: Kind, listener: (detail: Events[Kind]) => void): void;
  /** Takes back everything that the guard has put in place, for tests. */
  restore(): void;
}

/** One cookie that a service declares; `*` in a name stands for anything. */
export interface DeclaredCookie {
  name: string;
  purpose?: string;
  /** Like `session`, `30d`, `13mo`, `1y`. */
  lifetime?: string;
  domains?: string[];
  paths?: string[];
  http_only?: boolean;
  partitioned?: boolean;
}

/** Who stores something, what it is for and what belongs to it. */
export interface Service {
  id: string;
  category: Category;
  name?: string;
  vendor?: string;
  /** The address of its vendor's privacy policy. */
  privacy_policy?: string;
  purpose?: string;
  cookies?: DeclaredCookie[];
  /** Keys of `localStorage` and `sessionStorage`, names of databases and caches. */
  storage?: string[];
  /** Addresses, in which `*` stands for anything. */
  scripts?: string[];
  frames?: string[];
  images?: string[];
  requests?: string[];
}

/** What a site declares. `placet schema` prints all of it, and `placet check` says what is wrong with one. */
export interface Policy {
  revision: number;
  services: Service[];
  categories?: { id: string; title?: string; like?: StandardCategory }[];
  hosts?: string[];
  consent_cookie?: { name?: string; domain?: string; path?: string; secure?: boolean; same_site?: string };
  undeclared?: "deny" | "allow";
  signals?: { gpc?: { refuses: Category[] }; dnt?: { refuses: Category[] } | "ignored" };
  regimes?: { everywhere?: unknown; regions?: unknown; unknown?: unknown };
  shared_with?: string[];
  /** The vendors that are told what holds, with their options. */
  bridges?: Partial<Record<"google" | "microsoft_uet" | "clarity" | "meta" | "matomo" | "shopify" | "zaraz", object>>;
  ask_again_since?: number;
  $schema?: string;
}

/** What the attributes of the script tag say, for a page whose scripts are bundled. */
export interface Settings {
  /** The policy, or the address of one, compiled by `placet bundle --compiled` or not. */
  policy: Policy | string;
  /** Where choices are sent, the address of the tower layer's. */
  endpoint?: string;
  /** Where the visitor is, ISO 3166, like `US-CA`; unknown is strictest. */
  region?: string;
  /** The address of the site's privacy policy. */
  privacy?: string;
  /** How the first layer looks; `none` leaves it to the page, which is told by the event `show`. */
  layout?: "bar" | "box" | "dialog" | "none";
  position?: "top" | "end";
  theme?: "light" | "dark";
  /** Whether the page is loaded anew where something that ran is refused later. */
  reload?: boolean;
  /** The address of the folder with the files of `placet/dist/`, where the bundler does not bring them along. */
  files?: string;
}

/** Starts once, in a browser; whoever calls again is given what runs. */
export function start(settings: Settings): Placet;

declare global {
  interface Window {
    /** There as soon as the tag is, or `start` was called. */
    placet: Placet;
  }
}
