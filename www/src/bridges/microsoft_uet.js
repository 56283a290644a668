// Universal Event Tracking of Microsoft Advertising: `uetq.push("consent", "update", { ad_storage: … })`, which
// knows nothing but `ad_storage`. The default has been queued by the guard.

export function microsoftUet() {
  let told = "denied";
  return (of) => {
    const ad_storage = of("marketing").decision == "granted" ? "granted" : "denied";
    if (ad_storage == told) return;
    told = ad_storage;
    (window.uetq ??= []).push("consent", "update", { ad_storage });
  };
}
