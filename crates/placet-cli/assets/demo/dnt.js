// What the page of a browser with Do Not Track sees, for one that this demo pretends it of.
Object.defineProperty(Navigator.prototype, "doNotTrack", { get: () => "1", configurable: true });
