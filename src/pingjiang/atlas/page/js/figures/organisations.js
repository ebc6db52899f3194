// Who: the ranking of organisations, and how concentrated they are.

const rankModel = () => {
  const got = PJ.get("top_organisations");
  const scope = PJ.inScope();
  const spread = PJ.get("concentration");
  return {
    ...got, counted: got.counted, n: scope.n, unknown: spread.missing ? null : spread.rows[0]?.unknown_items,
    unknownOf: PJ.t("owner_unknown"), small: scope.n !== null && scope.n < PJ.SMALL,
    empty: got.rows.length || got.missing ? null : PJ.t("no_owners"),
  };
};
const rankRows = (model, count) => model.rows.slice(0, count).map((row) => ({
  no: row.rank, name: row.organisation, raw: true, value: row.value, share: row.share, list: PJ.listOf(PJ.c.org(row.organisation_id)),
}));
const rankTable = (model, narrow) => {
  const hasShare = model.rows[0]?.share !== undefined;
  const hasYears = hasShare && !narrow;
  return {
    columns: [
      ...(model.small ? [] : [{ label: PJ.t("rank"), kind: "count" }]), { label: PJ.t("organisation"), kind: "text", raw: true }, { label: PJ.t("count"), kind: "count" },
      ...(hasShare ? [{ label: PJ.t(narrow ? "share" : "share_fractional"), kind: "share" }] : []),
      ...(hasYears ? [{ label: PJ.t("first_year"), kind: "year" }, { label: PJ.t("last_year"), kind: "year" }] : []),
    ],
    rows: model.rows.map((row) => [...(model.small ? [] : [row.rank]), row.organisation, { value: row.value, list: PJ.listOf(PJ.c.org(row.organisation_id)) },
      ...(hasShare ? [row.share] : []), ...(hasYears ? [row.first_year, row.last_year] : [])]),
  };
};
const small = (model) => (model.small ? [PJ.t("small", { n: model.n })] : []);
const ranking = (id, large) => ({
  id,
  narrow: !large,
  sources: ["top_organisations", "node_organisation"],
  title: () => PJ.titled("ranking"),
  model: rankModel,
  notes: (model) => [PJ.t("shares_fractional"), ...small(model)],
  brief: (model) => [...(large ? [PJ.t("shares_fractional")] : []), ...small(model)],
  table: rankTable,
  draw: (element, model) => {
    const fits = large ? 100 : Math.max(3, Math.floor((element.clientHeight - 8 * PJ.zoom()) / (25 * PJ.zoom())));
    const rows = PJ.barRows(rankRows(model, fits), { highest: model.rows[0].value, small: model.small });
    PJ.put(element, large ? PJ.html`<div class="scroll" tabindex="0" role="region" aria-label="${PJ.titled("ranking")}">${rows}</div>` : rows);
  },
  svg: (model, { width }) => PJ.traced((stage) =>
    PJ.put(stage, PJ.barRows(rankRows(model, 25), { highest: model.rows[0].value, small: model.small })), width),
});
PJ.define(ranking("ranking", false));
PJ.define(ranking("ranking-large", true));

/* ---- concentration ---- */
const points = (value) => Math.round(value * 10000);
const MEASURES = [
  { column: "cr5", key: "cr5", show: (value) => PJ.percent(value), part: (value) => value, file: (value) => value },
  { column: "hhi", key: "hhi", show: (value) => PJ.count(points(value)), part: (value) => value * 4, file: points },
  { column: "hhi_normalised", key: "hhi_star", show: (value) => PJ.count(points(value)), part: (value) => value * 4, file: points },
];
const known = (value, say) => (value === null ? null : say(value));
const measures = (row) => PJ.html`<dl class="conc">${MEASURES.map(({ column, key, show, part }) => {
  const value = row[column];
  return PJ.html`<div><dt>${PJ.t(key)}</dt><dd><b>${known(value, show) ?? PJ.t("unknown")}</b>
    <span class="bul"><i style="width:${value === null ? 0 : Math.max(0, Math.min(100, part(value) * 100))}%"></i>${key === "cr5" ? "" : PJ.html`<s style="left:40%"></s><s style="left:72%"></s>`}</span>
    <span class="dim">${PJ.t(`${key}_means`)}</span></dd></div>`;
})}</dl><p class="more">${PJ.t("bands")}</p>`;
PJ.define({
  id: "concentration",
  half: true,
  sources: ["concentration"],
  title: () => PJ.titled("concentration"),
  model: () => {
    const got = PJ.get("concentration");
    const row = got.rows[0];
    return {
      ...got, row, n: row?.items, unknown: row?.unknown_items, unknownOf: PJ.t("owner_unknown"),
      empty: got.missing || (row && row.organisations) ? null : PJ.t("no_owners"),
    };
  },
  notes: (model) => (model.row ? [PJ.t("organisations_n", { n: PJ.count(model.row.organisations) }), ...(model.n < PJ.SMALL ? [PJ.t("small", { n: model.n })] : [])] : []),
  draw: (element, model) => PJ.put(element, measures(model.row)),
  svg: (model, { width }) => PJ.traced((stage) => PJ.put(stage, measures(model.row)), width),
  table: ({ row }) => ({
    columns: [{ label: PJ.t("measure"), kind: "text" }, { label: PJ.t("value"), kind: "ratio" }],
    rows: [
      ...MEASURES.map(({ column, key, show, file }) => [PJ.t(key), { value: known(row[column], file), label: known(row[column], show) }]),
      [PJ.t("organisations"), { value: row.organisations, label: PJ.count(row.organisations) }],
      [PJ.t("items"), { value: row.items, label: PJ.count(row.items), list: PJ.listOf() }],
      [PJ.capital(PJ.t("owner_unknown")), { value: row.unknown_items, label: PJ.count(row.unknown_items), list: PJ.listOf(PJ.c.org(null)) }],
    ],
  }),
});
