// Microsoft Clarity: `clarity("consentv2", { ad_Storage, analytics_Storage })`, spelled so. There is no default
// to be told first: a refusal makes Clarity forget the visitor, whose grant would come too late.

export function clarity() {
  let told;
  return (of) => {
    const state = (category) => (of(category).decision == "granted" ? "granted" : "denied");
    const holds = { ad_Storage: state("marketing"), analytics_Storage: state("analytics") };
    if (`${Object.values(holds)}` == told) return;
    told = `${Object.values(holds)}`;
    // Clarity's own snippet goes on with a queue that it finds.
    window.clarity ??= function () {
      (window.clarity.q ??= []).push(arguments);
    };
    window.clarity("consentv2", holds);
  };
}
