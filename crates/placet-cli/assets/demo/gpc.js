// What the page of a browser with Global Privacy Control sees, for one that this demo pretends it of.
Object.defineProperty(Navigator.prototype, "globalPrivacyControl", { get: () => true, configurable: true });
