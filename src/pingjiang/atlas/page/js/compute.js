// The figures for what the filter bar has chosen. Where the release has the figure, it is taken from there;
// where it has not (a node's grants, a range of years), it is counted here from the list, by the same
// definitions, and the figure's foot says so. Without the whole list there is no such count, and that is said.

const select = () => PJ.cached(`select ${PJ.S.unit} ${PJ.S.node} ${PJ.S.years}`, () => PJ.select(PJ.scope(), PJ.S.unit));
const tally = (keysOf) => {
  const counts = new Map();
  for (const item of select()) for (const key of keysOf(item)) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
};
const columns = () => PJ.items(PJ.S.unit).columns;
const byYear = (counts) => [...counts].sort(([a], [b]) => (a === null) - (b === null) || a - b);
const counted = (make) => (PJ.isWhole(PJ.S.unit) ? { rows: make(), counted: true } : { rows: [], missing: true });
const released = (rows) => ({ rows });
const largest = (rows) => [...rows].sort((a, b) => b.value - a.value || before(JSON.stringify(a), JSON.stringify(b)));
const inYears = (rows) => {
  const { first, last, whole } = PJ.years();
  return whole ? rows : rows.filter((row) => row.year !== null && row.year >= first && row.year <= last);
};
// Whether the release counted this node itself (not every release counts inner nodes by year).
const hasNode = (name) => PJ.rows(name, PJ.S.unit).some((row) => row.node_id === PJ.S.node);
const narrowed = () => Boolean(PJ.S.years);

/* ---- the counts ---- */
const countYears = (column) => {
  const years = columns()[column];
  const complete = PJ.D.meta.horizon.last_complete_year;
  const grants = new Map(PJ.rows("grants_by_year", PJ.S.unit).map((row) => [row.year, row.complete]));
  const whole = (year) => (column === "filing_year" ? year !== null && complete !== null && year <= complete : grants.get(year) ?? true);
  const rows = byYear(tally((item) => [years[item]])).map(([year, value]) => ({ year, value, complete: whole(year) }));
  return column === "filing_year" ? rows : rows.filter((row) => row.year !== null);
};
const owners = () => {
  const organisations = PJ.ownersOf(PJ.S.unit);
  const { filing_year: years } = columns();
  const found = new Map();
  let known = 0;
  for (const item of select()) {
    if (!organisations[item].length) continue;
    known += 1;
    for (const owner of organisations[item]) {
      const entry = found.get(owner) ?? { owner, value: 0, part: 0, first_year: null, last_year: null };
      entry.value += 1;
      entry.part += 1 / organisations[item].length;
      if (years[item] !== null) {
        entry.first_year = Math.min(entry.first_year ?? years[item], years[item]);
        entry.last_year = Math.max(entry.last_year ?? years[item], years[item]);
      }
      found.set(owner, entry);
    }
  }
  return { entries: [...found.values()], known };
};
const before = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
const countOwners = () => {
  const { entries, known } = owners();
  const rows = entries.map(({ owner, value, part, first_year, last_year }) => {
    const [organisation_id, organisation] = PJ.owners()[owner];
    return { organisation_id, organisation, value, share: part / known, first_year, last_year };
  }).sort((a, b) => b.value - a.value || before(a.organisation_id, b.organisation_id)).slice(0, 100);
  // Equals share a rank.
  return rows.map((row) => ({ rank: 1 + rows.findIndex((first) => first.value === row.value), ...row }));
};
const countConcentration = () => {
  const { entries, known } = owners();
  const shares = entries.map((entry) => entry.part / known).sort((a, b) => b - a);
  const n = shares.length;
  const hhi = n ? shares.reduce((sum, share) => sum + share * share, 0) : null;
  return [{
    organisations: n,
    items: select().length,
    unknown_items: select().length - known,
    cr5: n ? shares.slice(0, 5).reduce((sum, share) => sum + share, 0) : null,
    hhi,
    hhi_normalised: n > 1 ? (hhi - 1 / n) / (1 - 1 / n) : null,
  }];
};
const placeKeys = (width, basis) => {
  const keys = PJ.D.places.map((place) => (place[0] === basis ? JSON.stringify(place.slice(1, width)) : null));
  return (item) => new Set(columns().places[item].map((index) => keys[index]).filter((key) => key !== null));
};
const countPlaces = (width) => {
  const total = select().length;
  const rows = [...tally(placeKeys(width, PJ.S.basis))].map(([key, value]) => {
    const [country, province, city] = JSON.parse(key);
    const place = width > 2 ? { province, city } : { share: total ? value / total : null };
    return { basis: PJ.S.basis, country, ...place, value };
  });
  return largest(rows);
};
const countPlaceNodes = (width, shown) => {
  const keysOf = placeKeys(width, PJ.S.basis);
  const above = PJ.cached(`above ${shown.map((node) => node.index)}`, () => {
    const map = PJ.D.chain.map(() => []);
    shown.forEach((node) => node.leaves.forEach((leaf) => map[leaf].push(node.node_id)));
    return map;
  });
  const nodes = columns().nodes;
  const counts = tally((item) => {
    const ids = new Set(nodes[item].flatMap((leaf) => above[leaf]));
    return [...keysOf(item)].flatMap((key) => [...ids].map((id) => `${id} ${key}`));
  });
  return [...counts].map(([key, value]) => {
    const cut = key.indexOf(" ");
    const [country, province, city] = JSON.parse(key.slice(cut + 1));
    return { basis: PJ.S.basis, country, province, city, node_id: key.slice(0, cut), value };
  });
};
const countNodes = () => PJ.D.order.map((node) => {
  const inside = new Set(node.leaves);
  const nodes = columns().nodes;
  const items = select().filter((item) => nodes[item].some((leaf) => inside.has(leaf)));
  return { node_id: node.node_id, value: items.length, multiple: items.filter((item) => nodes[item].length > 1).length };
}).concat({ node_id: null, value: select().filter((item) => !columns().nodes[item].length).length, multiple: 0 });
const countNodeYears = () => PJ.D.order.flatMap((node) => {
  const inside = new Set(node.leaves);
  const { nodes, filing_year: years } = columns();
  const counts = tally((item) => (nodes[item].some((leaf) => inside.has(leaf)) ? [years[item]] : []));
  const complete = PJ.D.meta.horizon.last_complete_year;
  return byYear(counts).map(([year, value]) =>
    ({ node_id: node.node_id, year, value, complete: year !== null && complete !== null && year <= complete }));
});
const countPairs = () => {
  const organisations = PJ.ownersOf(PJ.S.unit);
  const idOf = (owner) => PJ.owners()[owner][0];
  const alone = tally((item) => organisations[item]);
  const pairs = tally((item) => {
    const ids = [...organisations[item]].sort((a, b) => before(idOf(a), idOf(b)));
    return ids.flatMap((a, i) => ids.slice(i + 1).map((b) => `${a} ${b}`));
  });
  return [...pairs].map(([key, value]) => {
    const [a, b] = key.split(" ").map(Number);
    const [organisation_id_a, organisation_a] = PJ.owners()[a];
    const [organisation_id_b, organisation_b] = PJ.owners()[b];
    const salton = value / Math.sqrt(alone.get(a) * alone.get(b));
    return { organisation_id_a, organisation_a, organisation_id_b, organisation_b, value, salton };
  }).sort((a, b) => b.value - a.value || before(a.organisation_id_a, b.organisation_id_a)
    || before(a.organisation_id_b, b.organisation_id_b)).slice(0, 200);
};

PJ.countProvinces = () => countPlaces(3);

// Organisation index → items that it shares with others; null where the list does not travel as a whole.
PJ.countJoint = () => {
  const organisations = PJ.ownersOf(PJ.S.unit);
  return PJ.isWhole(PJ.S.unit) ? tally((item) => (organisations[item].length > 1 ? organisations[item] : [])) : null;
};

/* ---- asked for by name ---- */
const scoped = () => PJ.S.node || narrowed();
const based = (rows) => rows.filter((row) => row.basis === PJ.S.basis);
const sources = {
  filings_by_year: () => {
    if (!PJ.S.node) return released(inYears(PJ.rows("filings_by_year", PJ.S.unit)));
    if (!hasNode("node_year")) return counted(() => countYears("filing_year"));
    return released(inYears(PJ.rows("node_year", PJ.S.unit).filter((row) => row.node_id === PJ.S.node)));
  },
  grants_by_year: () => (scoped() ? counted(() => countYears("grant_year")) : released(PJ.rows("grants_by_year", PJ.S.unit))),
  top_organisations: () => {
    if (!scoped()) return released(PJ.rows("top_organisations", PJ.S.unit));
    if (PJ.isWhole(PJ.S.unit) || narrowed()) return counted(countOwners);
    return released(PJ.rows("node_organisation", PJ.S.unit).filter((row) => row.node_id === PJ.S.node));
  },
  concentration: () => (scoped() ? counted(countConcentration) : released(PJ.rows("concentration", PJ.S.unit))),
  countries: () => {
    if (!scoped()) return released(largest(based(PJ.rows("countries", PJ.S.unit))));
    if (narrowed() || !hasNode("country_node")) return counted(() => countPlaces(2));
    const total = PJ.nodeCount(PJ.S.node, PJ.S.unit).value;
    const rows = based(PJ.rows("country_node", PJ.S.unit)).filter((row) => row.node_id === PJ.S.node);
    return released(largest(rows.map((row) => ({ ...row, share: row.value / total }))));
  },
  cities: () => {
    if (!scoped()) return released(largest(based(PJ.rows("cities", PJ.S.unit))));
    // A release counts a node's cities in China only; the list knows all of them.
    if (narrowed() || PJ.isWhole(PJ.S.unit)) return counted(() => countPlaces(4));
    const rows = based(PJ.rows("city_node", PJ.S.unit)).filter((row) => row.node_id === PJ.S.node);
    return { ...released(largest(rows)), missing: !rows.length };
  },
  place_node: (shown) => {
    const city = PJ.S.across === "city";
    const rows = based(PJ.rows(city ? "city_node" : "country_node", PJ.S.unit));
    const ids = new Set(rows.map((row) => row.node_id));
    const there = shown.every((node) => ids.has(node.node_id) || !PJ.nodeCount(node.node_id, PJ.S.unit).value);
    if (!narrowed() && there && !(city && PJ.isWhole(PJ.S.unit))) return released(rows);
    return withoutNode(() => counted(() => countPlaceNodes(city ? 4 : 2, shown)));
  },
  node_counts: () => (narrowed() ? withoutNode(() => counted(countNodes)) : released(PJ.rows("node_counts", PJ.S.unit))),
  node_year: (shown) => {
    const rows = PJ.rows("node_year", PJ.S.unit);
    const ids = new Set(rows.map((row) => row.node_id));
    const there = shown.every((node) => ids.has(node.node_id) || !PJ.nodeCount(node.node_id, PJ.S.unit).value);
    return there ? released(inYears(rows)) : withoutNode(() => counted(countNodeYears));
  },
  co_applicants: () => (scoped() ? counted(countPairs) : released(PJ.rows("co_applicants", PJ.S.unit))),
};
// Figures about all nodes are counted over the years alone, whatever node is chosen.
const withoutNode = (make) => {
  const kept = PJ.S;
  PJ.S = { ...kept, node: null };
  try { return make(); } finally { PJ.S = kept; }
};
// {rows, counted?, missing?} of a figure under the filter bar.
PJ.get = (name, ...more) => sources[name](...more);
PJ.withoutNode = withoutNode;

// How many items the filter bar has chosen, and how many of them have no filing year. null: cannot be told.
PJ.inScope = () => {
  const unknown = (rows) => rows.filter((row) => row.year === null).reduce((sum, row) => sum + row.value, 0);
  if (narrowed()) return PJ.isWhole(PJ.S.unit) ? { n: select().length, unknown: 0 } : { n: null, unknown: null };
  const years = PJ.get("filings_by_year").rows;
  const n = PJ.S.node ? PJ.nodeCount(PJ.S.node, PJ.S.unit).value : PJ.unit(PJ.S.unit).items;
  return { n, unknown: unknown(years) };
};
PJ.unknownIn = (rows, key) => rows.filter((row) => row[key] === null).reduce((sum, row) => sum + row.value, 0);
