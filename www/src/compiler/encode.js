// The policy as the compiler reads it: the fields of the JSON document in a fixed order, numbers in
// LEB128, texts as length and UTF-8, lists as count and members, an option as 0, or 1 and its value.
// Texts for people stay in the document, from which the banner takes them.

/** The bytes of a policy document. */
export function encode(policy) {
  const bytes = [];
  const utf8 = new TextEncoder();
  const number = (value) => {
    for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
    bytes.push(value);
  };
  const text = (value) => {
    const encoded = utf8.encode(value);
    number(encoded.length);
    bytes.push(...encoded);
  };
  const flag = (value) => number(value ? 1 : 0);
  const list = (values = [], each = text) => {
    number(values.length);
    values.forEach(each);
  };
  const option = (value, write = text) => {
    flag(value != null);
    if (value != null) write(value);
  };
  const { signals = {}, regimes = {}, consent_cookie: own = {} } = policy;

  number(policy.revision);
  option(policy.ask_again_since, number);
  list(policy.hosts);
  flag(policy.undeclared == "allow");
  list(policy.categories, (category) => {
    text(category.id);
    option(category.like);
  });
  list(policy.services, (service) => {
    text(service.id);
    text(service.category);
    list(service.cookies, (cookie) => {
      text(cookie.name);
      list(cookie.domains);
      list(cookie.paths);
      flag(cookie.http_only);
      flag(cookie.partitioned);
    });
    for (const field of ["storage", "scripts", "frames", "images", "requests"]) list(service[field]);
  });
  option(signals.gpc, (gpc) => list(gpc.refuses));
  if (signals.dnt == "ignored") number(1);
  else if (signals.dnt) {
    number(2);
    list(signals.dnt.refuses);
  } else number(0);
  option(regimes.everywhere);
  option(regimes.unknown);
  list(Object.entries(regimes.regions ?? {}), ([code, rules]) => {
    text(code);
    option(rules.functional);
    option(rules.analytics);
    option(rules.marketing);
    option(rules.grant_over_gpc, flag);
    option(rules.choice_lifetime_days, number);
  });
  option(own.name);
  option(own.domain);
  option(own.path);
  option(own.same_site);
  option(own.secure, flag);
  return new Uint8Array(bytes);
}
