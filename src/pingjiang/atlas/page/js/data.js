// The data that travel in the page: unpacked, joined, and asked for by name.

const unpack = async (id) => {
  const holder = document.getElementById(id);
  const letters = atob(holder.textContent.trim());
  const bytes = new Uint8Array(letters.length);
  for (let i = 0; i < letters.length; i += 1) bytes[i] = letters.charCodeAt(i);
  holder.remove();
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).json();
};

PJ.open = async () => {
  const [data, layouts] = await Promise.all([unpack("atlas-data"), unpack("atlas-layouts")]);
  PJ.D = data;
  PJ.D.layouts = layouts;
  joinChain();
  joinNames();
};

/* ---- the chain ---- */
const joinChain = () => {
  const { chain } = PJ.D;
  const byId = new Map();
  chain.forEach((node, index) => byId.set(node.node_id, Object.assign(node, { index, children: [] })));
  const roots = [];
  for (const node of chain) {
    node.parent = byId.get(node.parent_id) ?? null;
    (node.parent ? node.parent.children : roots).push(node);
  }
  const place = (a, b) => a.position - b.position || a.index - b.index;
  const order = [];
  const walk = (node) => {
    order.push(node);
    node.children.sort(place).forEach(walk);
    node.leaves = node.is_leaf ? [node.index] : node.children.flatMap((child) => child.leaves);
  };
  roots.sort(place).forEach(walk);
  // A lone node on top of all others is the chain itself, not a segment.
  const top = roots.length === 1 && !roots[0].is_leaf && roots[0].level === 0;
  Object.assign(PJ.D, { node: (id) => byId.get(id) ?? null, order, segments: top ? roots[0].children : roots });
};
PJ.nodeName = (node) => (PJ.S.lang === "en" ? node.name_en || node.name_zh : node.name_zh || node.name_en);
PJ.nodePath = (node) => (node ? [...PJ.nodePath(node.parent), node] : []);
PJ.segmentOf = (node) => PJ.nodePath(node).find((each) => PJ.D.segments.includes(each)) ?? node;

/* ---- names ---- */
const joinNames = () => {
  const { layouts, organisations, groups } = PJ.D;
  const countries = new Map(Object.entries(layouts.withdrawn).map(([code, [zh, en]]) => [code, { zh, en }]));
  for (const tile of layouts.world) countries.set(tile.code, tile);
  const provinces = new Map();
  for (const tile of layouts.china) for (const name of tile.names) provinces.set(name.toLowerCase(), tile);
  PJ.D.country = (code) => countries.get(code) ?? null;
  PJ.D.province = (name) => (name ? provinces.get(name.toLowerCase()) ?? null : null);
  const index = (list) => new Map(list.map(([id], at) => [id, at]));
  PJ.D.owners = { entity: organisations, group: groups };
  PJ.D.ownerIndex = { entity: index(organisations), group: index(groups) };
};
PJ.countryName = (code) => {
  if (code === null) return PJ.t("unknown");
  const known = PJ.D.country(code);
  return known ? known[PJ.S.lang] : code;
};
// A province or city: Chinese ones have an English name, others stay as the data have them.
PJ.placeName = (name) => {
  if (name === null || name === undefined) return PJ.t("unknown");
  if (PJ.S.lang === "zh") return name;
  return PJ.D.province(name)?.en ?? PJ.D.layouts.places_en[name] ?? name;
};
// Organisations at the level that is chosen: legal entities, or the groups that these belong to.
PJ.owners = () => PJ.D.owners[PJ.S.owners];
PJ.ownerIndex = (id) => PJ.D.ownerIndex[PJ.S.owners].get(id) ?? -1;
PJ.organisationName = (id) => PJ.owners()[PJ.ownerIndex(id)]?.[1] ?? id;
// Whether groups are known at all: else each organisation is its own.
PJ.isGrouped = () => PJ.D.groups.length < PJ.D.organisations.length;

PJ.cutoff = () => PJ.D.meta.cutoff ?? PJ.t("m_unstated");

/* ---- figures of the release ---- */
const cache = new Map();
const cached = (key, make) => {
  if (!cache.has(key)) cache.set(key, make());
  return cache.get(key);
};
// Rows of a figure for a unit, as objects; of organisations those at the level that is chosen.
PJ.hasLevels = (name) => PJ.D.figures[name].columns.some((column) => column.name === "level");
PJ.rows = (name, unit) => cached(`rows ${name} ${unit} ${PJ.hasLevels(name) ? PJ.S.owners : ""}`, () => {
  const figure = PJ.D.figures[name];
  const names = figure.columns.map((column) => column.name);
  const rows = (figure.units[unit]?.rows ?? []).map((row) => Object.fromEntries(names.map((key, i) => [key, row[i]])));
  return rows.filter((row) => row.level === undefined || row.level === PJ.S.owners);
});
PJ.figureName = (name) => PJ.D.figures[name][`name_${PJ.S.lang}`];
PJ.label = (name, column) => {
  const found = PJ.D.figures[name].columns.find((each) => each.name === column);
  return found ? found[`label_${PJ.S.lang}`] : column;
};
PJ.unit = (id) => PJ.D.meta.units.find((unit) => unit.id === id);
PJ.nodeCount = (id, unit) => cached(`count ${unit}`, () =>
  new Map(PJ.rows("node_counts", unit).map((row) => [row.node_id, row]))).get(id) ?? { value: 0, multiple: 0 };
PJ.bases = () => ["applicant", "inventor"];
// Items without any known country on this basis.
PJ.unknownPlaces = (unit, basis) => {
  const row = PJ.rows("countries", unit).find((each) => each.basis === basis && each.country === null);
  return row ? row.value : 0;
};

/* ---- the list ---- */
// The list of a unit: columns, how many there are (`n`) and how many travel here (`listed`).
PJ.items = (unit) => {
  const entry = PJ.D.items[unit];
  return entry.same_as ? PJ.D.items[entry.same_as] : entry;
};
PJ.isWhole = (unit) => PJ.items(unit).listed === PJ.items(unit).n;
// Item → its organisations at the level that is chosen; those of one group are one.
PJ.ownersOf = (unit) => {
  const { organisations } = PJ.items(unit).columns;
  if (PJ.S.owners === "entity") return organisations;
  const group = PJ.D.organisations.map((organisation) => organisation[2]);
  return cached(`groups ${unit}`, () => organisations.map((owners) => [...new Set(owners.map((owner) => group[owner]))]));
};
// Organisation index → year of its first filing, over all listed items of the unit.
PJ.firstYears = (unit) => cached(`first ${unit} ${PJ.S.owners}`, () => {
  const organisations = PJ.ownersOf(unit);
  const { filing_year: years } = PJ.items(unit).columns;
  const first = new Map();
  organisations.forEach((owners, item) => {
    if (years[item] === null) return;
    for (const owner of owners) first.set(owner, Math.min(first.get(owner) ?? years[item], years[item]));
  });
  return first;
});
PJ.cached = cached;
