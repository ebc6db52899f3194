// Who files together. Groups of partners stand apart, each laid out by itself and set like words on a page.
// No chance is used anywhere: the same pairs give the same picture.

const MOST = 150;
const pairsShown = (rows) => {
  const seen = new Set();
  const out = [];
  for (const row of rows) {
    const more = [row.organisation_id_a, row.organisation_id_b].filter((id) => !seen.has(id));
    if (seen.size + more.length > MOST) break;
    more.forEach((id) => seen.add(id));
    out.push(row);
  }
  return out;
};
const graph = (pairs) => {
  const nodes = new Map();
  const touch = (id, name, value) => {
    const node = nodes.get(id) ?? { id, name, weight: 0, near: [] };
    node.weight += value;
    nodes.set(id, node);
    return node;
  };
  for (const pair of pairs) {
    const a = touch(pair.organisation_id_a, pair.organisation_a, pair.value);
    const b = touch(pair.organisation_id_b, pair.organisation_b, pair.value);
    a.near.push({ node: b, value: pair.value });
    b.near.push({ node: a, value: pair.value });
  }
  const groups = [];
  const done = new Set();
  for (const start of nodes.values()) {
    if (done.has(start)) continue;
    const group = [start];
    done.add(start);
    for (const node of group) for (const { node: next } of node.near) if (!done.has(next)) { done.add(next); group.push(next); }
    groups.push(group.sort((a, b) => b.weight - a.weight || (a.id < b.id ? -1 : 1)));
  }
  return groups.sort((a, b) => b.length - a.length || b[0].weight - a[0].weight || (a[0].id < b[0].id ? -1 : 1));
};
// Springs and repulsion from a fixed start (a sunflower), a fixed number of steps.
const STEPS = 240;
const settle = (group) => {
  const reach = 78;
  group.forEach((node, i) => {
    node.x = reach * Math.sqrt(i) * Math.cos(i * 2.39996);
    node.y = reach * 0.6 * Math.sqrt(i) * Math.sin(i * 2.39996);
  });
  for (let step = 0; step < STEPS && group.length > 2; step += 1) {
    const cool = 12 * (1 - step / STEPS);
    const moves = group.map((node) => {
      let [dx, dy] = [0, 0];
      for (const other of group) {
        if (other === node) continue;
        const [x, y] = [node.x - other.x, (node.y - other.y) * 1.7];
        const far = Math.max(x * x + y * y, 1);
        dx += (reach * reach * x) / far;
        dy += (reach * reach * y) / far / 1.7;
      }
      for (const { node: other } of node.near) {
        const [x, y] = [other.x - node.x, other.y - node.y];
        const far = Math.hypot(x, y);
        dx += (x * far) / reach;
        dy += (y * far) / reach;
      }
      const size = Math.max(Math.hypot(dx, dy), 1e-9);
      return [(dx / size) * Math.min(size, cool), (dy / size) * Math.min(size, cool)];
    });
    group.forEach((node, i) => { node.x += moves[i][0]; node.y += moves[i][1]; });
  }
  if (group.length === 2) [group[0].x, group[0].y, group[1].x, group[1].y] = [0, 0, 0, 30];
};
const LABEL = 150;
const radius = (node) => 3.5 + Math.min(11, Math.sqrt(node.weight) * 1.05);
const box = (group) => {
  const xs = group.flatMap((node) => [node.x - LABEL / 2, node.x + LABEL / 2]);
  const ys = group.flatMap((node) => [node.y - radius(node) - 17, node.y + radius(node) + 17]);
  return { left: Math.min(...xs), top: Math.min(...ys), width: Math.max(...xs) - Math.min(...xs), height: Math.max(...ys) - Math.min(...ys) };
};
const SPACE = 10;
// Groups set like words on a page, the largest first; beside a tall group, smaller ones are stacked.
const pack = (waiting, x, y, width, height) => {
  let used = 0;
  for (;;) {
    const next = waiting.findIndex((group) => group.box.width <= width && used + group.box.height <= height);
    if (next < 0) return used;
    const [group] = waiting.splice(next, 1);
    group.nodes.forEach((node) => { node.x += x - group.box.left; node.y += y + used - group.box.top; });
    pack(waiting, x + group.box.width + SPACE, y + used, width - group.box.width - SPACE, group.box.height);
    used += group.box.height + SPACE;
  }
};
const arrange = (groups, width) => {
  const waiting = groups.map((nodes) => {
    settle(nodes);
    const wide = box(nodes).width;
    // One too wide for the page is pressed together sideways.
    if (wide > width) nodes.forEach((node) => { node.x *= (width - LABEL) / (wide - LABEL); });
    return { nodes, box: box(nodes) };
  });
  return pack(waiting, 0, 0, width + 1, Infinity);
};
const pairList = (a, b) => PJ.listOf(PJ.c.org(a), PJ.c.org(b));
const draw = (pairs, width, palette, on) => {
  const groups = graph(pairs);
  const height = arrange(groups, width);
  const place = new Map(groups.flat().map((node) => [node.id, node]));
  const out = pairs.map((pair) => {
    const [a, b] = [place.get(pair.organisation_id_a), place.get(pair.organisation_id_b)];
    const line = { x1: PJ.svg.round(a.x), y1: PJ.svg.round(a.y), x2: PJ.svg.round(b.x), y2: PJ.svg.round(b.y) };
    const tip = `${pair.organisation_a} × ${pair.organisation_b} ${PJ.count(pair.value)} · Salton ${PJ.fixed(pair.salton, 3)}`;
    const wide = Math.min(7, 1 + Math.sqrt(pair.value) * 0.6);
    return PJ.svg.tag("g", on ? { "data-tip": tip, "data-list": pairList(pair.organisation_id_a, pair.organisation_id_b) } : {},
      PJ.svg.tag("line", { ...line, stroke: palette.steps[1], "stroke-width": PJ.svg.round(wide) }) + (on ? PJ.svg.tag("line", { ...line, stroke: "transparent", "stroke-width": 12 }) : ""));
  });
  // Larger ones speak first; a name that would cover another is left to the pointer.
  const joint = PJ.countJoint();
  const taken = groups.flat().map((node) => [node.x - radius(node), node.y - radius(node), node.x + radius(node), node.y + radius(node)]);
  for (const node of groups.flat().sort((a, b) => b.weight - a.weight)) {
    const r = radius(node);
    const circle = PJ.svg.tag("circle", { cx: PJ.svg.round(node.x), cy: PJ.svg.round(node.y), r: PJ.svg.round(r), fill: palette.steps[3], stroke: palette.paper, "stroke-width": 1.5 });
    const text = PJ.fitText(node.name, LABEL - 6, 11.5);
    const half = PJ.textWidth(text, 11.5) / 2;
    // A name stands below its dot, or above where all its partners are below.
    const middle = node.near.every(({ node: other }) => other.y > node.y + 8) ? node.y - r - 9 : node.y + r + 9;
    const area = [node.x - half, middle - 6.5, node.x + half, middle + 6.5];
    const free = taken.every((other) => area[2] < other[0] || area[0] > other[2] || area[3] < other[1] || area[1] > other[3]);
    let label = "";
    if (free) {
      taken.push(area);
      label = PJ.svg.text(text, node.x, middle, { size: 11.5, fill: palette["ink-2"], anchor: "middle", stroke: palette.paper, "stroke-width": 3, "stroke-linejoin": "round", "paint-order": "stroke", "data-raw": on ? 1 : undefined });
    }
    const number = joint ? PJ.t("together", { n: PJ.count(joint.get(PJ.ownerIndex(node.id)) ?? 0) }) : "";
    out.push(PJ.svg.tag("g", on ? { "data-tip": `${node.name} ${number}`, "data-list": PJ.listOf(PJ.c.joint(node.id)) } : {}, circle + label));
  }
  return { markup: out.join(""), width, height };
};
PJ.define({
  id: "network",
  sources: ["co_applicants"],
  title: () => PJ.titled("network"),
  model: () => {
    const got = PJ.get("co_applicants");
    const scope = PJ.inScope();
    const pairs = pairsShown(got.rows);
    const partners = new Set(pairs.flatMap((pair) => [pair.organisation_id_a, pair.organisation_id_b]));
    return { ...got, n: scope.n, pairs, partners: partners.size, empty: got.rows.length || got.missing ? null : PJ.t("no_pairs") };
  },
  notes: (model) => [PJ.t("network_shows", { pairs: PJ.count(model.pairs.length), partners: PJ.count(model.partners), all: PJ.count(model.rows.length) })],
  draw: (element, model) => {
    const zoom = PJ.zoom();
    PJ.put(element, PJ.html`<div class="scroll" tabindex="0" role="region" aria-label="${PJ.titled("network")}"><div class="net"></div></div>`);
    const holder = element.querySelector(".net");
    const drawn = draw(model.pairs, holder.clientWidth / zoom, PJ.palette(PJ.S.theme), true);
    PJ.put(holder, PJ.svgElement(drawn, { width: drawn.width * zoom, height: drawn.height * zoom, role: "img", "aria-label": PJ.t("network_shows", { pairs: PJ.count(model.pairs.length), partners: PJ.count(model.partners), all: PJ.count(model.rows.length) }) }));
  },
  svg: (model, { width, palette }) => draw(model.pairs, width, palette, false),
  table: (model) => ({
    columns: [{ label: PJ.t("organisation_a"), kind: "text", raw: true }, { label: PJ.t("organisation_b"), kind: "text", raw: true },
      { label: PJ.t("count"), kind: "count" }, { label: PJ.t("salton"), kind: "ratio" }],
    rows: model.rows.map((row) => [row.organisation_a, row.organisation_b, { value: row.value, list: pairList(row.organisation_id_a, row.organisation_id_b) }, row.salton]),
  }),
});
