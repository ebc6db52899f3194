// The ward map 坊图: stages are segments, reaches are groups, wards are leaves; the gaps are water. Its twins
// are the chain tree and a table. Choosing a node sets the figures around it.

const YEARS = 3;
const MARGIN = 1.1;

/* ---- the model: counts, steps, the turn of each node against the whole ---- */
const turns = (unit) => PJ.cached(`turns ${unit}`, () => {
  const last = PJ.D.meta.horizon.last_complete_year;
  const sum = (rows, from) => rows.filter((row) => row.year > from && row.year <= from + YEARS)
    .reduce((total, row) => total + row.value, 0);
  const measured = (rows) => {
    const [now, then] = [sum(rows, last - YEARS), sum(rows, last - 2 * YEARS)];
    return { now, then, ratio: now + then >= PJ.SMALL && then > 0 ? now / then : null };
  };
  const rowsOf = new Map();
  for (const row of PJ.rows("node_year", unit)) rowsOf.set(row.node_id, [...(rowsOf.get(row.node_id) ?? []), row]);
  const whole = measured(PJ.rows("filings_by_year", unit)).ratio;
  return new Map(PJ.D.chain.map((node) => {
    const own = measured(rowsOf.get(node.node_id) ?? []);
    const side = own.ratio === null || whole === null ? null : own.ratio > whole * MARGIN ? 1 : own.ratio < whole / MARGIN ? -1 : 0;
    return [node.node_id, { ...own, whole, side }];
  }));
});
const model = () => {
  const { rows, counted, missing } = PJ.get("node_counts");
  const counts = new Map(rows.map((row) => [row.node_id, row]));
  const values = PJ.D.chain.filter((node) => node.is_leaf).map((node) => counts.get(node.node_id)?.value ?? 0);
  const scope = PJ.withoutNode(() => PJ.inScope());
  const unassigned = counts.get(null)?.value ?? 0;
  return {
    rows, counts, counted, missing, scale: PJ.scale(values), turns: turns(PJ.S.unit),
    signs: `▲▼ ${PJ.t("turn_legend")}`, n: scope.n, unknown: unassigned, unknownOf: PJ.t("unassigned"), sum: values.reduce((a, b) => a + b, 0),
  };
};
const several = (shown) => {
  if (!PJ.isWhole(PJ.S.unit)) return PJ.t("sum_of_nodes", { sum: PJ.count(shown.sum) });
  const { nodes } = PJ.items(PJ.S.unit).columns;
  const count = PJ.withoutNode(() => PJ.select(PJ.scope(), PJ.S.unit)).filter((item) => nodes[item].length > 1).length;
  return PJ.t("sum_of_nodes_several", { sum: PJ.count(shown.sum), count: PJ.count(count), share: PJ.percent(shown.n ? count / shown.n : null) });
};
// The mark of a node in words: how it grew, from which numbers, or why it has none.
const turnTold = (node, shown) => {
  const { now, then, ratio, whole, side } = shown.turns.get(node.node_id);
  const last = PJ.D.meta.horizon.last_complete_year;
  if (last === null) return "";
  const years = (from) => `${from - YEARS + 1}–${from}`;
  if (side === null) return PJ.t("turn_few", { years: `${last - 2 * YEARS + 1}–${last}`, n: PJ.SMALL });
  return `${TURN[side][0]} ${PJ.t(TURN[side][1])}\n${PJ.t("turn_counts", {
    now: years(last), a: PJ.count(now), then: years(last - YEARS), b: PJ.count(then), own: PJ.fixed(ratio, 2), whole: PJ.fixed(whole, 2) })}`;
};
const TURN = { 1: ["▲", "turn_up"], 0: ["－", "turn_same"], "-1": ["▼", "turn_down"] };

/* ---- where everything stands ---- */
const size = () => (PJ.S.lang === "en" ? 11.5 : 12);
const GAP = 3;
const LEAST = 60;
const NUMBER = 48;
// The width a ward needs: for its name on one line, or on two; never less than for its number.
const EDGES = 15;
const oneLine = (node) => Math.max(LEAST, PJ.textWidth(PJ.nodeName(node), size(), 600) + EDGES);
const twoLines = (node) => Math.max(LEAST, PJ.widthOnLines(PJ.nodeName(node), 2, size(), 600) + EDGES);
// How a line of wards stands: names above their numbers, on one line or two. Where the map would else not fit the
// screen, names stand beside their numbers.
const LINES = [
  { kind: "flat", high: 24, need: (node) => oneLine(node) + NUMBER },
  { kind: "flat pair", high: 32, need: (node) => twoLines(node) + NUMBER },
  { kind: "low", high: 36, need: oneLine },
  { kind: "two", high: 49, need: twoLines },
];
// The lines of a reach: as low as the width allows, then as even as may be.
const linesOf = (nodes, width, zoom, kinds) => {
  const best = nodes.map(() => null).concat({ high: 0, cost: 0, lines: [] });
  for (let from = nodes.length - 1; from >= 0; from -= 1) {
    for (let to = from + 1; to <= nodes.length; to += 1) {
      const line = nodes.slice(from, to);
      const needs = (kind) => line.reduce((sum, node) => sum + (kind.need(node) + GAP) * zoom, -GAP * zoom);
      const kind = kinds.find((each) => needs(each) <= width) ?? (line.length === 1 ? kinds.at(-1) : null);
      if (!kind) break;
      const rest = best[to];
      const high = kind.high + rest.high + (to < nodes.length ? GAP : 0);
      const cost = (1 - Math.min(1, needs(kind) / width)) ** 2 + rest.cost;
      const now = best[from];
      if (!now || high < now.high || (high === now.high && cost < now.cost)) best[from] = { high, cost, lines: [{ ...kind, nodes: line }, ...rest.lines] };
    }
  }
  return best[0];
};
const leavesOf = (node) => (node.is_leaf ? [node] : node.children.flatMap(leavesOf));
// A segment's reaches: its groups; leaves that hang on the segment itself form reaches without a name.
const reachesOf = (segment) => {
  if (segment.is_leaf) return [{ group: null, leaves: [segment] }];
  const out = [];
  for (const child of segment.children) {
    if (!child.is_leaf) out.push({ group: child, leaves: leavesOf(child) });
    else if (out.at(-1) && !out.at(-1).group) out.at(-1).leaves.push(child);
    else out.push({ group: null, leaves: [child] });
  }
  return out;
};
// Names of groups stand beside their wards, on as many lines as a low ward is tall.
const LABEL_SIZE = 11.5;
const LABEL_LINES = { zh: 2, en: 3 };
const labelWidth = (reaches) => Math.ceil(Math.max(...reaches.map(({ group }) => (group ? PJ.widthOnLines(PJ.nodeName(group), LABEL_LINES[PJ.S.lang], LABEL_SIZE) : 0)))) + 2;
const forLabels = (reaches, zoom) => (reaches.some((reach) => reach.group) ? (labelWidth(reaches) + 5) * zoom : 0);
const BETWEEN = 5;
const stageAt = (reaches, width, zoom, kinds) => {
  const lines = reaches.map((reach) => linesOf(reach.leaves, width - forLabels(reaches, zoom), zoom, kinds));
  return { width, lines: lines.map((each) => each.lines), high: lines.reduce((sum, each) => sum + each.high + BETWEEN, -BETWEEN) };
};
// The stages of one band, of such widths that the band is as low as it can be.
const layBand = (stages, total, zoom, kinds) => {
  const step = 8 * zoom;
  // Of each stage, the widths at which it gets lower.
  const choices = stages.map((reaches) => {
    const least = Math.max(...reaches.flatMap((reach) => reach.leaves.map(twoLines)));
    const out = [];
    for (let width = forLabels(reaches, zoom) + (least + GAP) * zoom; width <= total; width += step) {
      const at = stageAt(reaches, width, zoom, kinds);
      if (!out.length || at.high < out.at(-1).high) out.push(at);
    }
    return out;
  });
  const heights = [...new Set(choices.flat().map(({ high }) => high))].sort((a, b) => a - b);
  for (const high of heights) {
    const widths = choices.map((each) => each.find((at) => at.high <= high)?.width ?? Infinity);
    const sum = widths.reduce((a, b) => a + b, 0);
    if (sum <= total) return stages.map((reaches, i) => stageAt(reaches, widths[i] + (widths[i] / sum) * (total - sum), zoom, kinds));
  }
  return stages.map((reaches) => stageAt(reaches, total / stages.length, zoom, kinds));
};
const BAND = 4;
const NARROWEST = 250;
const bands = (width, zoom) => {
  const stages = PJ.D.segments;
  const rows = Math.ceil(stages.length / Math.max(1, Math.min(BAND, Math.floor(width / (NARROWEST * zoom)))));
  const each = Math.ceil(stages.length / rows);
  return Array.from({ length: rows }, (_, i) => stages.slice(i * each, (i + 1) * each));
};

/* ---- drawn ---- */
const ward = (node, basis, shown, palette) => {
  const row = shown.counts.get(node.node_id);
  const unknown = row === undefined;
  const value = row?.value ?? 0;
  const kind = unknown ? "unk" : value ? "" : "gap";
  const fill = shown.scale.colour(value, palette);
  const colours = kind ? "" : `--bg:${fill};--fg:${PJ.inkOn(fill)};`;
  const on = PJ.S.node === node.node_id;
  const count = unknown ? PJ.t("uncounted")
    : value ? PJ.html`<button class="v" tabindex="-1" data-list="${PJ.listOfAny(PJ.c.node(node.node_id))}" aria-label="${PJ.t("list_of", { name: PJ.nodeName(node), n: PJ.count(value) })}">${PJ.count(value)}</button>`
      : PJ.t("gap");
  const { side } = shown.turns.get(node.node_id);
  const arrow = kind || side === null ? "" : PJ.html`<s role="img" aria-label="${PJ.t(TURN[side][1])}">${TURN[side][0]}</s>`;
  const share = shown.n && value ? ` · ${PJ.percent(value / shown.n)}` : "";
  const tip = `${PJ.nodePath(node).map(PJ.nodeName).join(" › ")}\n${unknown ? PJ.t("uncounted") : `${PJ.count(value)} ${PJ.t(`unit_${PJ.S.unit}`)}${share}`}${kind ? "" : `\n${turnTold(node, shown)}`}`;
  return PJ.html`<div class="wd ${kind} ${on ? "on" : ""}" data-tip="${tip}" style="${colours}flex:${Math.max(1, Math.sqrt(value) / 6)} 1 ${basis}px"
    ><button class="nm" data-node="${node.node_id}" aria-pressed="${on}">${PJ.broken(PJ.nodeName(node))}</button><span>${count}${arrow}</span></div>`;
};
const inner = (node, shown, classes) => PJ.html`<button class="${classes} ${PJ.S.node === node.node_id ? "on" : ""}" data-node="${node.node_id}"
  aria-pressed="${PJ.S.node === node.node_id}">${PJ.broken(PJ.nodeName(node))}</button>`;
const stage = (segment, lines, shown, palette, zoom) => {
  const reaches = reachesOf(segment);
  const named = reaches.some((reach) => reach.group);
  const total = shown.counts.get(segment.node_id)?.value ?? 0;
  return PJ.html`<div class="stage"><h3 title="${PJ.nodeName(segment)}">${inner(segment, shown, "nm")}<button class="v" data-list="${PJ.listOfAny(PJ.c.node(segment.node_id))}"
    aria-label="${PJ.t("list_of", { name: PJ.nodeName(segment), n: PJ.count(total) })}">${PJ.count(total)}</button></h3>
    ${reaches.map((reach, i) => PJ.html`<div class="reach" style="flex-grow:${lines[i].reduce((sum, line) => sum + line.high, 0)}">
      ${named ? PJ.html`<div class="rn" style="width:${labelWidth(reaches) * zoom}px">${reach.group ? inner(reach.group, shown, "nm") : ""}</div>` : ""}
      <div class="lines">${lines[i].map((line) => PJ.html`<div class="line ${line.kind}" style="flex-grow:${line.high}">${line.nodes.map((node) => ward(node, line.need(node) * zoom, shown, palette))}</div>`)}</div></div>`)}
  </div>`;
};
const HEAD = 37;
// `room`: how tall the map may be before its wards are pressed flat.
const drawWards = (element, shown, palette, width, zoom, room = Infinity) => {
  const gutter = 17 * zoom;
  const lay = (kinds) => bands(width, zoom).map((segments) => {
    const stages = layBand(segments.map(reachesOf), width - 24 * zoom - gutter * (segments.length - 1), zoom, kinds);
    return { segments, stages, high: HEAD + Math.max(...stages.map((each) => each.high)) };
  });
  const tall = (laid) => laid.reduce((sum, band) => sum + band.high, 0) * zoom;
  const usual = lay(LINES.slice(2));
  const laid = tall(usual) > room ? lay(LINES) : usual;
  PJ.put(element, laid.map(({ segments, stages }) => PJ.html`<div class="wards" style="grid-template-columns:${stages.map((each) => `minmax(0,${each.width}fr)`).join(" ")}">${segments.map((segment, i) =>
    stage(segment, stages[i].lines, shown, palette, zoom))}</div>`));
  // A map of few lines need not grow as tall as one of many.
  element.parentElement.style.setProperty("--lines", Math.min(1.5, tall(laid) / zoom / 210).toFixed(2));
};

/* ---- the twins ---- */
// A rule can be long: the beginning of its first line stands, the rest opens.
const rule = (node) => {
  if (!node.rule_text) return "";
  const [first, ...rest] = node.rule_text.split("\n");
  return PJ.html`<details><summary data-raw>${first}</summary>${rest.length ? PJ.raw(rest.join("\n")) : ""}</details>`;
};
const tree = (shown) => PJ.html`<div class="tbl tree" tabindex="0" role="region" aria-label="${PJ.t("tree")}"><table class="tb"><caption class="sr">${PJ.t("tree")}</caption>
  <colgroup><col style="width:24%"><col style="width:8%"><col style="width:10%"><col style="width:29%"><col style="width:29%"></colgroup>
  <thead><tr><th scope="col">${PJ.t("node")}</th><th scope="col" class="num">${PJ.t("count")}</th><th scope="col" class="num">${PJ.t("multiple")}</th>
  <th scope="col">${PJ.t("definition_of_node")}</th><th scope="col">${PJ.t("rule")}</th></tr></thead><tbody>
  ${PJ.D.order.map((node) => {
    const row = shown.counts.get(node.node_id) ?? { value: 0, multiple: 0 };
    const depth = PJ.nodePath(node).length - 1;
    const list = (condition, value) => (value ? PJ.html`<button class="v" data-list="${PJ.listOfAny(condition)}">${PJ.count(value)}</button>` : PJ.count(value));
    return PJ.html`<tr class="d${depth} ${PJ.S.node === node.node_id ? "sel" : ""}"><th scope="row"><button class="lnk" data-node="${node.node_id}" aria-pressed="${PJ.S.node === node.node_id}">${PJ.nodeName(node)}</button></th>
      <td class="num">${list(PJ.c.node(node.node_id), row.value)}</td><td class="num">${list(PJ.c.several(node.node_id), row.multiple)}</td>
      <td>${node[`definition_${PJ.S.lang}`] ?? ""}</td><td class="mono">${rule(node)}</td></tr>`;
  })}
  <tr class="sum"><th scope="row">${PJ.t("unassigned")}</th><td class="num"><button class="v" data-list="${PJ.listOfAny(PJ.c.node(null))}">${PJ.count(shown.unknown)}</button></td><td></td><td>${PJ.t("unassigned_means")}</td><td></td></tr>
  </tbody></table></div>`;
const table = (shown) => ({
  columns: [
    { label: PJ.t("segment"), kind: "text" }, { label: PJ.t("group"), kind: "text" }, { label: PJ.t("node"), kind: "text" },
    { label: PJ.t("count"), kind: "count" }, { label: PJ.t("share"), kind: "share" }, { label: PJ.t("multiple"), kind: "count" }, { label: PJ.t("turn"), kind: "text" },
  ],
  rows: [...PJ.D.order.filter((node) => node.is_leaf).map((node) => {
    const row = shown.counts.get(node.node_id) ?? { value: null, multiple: null };
    const path = PJ.nodePath(node);
    const { side } = shown.turns.get(node.node_id);
    return [PJ.nodeName(path[0]), path.length > 2 ? PJ.nodeName(path.at(-2)) : "", { value: PJ.nodeName(node), node: node.node_id },
      { value: row.value, list: PJ.listOfAny(PJ.c.node(node.node_id)) }, shown.n ? row.value / shown.n : null,
      { value: row.multiple, list: PJ.listOfAny(PJ.c.several(node.node_id)) }, side === null ? "" : `${TURN[side][0]} ${PJ.t(TURN[side][1])}`];
  }), [PJ.t("unassigned"), "", "", { value: shown.unknown, list: PJ.listOfAny(PJ.c.node(null)) }, shown.n ? shown.unknown / shown.n : null, null, ""]],
});

/* ---- the chosen node, in words ---- */
const strip = (shown) => {
  const node = PJ.S.node && PJ.D.node(PJ.S.node);
  if (!node) return "";
  const row = shown.counts.get(node.node_id) ?? { value: 0, multiple: 0 };
  return PJ.html`<div class="strip"><b>${PJ.nodePath(node).map(PJ.nodeName).join(" › ")}</b>
    <button class="v" data-list="${PJ.listOfAny(PJ.c.node(node.node_id))}">${PJ.t("see_list", { n: PJ.count(row.value) })}</button>
    ${node[`definition_${PJ.S.lang}`] ? PJ.html`<span>${node[`definition_${PJ.S.lang}`]}</span>` : ""}
    ${node.rule_text ? PJ.html`<span class="mono" title="${PJ.t("rule")}">${PJ.raw(node.rule_text.replaceAll("\n", "  "))}</span>` : ""}
    <button class="lnk" data-node="${node.node_id}">${PJ.t("unselect")}</button></div>`;
};
PJ.define({
  id: "wards",
  sources: ["node_counts"],
  twins: true,
  more: () => [[PJ.t("turn_name"), PJ.t("turn_means")]],
  title: () => PJ.t("wards_title"),
  model,
  table,
  controls: (shown) => PJ.html`${PJ.S.wards === "wards" ? PJ.html`<span class="lg-line">${PJ.legend(shown.scale, PJ.palette(PJ.S.theme))}
    <span class="lg"><span><i class="gap"></i>${PJ.t("gap_legend")}</span>${shown.rows.length < PJ.D.chain.length ? PJ.html`<span><i class="hatch"></i>${PJ.t("uncounted")}</span>` : ""}<button data-define="wards" aria-haspopup="dialog" data-tip="${PJ.t("turn_means")}">▲▼ <u>${PJ.t("turn_legend")}</u></button></span></span>` : ""}
    <span class="seg" role="group" aria-label="${PJ.t("view_as")}">${["wards", "tree", "table"].map((kind) => PJ.html`<button data-set="wards=${kind}" aria-pressed="${PJ.S.wards === kind}">${PJ.t(`as_${kind}`)}</button>`)}</span>`,
  notes: (shown) => [several(shown)],
  draw: (element, shown) => {
    if (PJ.S.wards === "tree") PJ.put(element, tree(shown));
    else if (PJ.S.wards === "table") PJ.put(element, PJ.table(table(shown), PJ.t("wards_title")));
    else {
      const others = element.closest("#view").querySelector(".figs");
      const frame = element.parentElement.clientHeight - element.clientHeight;
      const room = document.getElementById("main").clientHeight - document.getElementById("filter").offsetHeight - frame - parseFloat(getComputedStyle(others.firstElementChild).minHeight) - 48 * PJ.zoom();
      drawWards(element, shown, PJ.palette(PJ.S.theme), element.clientWidth, PJ.zoom(), room);
      element.insertAdjacentHTML("beforeend", PJ.part(strip(shown)));
    }
  },
  svg: (shown, { width, palette }) => PJ.traced((stage) => drawWards(stage, shown, palette, width, PJ.zoom()), width),
});
