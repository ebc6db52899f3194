// What a list holds: conditions that all must be met, written in the address, checked on items, said in words.
//
//   filed:2008  filed:?  years:2005-2015  granted:2010   node:etch  node:?  several:etch (and in another node)
//   org:ID  org:?  joint:ID (with others)  entered:2008 (filed then, by an organisation new that year)
//   active:2008 (filed then, organisation known)   at:BASIS|CN|江苏省|苏州市      `?` is "unknown"

PJ.parseConditions = (text) => text.split(";").filter(Boolean).map((piece) => {
  const at = piece.indexOf(":");
  return { kind: piece.slice(0, at), value: decodeURIComponent(piece.slice(at + 1)) };
});
PJ.formatConditions = (list) => list.map(({ kind, value }) => `${kind}:${encodeURIComponent(value)}`).join(";") || "all:1";
const condition = (kind, value) => ({ kind, value: value === null ? "?" : String(value) });
PJ.c = {
  filed: (year) => condition("filed", year),
  granted: (year) => condition("granted", year),
  node: (id) => condition("node", id),
  several: (id) => condition("several", id),
  org: (id) => condition("org", id),
  joint: (id) => condition("joint", id),
  entered: (year) => condition("entered", year),
  active: (year) => condition("active", year),
  at: (basis, ...places) => condition("at", [basis, ...places.map((place) => place ?? "?")].join("|")),
};
// The filter bar's own conditions: the node and the years chosen there.
PJ.scope = () => {
  const scope = [];
  if (PJ.S.node) scope.push(PJ.c.node(PJ.S.node));
  if (PJ.S.years) scope.push(condition("years", PJ.S.years));
  return scope;
};
// The address part that lists what a number counts: the scope and `more`.
PJ.listOf = (...more) => PJ.formatConditions([...PJ.scope(), ...more]);
// The same for figures about all nodes: the years alone, and `more`.
PJ.listOfAny = (...more) =>
  PJ.formatConditions([...PJ.scope().filter(({ kind }) => kind !== "node"), ...more]);

/* ---- checked on items ---- */
const checks = {
  all: () => () => true,
  filed: (value, { filing_year: years }) => {
    const year = value === "?" ? null : Number(value);
    return (item) => years[item] === year;
  },
  years: (value, { filing_year: years }) => {
    const [first, last] = value.split("-").map(Number);
    return (item) => years[item] !== null && years[item] >= first && years[item] <= last;
  },
  granted: (value, { grant_year: years }) => {
    const year = value === "?" ? null : Number(value);
    return (item) => years[item] === year;
  },
  node: (value, { nodes }) => {
    if (value === "?") return (item) => nodes[item].length === 0;
    const inside = new Set(PJ.D.node(value)?.leaves ?? []);
    return (item) => nodes[item].some((node) => inside.has(node));
  },
  several: (value, columns) => {
    const inside = checks.node(value, columns);
    return (item) => columns.nodes[item].length > 1 && inside(item);
  },
  org: (value, columns, unit) => {
    const organisations = PJ.ownersOf(unit);
    if (value === "?") return (item) => organisations[item].length === 0;
    const owner = PJ.ownerIndex(value);
    return (item) => organisations[item].includes(owner);
  },
  joint: (value, columns, unit) => {
    const organisations = PJ.ownersOf(unit);
    const owner = PJ.ownerIndex(value);
    return (item) => organisations[item].length > 1 && organisations[item].includes(owner);
  },
  entered: (value, { filing_year: years }, unit) => {
    const year = Number(value);
    const organisations = PJ.ownersOf(unit);
    const first = PJ.firstYears(unit);
    return (item) => years[item] === year && organisations[item].some((owner) => first.get(owner) === year);
  },
  active: (value, { filing_year: years, organisations }) =>
    (item) => years[item] === Number(value) && organisations[item].length > 0,
  at: (value, { places }) => {
    const wanted = value.split("|").map((part) => (part === "?" ? null : part));
    const inside = new Set();
    PJ.D.places.forEach((place, index) => {
      if (wanted.every((part, i) => place[i] === part)) inside.add(index);
    });
    return (item) => places[item].some((place) => inside.has(place));
  },
};
// Indexes of the listed items that meet all conditions, in the order of the list.
PJ.select = (list, unit) => {
  const { columns, listed } = PJ.items(unit);
  const tests = list.map(({ kind, value }) => (checks[kind] ? checks[kind](value, columns, unit) : () => false));
  const out = [];
  for (let item = 0; item < listed; item += 1) if (tests.every((test) => test(item))) out.push(item);
  return out;
};

// Some conditions come from a number of organisations, not of items: those organisations, or null.
PJ.ownersCounted = (list, items, unit) => {
  const asked = list.find(({ kind }) => kind === "entered" || kind === "active");
  if (!asked) return null;
  const first = PJ.firstYears(unit);
  const organisations = PJ.ownersOf(unit);
  const counts = (owner) => asked.kind === "active" || first.get(owner) === Number(asked.value);
  return { kind: asked.kind, owners: new Set(items.flatMap((item) => organisations[item].filter(counts))) };
};

/* ---- said in words ---- */
const unknownOr = (value, say) => (value === "?" ? PJ.t("unknown") : say(value));
const says = {
  all: () => PJ.t("c_all"),
  filed: (value) => PJ.t("c_filed", { year: unknownOr(value, String) }),
  years: (value) => PJ.t("c_years", { years: value.replace("-", "–") }),
  granted: (value) => PJ.t("c_granted", { year: unknownOr(value, String) }),
  node: (value) => (value === "?" ? PJ.t("unassigned") : PJ.t("c_node", { name: PJ.nodeName(PJ.D.node(value)) })),
  several: (value) => PJ.t("c_several", { name: PJ.nodeName(PJ.D.node(value)) }),
  org: (value) => (value === "?" ? PJ.t("c_no_org") : PJ.t("c_org", { name: PJ.organisationName(value) })),
  joint: (value) => PJ.t("c_joint", { name: PJ.organisationName(value) }),
  entered: (value) => PJ.t("c_entered", { year: value }),
  active: (value) => PJ.t("c_active", { year: value }),
  at: (value) => {
    const [basis, country, ...rest] = value.split("|");
    const names = [unknownOr(country, PJ.countryName), ...rest.map((part) => unknownOr(part, PJ.placeName))];
    return `${PJ.t(`basis_${basis}`)} ${names.join(" › ")}`;
  },
};
PJ.sayConditions = (list) => list.map(({ kind, value }) => (says[kind] ? says[kind](value) : kind)).join(" · ");
