// Where: countries and regions, China's provinces, cities. Unknown places stand beside the map as their own row.

const countryModel = () => {
  const got = PJ.get("countries");
  const scope = PJ.inScope();
  const values = new Map(got.rows.filter((row) => row.country !== null).map((row) => [row.country, row]));
  const ranked = [...values.values()].sort((a, b) => b.value - a.value || (a.country < b.country ? -1 : 1));
  return {
    ...got, n: scope.n, unknown: PJ.unknownIn(got.rows, "country"), unknownOf: PJ.t("place_unknown"), unknownShown: true, values, ranked,
    scale: PJ.scale(ranked.map((row) => row.value)),
    empty: ranked.length || got.missing ? null : PJ.t("no_places", { basis: PJ.t(`basis_${PJ.S.basis}`) }),
  };
};
const here = (...places) => PJ.c.at(PJ.S.basis, ...places);
// In every foot the bias is recalled; where shares stand beside a map, it is told in full.
const biasRecalled = () => (PJ.D.meta[`bias_${PJ.S.lang}`] ? [PJ.t("bias_recalled")] : []);
const bias = () => {
  const text = PJ.D.meta[`bias_${PJ.S.lang}`];
  return text ? PJ.html`<p class="note o bias"><b>${PJ.t("bias")}</b> ${text}</p>` : "";
};
// A ranking by bars: name, bar, count, share. A line lists what it counts, where it says so; with `choose`, its name chooses a place
// and its number lists (null: there is nothing to choose).
PJ.barRows = (rows, { highest, small }) => PJ.html`<ol class="rk">${rows.map(({ no, name, raw, value, share, list, kind = "", chosen, choose }) => {
  const said = PJ.html`<span class="no">${small ? "" : no ?? ""}</span><span class="nm">${raw ? PJ.raw(name) : name}</span>`;
  const bar = PJ.html`<span class="bar">${value ? PJ.html`<i class="${kind}" style="width:${(100 * value) / highest}%"></i>` : ""}</span>`;
  const figures = PJ.html`<span class="val">${PJ.count(value)}</span> <span class="pc">${share === undefined ? "" : PJ.percent(share)}</span>`;
  if (list === undefined) return PJ.html`<li><span class="row" title="${name}">${said}${bar}${figures}</span></li>`;
  if (choose === undefined) return PJ.html`<li><button class="row" data-list="${list}" title="${name}">${said}${bar}${figures}</button></li>`;
  const pick = choose ? PJ.html`<button class="pick" data-place="${choose}" aria-pressed="${chosen}" title="${name}">${said}${bar}</button>` : PJ.html`<span class="pick">${said}${bar}</span>`;
  return PJ.html`<li class="${chosen ? "on" : ""}">${pick}<button class="v" data-list="${list}" aria-label="${name} ${PJ.count(value)} ${share === undefined ? "" : PJ.percent(share)}">${figures}</button></li>`;
})}</ol>`;
const countryTable = (model) => ({
  columns: [{ label: PJ.t("rank"), kind: "count" }, { label: PJ.t("code"), kind: "text" }, { label: PJ.t("country"), kind: "text" },
    { label: PJ.t("count"), kind: "count" }, { label: PJ.t("share"), kind: "share" }],
  rows: [...model.ranked.map((row, i) => [i + 1, row.country, PJ.countryName(row.country), { value: row.value, list: PJ.listOf(here(row.country)) }, row.share]),
    [null, "", PJ.t("place_unknown"), { value: model.unknown, list: PJ.listOf(here(null)) }, model.n ? model.unknown / model.n : null]],
});
const countryRows = (model, count, choosing) => {
  const current = currentPlace()[0];
  const rows = model.ranked.slice(0, count).map((row, i) => ({
    no: i + 1, name: PJ.countryName(row.country), value: row.value, share: row.share ?? undefined,
    list: PJ.listOf(here(row.country)), ...(choosing ? { choose: row.country, chosen: current === row.country } : {}),
  }));
  rows.push({ name: PJ.t("place_unknown"), value: model.unknown, share: model.n ? model.unknown / model.n : undefined, list: PJ.listOf(here(null)), kind: "hatch", ...(choosing ? { choose: null } : {}) });
  return rows;
};
const schematic = () => PJ.t("schematic");
const basisName = () => PJ.t(`basis_${PJ.S.basis}`);
const countryNotes = () => [basisName(), schematic(), PJ.t("places_sum"), ...biasRecalled()];
const worldSvg = (model, { width, palette }) => {
  const drawn = PJ.worldTiles({ values: model.values, scale: model.scale, palette, size: Math.floor(width / 34), labels: true });
  const unknown = PJ.svg.text(`${PJ.t("place_unknown")} ${PJ.count(model.unknown)}`, width, drawn.height + 18, { fill: palette["ink-2"], anchor: "end" });
  return { markup: drawn.markup + unknown, width, height: drawn.height + 32 };
};

/* ---- the world, small beside its list ---- */
PJ.define({
  id: "world",
  narrow: true,
  sources: ["countries"],
  title: () => PJ.titled("world"),
  model: countryModel,
  notes: countryNotes,
  brief: () => [basisName(), schematic(), ...biasRecalled()],
  table: countryTable,
  svg: worldSvg,
  draw: (element, model) => {
    PJ.put(element, PJ.html`<div class="mini"><div class="map"></div><div class="side"></div></div>`);
    const map = element.querySelector(".map");
    const zoom = PJ.zoom();
    const room = element.clientHeight - 12 * zoom;
    const size = Math.max(5.5 * zoom, Math.min((element.clientWidth - (PJ.S.lang === "en" ? 190 : 160) * zoom) / 34, room / 18));
    element.firstElementChild.style.gridTemplateColumns = `${Math.ceil(size * 34)}px minmax(0, 1fr)`;
    const rows = Math.max(3, Math.floor(room / (24 * zoom)) - 1);
    const on = (tile) => ({ "data-list": PJ.listOf(here(tile.code)) });
    const tiles = PJ.worldTiles({ values: model.values, scale: model.scale, palette: PJ.palette(PJ.S.theme), size, labels: false, on });
    PJ.put(map, PJ.svgElement(tiles, { role: "img", "aria-label": PJ.t("world_summary", { name: model.ranked.slice(0, 3).map((row) => `${PJ.countryName(row.country)} ${PJ.count(row.value)}`).join(", ") }) }));
    const small = model.n !== null && model.n < PJ.SMALL;
    PJ.put(element.querySelector(".side"), PJ.barRows(countryRows(model, rows, false), { highest: model.ranked[0].value, small }));
  },
});

// On a wall the large map keeps to the height that its panel has there.
const wallRoom = (element) => (PJ.S.wall ? element.clientHeight - (16 + (PJ.D.meta[`bias_${PJ.S.lang}`] ? 42 : 0)) * PJ.zoom() : Infinity);
/* ---- the world, large: choosing a country shows its cities ---- */
PJ.define({
  id: "world-large",
  sources: ["countries"],
  title: () => PJ.titled("world"),
  model: countryModel,
  notes: countryNotes,
  brief: () => [basisName(), schematic(), PJ.t("places_sum")],
  table: countryTable,
  svg: worldSvg,
  controls: (model) => PJ.legend(model.scale, PJ.palette(PJ.S.theme)),
  draw: (element, model) => {
    PJ.put(element, PJ.html`<div class="large"><div class="map"></div><div class="side"></div></div>${bias()}`);
    const map = element.querySelector(".map");
    const size = Math.max(4, Math.min(map.clientWidth / 34, wallRoom(element) / 18));
    const on = (tile) => ({ "data-place": tile.code });
    const chosen = currentPlace()[0];
    const tiles = PJ.worldTiles({ values: model.values, scale: model.scale, palette: PJ.palette(PJ.S.theme), size, labels: true, chosen, on });
    element.firstElementChild.style.gridTemplateColumns = PJ.S.wall ? `${Math.ceil(tiles.width)}px minmax(0, 1fr)` : "";
    PJ.put(map, PJ.svgElement(tiles, { role: "group", "aria-label": PJ.titled("world") }));
    const rows = Math.max(5, Math.floor(tiles.height / (24 * PJ.zoom())) - 1);
    const small = model.n !== null && model.n < PJ.SMALL;
    PJ.put(element.querySelector(".side"), PJ.barRows(countryRows(model, rows, true), { highest: model.ranked[0].value, small }));
  },
});

/* ---- China ---- */
const provinceRows = () => {
  if (PJ.isWhole(PJ.S.unit)) return { rows: PJ.countProvinces(), counted: true };
  const sums = new Map();
  for (const row of PJ.get("cities").rows) {
    const key = JSON.stringify([row.country, row.province]);
    sums.set(key, (sums.get(key) ?? 0) + row.value);
  }
  return { rows: [...sums].map(([key, value]) => ({ country: JSON.parse(key)[0], province: JSON.parse(key)[1], value })), summed: true };
};
PJ.define({
  id: "china",
  half: true,
  sources: ["cities"],
  title: () => PJ.titled("china"),
  model: () => {
    const got = provinceRows();
    const countries = countryModel();
    const values = new Map();
    const put = (tile, value, key) => value && values.set(tile.code, { value, key });
    for (const tile of PJ.D.layouts.china) if (tile.country) put(tile, countries.values.get(tile.country)?.value ?? 0, tile.country);
    const others = [];
    let unknown = 0;
    for (const row of got.rows.filter((each) => each.country === "CN")) {
      const tile = PJ.D.province(row.province);
      if (row.province === null) unknown = row.value;
      else if (tile && !tile.country) put(tile, row.value, `CN|${row.province}`);
      else others.push(row);
    }
    const n = countries.values.get("CN")?.value ?? 0;
    return {
      ...got, values, others, n, unknown, unknownOf: PJ.t("province_unknown"), scale: PJ.scale([...values.values()].map((each) => each.value)),
      empty: values.size || unknown ? null : PJ.t("no_china"),
    };
  },
  notes: (model) => [PJ.t("n_is_china"), basisName(), schematic(), ...(model.summed ? [PJ.t("cities_summed")] : [])],
  draw: (element, model) => {
    const zoom = PJ.zoom();
    PJ.put(element, PJ.html`<div class="prov"></div>${PJ.barRows([
      ...model.others.map((row) => ({ name: PJ.placeName(row.province), raw: true, value: row.value, list: PJ.listOf(here("CN", row.province)) })),
      { name: PJ.t("province_unknown"), value: model.unknown, share: model.n ? model.unknown / model.n : undefined, list: PJ.listOf(here("CN", null)), kind: "hatch" },
    ], { highest: model.n })}`);
    const holder = element.querySelector(".prov");
    const on = { choose: (key) => ({ "data-place": key }), list: (key) => ({ "data-list": PJ.listOf(here(...key.split("|"))) }) };
    const size = PJ.roomIn(holder) / 7;
    const tiles = PJ.chinaTiles({ values: model.values, scale: model.scale, palette: PJ.palette(PJ.S.theme), size, high: Math.min(size * 0.74, 44 * zoom), chosen: currentPlace().join("|"), on });
    PJ.put(holder, PJ.svgElement(tiles, { role: "group", "aria-label": PJ.titled("china") }));
  },
  svg: (model, { width, palette }) => {
    const drawn = PJ.chinaTiles({ values: model.values, scale: model.scale, palette, size: width / 10, high: 56 });
    return { ...drawn, markup: drawn.markup + PJ.svg.text(`${PJ.t("province_unknown")} ${PJ.count(model.unknown)}`, drawn.width + 20, 20, { fill: palette["ink-2"] }), width };
  },
  table: (model) => ({
    columns: [{ label: PJ.t("province"), kind: "text" }, { label: PJ.t("count"), kind: "count" }],
    rows: [
      ...PJ.D.layouts.china.map((tile) => {
        const { value = 0, key } = model.values.get(tile.code) ?? {};
        return [tile[PJ.S.lang], key ? { value, list: PJ.listOf(here(...key.split("|"))) } : value];
      }).sort((a, b) => (b[1].value ?? 0) - (a[1].value ?? 0)),
      ...model.others.map((row) => [PJ.placeName(row.province), { value: row.value, list: PJ.listOf(here("CN", row.province)) }]),
      [PJ.t("province_unknown"), { value: model.unknown, list: PJ.listOf(here("CN", null)) }],
    ],
  }),
});

/* ---- cities of the country or province chosen ---- */
const currentPlace = () => {
  if (PJ.S.place) return PJ.S.place.split("|");
  const rows = PJ.get("countries").rows.filter((row) => row.country !== null);
  const china = rows.find((row) => row.country === "CN");
  return [china || !rows.length ? "CN" : rows[0].country];
};
const placeTitle = ([country, province]) => (province ? PJ.placeName(province) : PJ.countryName(country));
const cityName = (row) => (row.city === null ? PJ.t(row.province === null ? "city_unknown" : "city_unknown_in", { province: PJ.placeName(row.province) }) : PJ.placeName(row.city));
// Items of a province; null where the list does not travel as a whole.
const inProvince = (country, province) => {
  if (!PJ.isWhole(PJ.S.unit)) return null;
  return PJ.countProvinces().find((row) => row.country === country && row.province === province)?.value ?? 0;
};
PJ.define({
  id: "cities",
  half: true,
  sources: ["cities"],
  title: () => PJ.titled("cities_of", { place: placeTitle(currentPlace()) }),
  model: () => {
    const got = PJ.get("cities");
    const [country, province] = currentPlace();
    const rows = got.rows.filter((row) => row.country === country && (!province || row.province === province));
    const known = rows.filter((row) => row.city !== null);
    const unknown = rows.filter((row) => row.city === null);
    const inCountry = PJ.get("countries").rows.find((row) => row.country === country)?.value ?? 0;
    return {
      ...got, place: [country, province], known, rest: unknown, n: province ? inProvince(country, province) : inCountry,
      unknown: unknown.reduce((sum, row) => sum + row.value, 0), unknownOf: PJ.t("city_unknown"),
      missing: got.missing || (!rows.length && inCountry > 0), empty: rows.length || got.missing ? null : PJ.t("no_cities", { place: placeTitle([country, province]) }),
    };
  },
  above: (model) => {
    const [country, province] = model.place;
    const crumbs = [["", PJ.t("world_all")], [country, PJ.countryName(country)], ...(province ? [[`${country}|${province}`, PJ.placeName(province)]] : [])];
    return PJ.html`<nav class="crumbs" aria-label="${PJ.t("path")}">${crumbs.map(([key, name], i) => (i === crumbs.length - 1 ? PJ.html`<b>${name}</b>` : PJ.html`<button class="lnk" data-place="${key}">${name}</button>`))}
      <button class="v" data-list="${PJ.listOf(here(...model.place.filter(Boolean)))}">${PJ.t("see_all")}</button></nav>`;
  },
  notes: () => [basisName(), PJ.t("places_sum")],
  draw: (element, model) => {
    const rows = model.known.slice(0, 40).map((row, i) => ({
      no: i + 1, name: cityName(row), raw: true, value: row.value, list: PJ.listOf(here(row.country, row.province, row.city)),
    }));
    for (const row of model.rest) rows.push({ name: cityName(row), value: row.value, list: PJ.listOf(here(row.country, row.province, null)), kind: "hatch" });
    PJ.put(element, PJ.html`<div class="scroll" tabindex="0" role="region" aria-label="${PJ.figures.cities.title()}">${PJ.barRows(rows, { highest: Math.max(...rows.map((row) => row.value)), small: rows.length && rows[0].value < 10 })}</div>`);
  },
  svg: (model, { width }) => PJ.traced((stage) => PJ.put(stage, PJ.barRows(
    model.known.slice(0, 25).map((row, i) => ({ no: i + 1, name: cityName(row), value: row.value, list: "" }))
      .concat({ name: PJ.t("city_unknown"), value: model.unknown, list: "", kind: "hatch" }),
    { highest: model.known[0]?.value ?? 0 })), width),
  table: (model) => ({
    columns: [{ label: PJ.t("country"), kind: "text" }, { label: PJ.t("province"), kind: "text", raw: true }, { label: PJ.t("city"), kind: "text", raw: true }, { label: PJ.t("count"), kind: "count" }],
    rows: [...model.known, ...model.rest].map((row) => [PJ.countryName(row.country), PJ.placeName(row.province), PJ.placeName(row.city),
      { value: row.value, list: PJ.listOf(here(row.country, row.province, row.city)) }]),
  }),
});
