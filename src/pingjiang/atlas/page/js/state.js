// What the page shows is one object, PJ.S, and it lives in the address after `#`: back works, a link can be
// sent, a language or a theme changes nothing else.

// name in PJ.S → [name in the address, default]. Defaults are left out of the address.
const FIELDS = {
  view: ["v", "overview"],
  unit: ["u", null],
  owners: ["o", "entity"], // organisations as legal entities | as groups
  basis: ["b", null],
  node: ["n", null],
  years: ["y", null], // "2005-2015"
  wards: ["w", "wards"], // wards | tree | table
  tables: ["t", ""], // figures shown as tables: "trend,world"
  place: ["p", null], // "US" or "CN|江苏省"
  level: ["hl", "leaf"], // rows of heat maps: leaf | group | segment
  across: ["ha", "country"], // columns of the place heat map: country | city
  list: ["l", null],
  sort: ["ls", "filing_year.d"],
  page: ["lp", "1"],
  size: ["ln", "20"],
  text: ["lt", ""],
  lang: ["lang", "zh"],
  theme: ["theme", "light"],
  wall: ["wall", ""],
};
PJ.S = {};
PJ.VIEWS = ["overview", "time", "technology", "places", "organisations", "method"];

const defaults = () => {
  const unit = PJ.D.meta.units[0].id;
  const known = PJ.bases().map((basis) => PJ.unknownPlaces(unit, basis));
  return { unit, basis: known[0] <= known[1] ? "applicant" : "inventor" };
};

PJ.readState = () => {
  const given = new URLSearchParams(location.hash.slice(1));
  const own = defaults();
  const state = {};
  for (const [name, [key, fallback]] of Object.entries(FIELDS)) {
    state[name] = given.get(key) ?? own[name] ?? fallback;
  }
  const allowed = (name, values) => { if (!values.includes(state[name])) state[name] = own[name] ?? FIELDS[name][1]; };
  allowed("view", PJ.VIEWS);
  allowed("unit", PJ.D.meta.units.map((unit) => unit.id));
  allowed("owners", ["entity", "group"]);
  allowed("basis", PJ.bases());
  allowed("wards", ["wards", "tree", "table"]);
  allowed("level", ["leaf", "group", "segment"]);
  allowed("across", ["country", "city"]);
  allowed("lang", ["zh", "en"]);
  allowed("theme", ["light", "dark"]);
  allowed("size", ["20", "50", "100"]);
  if (state.node && !PJ.D.node(state.node)) state.node = null;
  if (state.years && !/^\d{4}-\d{4}$/.test(state.years)) state.years = null;
  PJ.S = state;
};

const address = (state) => {
  const own = defaults();
  const out = new URLSearchParams();
  for (const [name, [key, fallback]] of Object.entries(FIELDS)) {
    const value = state[name];
    if (value !== null && value !== "" && value !== (own[name] ?? fallback)) out.set(key, value);
  }
  return `#${out}`;
};

// Change the state. A change of what is shown is a step for "back"; a change of how it is shown is not.
const QUIET = new Set(["lang", "theme", "wall", "tables", "sort", "page", "size", "text", "wards", "level", "across"]);
PJ.go = (changes) => {
  const next = address({ ...PJ.S, ...changes });
  if (next === (location.hash || "#")) return;
  const quiet = Object.keys(changes).every((name) => QUIET.has(name));
  history[quiet ? "replaceState" : "pushState"](null, "", next);
  PJ.update();
};
PJ.linkTo = (changes) => address({ ...PJ.S, ...changes });

PJ.years = () => {
  const [first, last] = PJ.S.years ? PJ.S.years.split("-").map(Number) : PJ.D.meta.period;
  return { first: Math.min(first, last), last: Math.max(first, last), whole: !PJ.S.years };
};
PJ.isTable = (id) => PJ.S.tables.split(",").includes(id);
PJ.toggleTable = (id, on) => {
  const now = new Set(PJ.S.tables.split(",").filter(Boolean));
  now[on ? "add" : "delete"](id);
  PJ.go({ tables: [...now].sort().join(",") });
};
