// What happened when: filings and grants, new entrants, claims, grant lag.

const knownYears = (...lists) => {
  const years = lists.flat().map((row) => row.year).filter((year) => year !== null);
  return years.length ? PJ.yearsBetween(Math.min(...years), Math.max(...years)) : [];
};
const at = (rows) => new Map(rows.map((row) => [row.year, row]));
const hasHollow = (model) => [...model.grants.values()].some((row) => row.complete === false);
const marks = (model) => (model.hatched && hasHollow(model) ? [PJ.t("hatched_hollow")]
  : model.hatched ? [PJ.t("hatched")] : hasHollow(model) ? [PJ.t("hollow")] : []);
const hasIncomplete = (rows) => rows.some((row) => row.year !== null && !row.complete);
const height = 420;
// The tooltip of a year: its name, each series with its own text, and what a click opens.
const tip = (model, lines, opens = "tip_list") => ([{ dataIndex }]) => {
  const year = model.years[dataIndex];
  return `<b>${year}</b><br>${lines(year).filter(Boolean).map(PJ.escape).join("<br>")}<br><span style="opacity:.75">${PJ.escape(PJ.t(opens))}</span>`;
};

/* ---- filings and grants ---- */
const compound = (rows) => {
  const released = PJ.rows("cagr", PJ.S.unit)[0];
  if (!released) return null;
  if (!PJ.S.node && !PJ.S.years) return released;
  const counts = at(rows.filter((row) => row.complete));
  const { first, last, whole } = PJ.years();
  const from = whole ? released.from_year : Math.max(first, Math.min(...counts.keys()));
  const to = whole ? released.to_year : Math.min(last, Math.max(...counts.keys(), -Infinity));
  const a = counts.get(from)?.value ?? 0;
  const b = counts.get(to)?.value ?? 0;
  return { from_year: from, to_year: to, from_value: a, to_value: b, cagr: a >= PJ.SMALL && to > from ? (b / a) ** (1 / (to - from)) - 1 : null };
};
const trendModel = () => {
  const filings = PJ.get("filings_by_year");
  const grants = PJ.get("grants_by_year");
  const scope = PJ.inScope();
  // Grants show where filings are shown: a filter on filing years moves both.
  const years = knownYears(filings.rows, grants.missing ? [] : grants.rows);
  return {
    ...scope, unknownOf: PJ.t("year_unknown"), missing: filings.missing, years,
    counted: filings.counted || grants.counted,
    filings: at(filings.rows), lastFiled: knownYears(filings.rows).at(-1), grants: at(grants.rows), noGrants: grants.missing,
    rows: filings.rows, cagr: compound(filings.rows), hatched: hasIncomplete(filings.rows),
    empty: years.length || filings.missing ? null : PJ.t("no_rows"),
  };
};
const complete = (model, year) => model.filings.get(year)?.complete ?? year <= (PJ.D.meta.horizon.last_complete_year ?? -Infinity);
// A grant year that is not over yet is drawn as a hollow point.
const grantPoint = (model, year, palette, zoom) => {
  const row = model.grants.get(year);
  if (!row || row.complete !== false) return row?.value ?? 0;
  return PJ.hollow(palette, zoom, row.value, 3);
};
const trendOption = (model, label) => (palette, zoom) => PJ.timeOption(palette, zoom, {
  years: model.years,
  tip: tip(model, (year) => [
    `${PJ.t("filings")} ${PJ.count(model.filings.get(year)?.value ?? 0)}${complete(model, year) ? "" : ` (${PJ.t("incomplete")})`}`,
    model.noGrants ? "" : `${PJ.t("grants")} ${PJ.count(model.grants.get(year)?.value ?? 0)}${model.grants.get(year)?.complete === false ? ` (${PJ.t("incomplete")})` : ""}`,
  ], model.noGrants ? "tip_list" : "tip_trend"),
  series: [
    PJ.bars(palette, zoom, {
      name: PJ.t("filings"), label,
      rows: model.years.map((year) => ({ year, value: model.filings.get(year)?.value ?? 0, complete: complete(model, year) })),
    }),
    ...(model.noGrants || !model.grants.size ? []
      : [PJ.line(palette, zoom, { name: PJ.t("grants"), values: model.years.map((year) => grantPoint(model, year, palette, zoom)), colour: 3 })]),
  ],
});
// A year without filings has no row: it has none.
const growthOf = (model, year) => {
  const [now, last] = [year, year - 1].map((each) => model.filings.get(each)?.value ?? 0);
  return year !== null && year <= model.lastFiled && complete(model, year) && last >= PJ.SMALL ? now / last - 1 : null;
};
const trend = (id, narrow) => ({
  id,
  narrow,
  sources: ["filings_by_year", "grants_by_year", "growth_by_year", "cagr"],
  title: () => PJ.titled("trend"),
  model: trendModel,
  corner: (model) => {
    if (model.n !== null && model.n < PJ.SMALL) return PJ.t("small", { n: model.n });
    const rate = model.cagr;
    if (!rate || rate.to_year <= rate.from_year) return "";
    const span = { from: rate.from_year, to: rate.to_year };
    if (rate.from_value < PJ.SMALL) return PJ.t("cagr_small", { ...span, n: rate.from_value });
    return rate.cagr === null ? "" : PJ.t("cagr", { ...span, rate: PJ.growth(rate.cagr) });
  },
  notes: (model) => [...marks(model), PJ.t("grants_by_grant_year"), ...(PJ.isTable(id) ? [PJ.t("growth_base", { n: PJ.SMALL })] : [])],
  brief: (model) => [...marks(model), ...(PJ.isTable(id) ? [PJ.t("growth_base", { n: PJ.SMALL })] : [])],
  draw: (element, model) => {
    PJ.put(element, PJ.html`<div class="corner">${PJ.figures[id].corner(model)}</div><div class="ch"></div>`);
    PJ.chart(element.querySelector(".ch"), PJ.t("trend_summary", { title: PJ.titled("trend"), n: PJ.count(model.n) }), trendOption(model, !narrow),
      ({ seriesType, dataIndex }) => {
        const year = model.years[dataIndex];
        PJ.openList(PJ.listOf(seriesType === "bar" ? PJ.c.filed(year) : PJ.c.granted(year)));
      });
  },
  svg: (model, { width, palette }) => PJ.chartSvg(trendOption(model), width, height, palette),
  table: (model) => ({
    columns: [
      { label: PJ.t("year"), kind: "year" }, { label: PJ.t("filings"), kind: "count" }, { label: PJ.t("growth"), kind: "growth" },
      { label: PJ.t("complete"), kind: "bool" }, ...(model.noGrants ? [] : [{ label: PJ.t("grants"), kind: "count" }]),
    ],
    rows: [...model.years, ...(model.filings.has(null) ? [null] : [])].map((year) => [
      year,
      { value: model.filings.get(year)?.value ?? 0, list: PJ.listOf(PJ.c.filed(year)) },
      growthOf(model, year),
      year === null ? null : complete(model, year),
      ...(model.noGrants ? [] : [year === null ? null : { value: model.grants.get(year)?.value ?? 0, list: PJ.listOf(PJ.c.granted(year)) }]),
    ]),
  }),
});
PJ.define(trend("trend", true));
PJ.define(trend("trend-large"));

/* ---- figures of the whole industry by year: entrants, claims, lag ---- */
const wholeYears = (rows) => {
  const { first, last, whole } = PJ.years();
  return whole ? rows : rows.filter((row) => row.year >= first && row.year <= last);
};
const industryTitle = (key) => (PJ.S.node ? PJ.t("titled", { scope: PJ.t("whole_industry"), what: PJ.t(key) }) : PJ.capital(PJ.t(key)));
const byYearFigure = ({ id, source, key, model, option, table, list, lineList = list, notes }) => PJ.define({
  id,
  half: true,
  sources: [source],
  title: () => industryTitle(key),
  model: () => {
    const rows = wholeYears(PJ.rows(source, PJ.S.unit)).filter((row) => row.year !== null);
    return { rows, years: knownYears(rows), byYear: at(rows), empty: rows.length ? null : PJ.t("no_rows"), ...model(rows) };
  },
  notes: (shown) => [...(notes?.(shown) ?? []), ...(PJ.S.node ? [PJ.t("node_ignored")] : [])],
  draw: (element, shown) => {
    PJ.put(element, PJ.html`<div class="ch"></div>`);
    PJ.chart(element.querySelector(".ch"), industryTitle(key), option(shown),
      ({ seriesType, dataIndex }) => PJ.openList(PJ.formatConditions([(seriesType === "line" ? lineList : list)(shown.years[dataIndex])])));
  },
  svg: (shown, { width, palette }) => PJ.chartSvg(option(shown), width, height, palette),
  table: (shown) => table(shown, (year) => PJ.formatConditions([list(year)])),
});
const name = (key) => PJ.capital(PJ.t(key));
const finished = (model, year) => model.byYear.get(year)?.complete ?? true;
byYearFigure({
  id: "entrants", source: "new_entrants_by_year", key: "entrants", list: PJ.c.entered, lineList: PJ.c.active,
  model: (rows) => ({ n: PJ.rows("concentration", PJ.S.unit)[0]?.organisations ?? null, hatched: hasIncomplete(rows) }),
  notes: (model) => [PJ.t("n_is_organisations"), ...(model.hatched ? [PJ.t("hatched_hollow")] : [])],
  option: (model) => (palette, zoom) => PJ.timeOption(palette, zoom, {
    years: model.years,
    tip: tip(model, (year) => [`${name("entrants_new")} ${PJ.count(model.byYear.get(year)?.value ?? 0)}`,
      `${name("entrants_active")} ${PJ.count(model.byYear.get(year)?.active ?? 0)}`, finished(model, year) ? "" : PJ.t("incomplete")], "tip_entrants"),
    series: [
      PJ.bars(palette, zoom, {
        name: name("entrants_new"),
        rows: model.years.map((year) => ({ year, value: model.byYear.get(year)?.value ?? 0, complete: model.byYear.get(year)?.complete ?? true })),
      }),
      PJ.line(palette, zoom, {
        name: name("entrants_active"), colour: 3,
        values: model.years.map((year) => (finished(model, year) ? model.byYear.get(year)?.active ?? 0 : PJ.hollow(palette, zoom, model.byYear.get(year).active, 3))),
      }),
    ],
  }),
  table: (model, list) => ({
    columns: [{ label: PJ.t("year"), kind: "year" }, { label: name("entrants_new"), kind: "count" },
      { label: name("entrants_active"), kind: "count" }, { label: PJ.t("complete"), kind: "bool" }],
    rows: model.rows.map((row) => [row.year, { value: row.value, list: list(row.year) },
      { value: row.active, list: PJ.formatConditions([PJ.c.active(row.year)]) }, row.complete]),
  }),
});
const sums = (rows) => ({
  n: rows.reduce((sum, row) => sum + row.items, 0),
  unknown: rows.reduce((sum, row) => sum + row.unknown, 0),
});
// A median of few items jumps about: such years are left to the table, unless hardly any would remain.
const LEAST_YEARS = 3;
const drawnYears = (model) => {
  const sure = model.rows.filter((row) => row.items >= PJ.SMALL).map((row) => row.year);
  return new Set(sure.length >= LEAST_YEARS ? sure : model.rows.filter((row) => row.items > 0).map((row) => row.year));
};
const COLOURS = [0, 3, 2];
// Whether nothing more can come to a filing year, a grant year.
const filingsOver = (year) => year <= (PJ.D.meta.horizon.last_complete_year ?? -Infinity);
const grantsOver = (year) => PJ.rows("grants_by_year", PJ.S.unit).find((row) => row.year === year)?.complete ?? true;
const unfinished = (model, isOver) => (model.years.every(isOver) ? [] : [PJ.t("hollow_year")]);
const thin = (model) => (drawnYears(model).size < model.rows.length ? [PJ.t("thin_years", { n: PJ.SMALL })] : []);
const lines = (names, isOver) => (model) => (palette, zoom) => PJ.timeOption(palette, zoom, {
  years: model.years,
  tip: tip(model, (year) => {
    const row = model.byYear.get(year);
    return row ? [...names.map(([column, key]) => `${PJ.t(key)} ${row[column] === null ? PJ.t("unknown") : PJ.minus(row[column].toLocaleString("en-US", { maximumFractionDigits: 1 }))}`),
      `n = ${PJ.count(row.items)}`, isOver(year) ? "" : PJ.t("incomplete")] : [PJ.t("no_rows")];
  }),
  series: names.map(([column, key], i) => PJ.line(palette, zoom, {
    name: PJ.t(key), colour: COLOURS[i], symbol: ["circle", "rect", "triangle"][i],
    values: model.years.map((year) => {
      const value = drawnYears(model).has(year) ? model.byYear.get(year)[column] : null;
      return isOver(year) ? value : PJ.hollow(palette, zoom, value, COLOURS[i]);
    }),
  })),
});
const lineTable = (names, kind) => (model, list) => ({
  columns: [{ label: PJ.t("year"), kind: "year" }, { label: PJ.t("items"), kind: "count" }, { label: name("unknown"), kind: "count" },
    ...names.map(([, key]) => ({ label: PJ.t(key), kind }))],
  rows: model.rows.map((row) => [row.year, { value: row.items, list: list(row.year) }, row.unknown, ...names.map(([column]) => row[column])]),
});
const claims = [["median_claims", "claims_median"], ["mean_claims", "claims_mean"], ["p90_claims", "claims_p90"]];
byYearFigure({
  id: "claims", source: "claim_counts", key: "claims", list: PJ.c.filed, model: (rows) => ({ ...sums(rows), unknownOf: PJ.t("claims_unknown") }),
  option: lines(claims, filingsOver), table: lineTable(claims, "number"), notes: (model) => [PJ.t("by_filing_year"), ...unfinished(model, filingsOver), ...thin(model)],
});
const lag = [["median_days", "lag_median"], ["p95_days", "lag_p95"]];
byYearFigure({
  id: "lag", source: "grant_lag", key: "lag", list: PJ.c.granted, model: (rows) => ({ ...sums(rows), unknownOf: PJ.t("lag_unknown") }),
  option: lines(lag, grantsOver), table: lineTable(lag, "days"), notes: (model) => [PJ.t("by_grant_year"), ...(PJ.S.unit.endsWith("_family") ? [PJ.t("lag_family")] : []), ...unfinished(model, grantsOver), ...thin(model)],
});
