// Draws what a figure's option says, in the colours of the theme, and makes its files: SVG and PNG on white ground.
// After vendor/drawing.js, whose colours, axes, hatching and sheet of a file it shares with the atlas page.
const HEIGHT = 420; // of a chart in a file, pixels
const SHAPES = ["circle", "rect", "triangle", "diamond", "emptyCircle", "emptyRect"];
const theme = document.documentElement.dataset.bsTheme === "dark" ? "dark" : "light";

const grouped = new Intl.NumberFormat("en-US", { maximumFractionDigits: 2 });
const amount = (value) => PJ.minus(grouped.format(value));

/* ---- values that are not like the others look the same in every figure ---- */
const sign = (formatter, palette, border) => ({
  show: true, position: "insideLeft", distance: 2, formatter, color: palette["ink-2"],
  ...(border ? { borderColor: palette["ink-3"], borderType: "dashed", borderWidth: 1, padding: [2, 5] } : {}),
});
const MARKS = {
  incomplete: (item, type, palette, colour) => (type === "line"
    ? { symbol: "circle", itemStyle: { color: palette.paper, borderColor: colour, borderWidth: 1.5 } }
    : { itemStyle: { decal: PJ.decal(palette), opacity: 0.8 } }),
  unknown: (item, type, palette) => ({
    itemStyle: { color: palette.paper, borderColor: palette["line-2"], borderWidth: 1, decal: { ...PJ.decal(palette), dashArrayY: [1, 4], color: palette["ink-3"] } },
  }),
  empty: (item, type, palette) => ({ label: sign("\u25CB", palette, false) }),
  missing: (item, type, palette, colour, words) => ({ label: sign(words.missing, palette, true) }),
};
// Lying bars are a list: each bears its number. Of standing ones and of lines the first, the last and the peak do.
const itemsOf = (series, palette, colour, words, across) => {
  const plain = series.data.map((item, at) => ({ at, value: item?.value ?? item, complete: !item?.mark, item }));
  const shown = PJ.worthALabel(plain);
  return plain.map(({ at, value, item }) => ({
    ...(item?.mark ? { ...(across ? { label: { show: true } } : {}), ...item, ...MARKS[item.mark](item, series.type, palette, colour, words) } : { value, url: item?.url, share: item?.share }),
    ...((shown.has(at) || across) && !item?.mark ? { label: { show: true } } : {}),
  }));
};
const tone = (series, at, palette) => palette[series.tone] ?? palette.categories[at % palette.categories.length];

/* ---- the house's option of a figure's ---- */
const seriesOf = (option, words, palette) => option.series.map((series, at) => {
  const colour = tone(series, at, palette);
  const across = option.yAxis?.type === "category";
  return {
    ...series, color: colour, symbol: option.series.length > 3 ? SHAPES[at] : "circle", symbolSize: 5, showAllSymbol: true, connectNulls: false,
    lineStyle: { width: 1.75, ...series.lineStyle },
    label: { position: across ? "right" : "top", distance: 3, fontSize: 11.5, color: palette["ink-2"], formatter: ({ value }) => (value === null || value === undefined ? "" : amount(value)), ...series.label },
    data: itemsOf(series, palette, colour, words, across && option.series.length === 1),
  };
});
const axisOf = (given, vertical, palette) => given && {
  ...PJ.axis(palette, 1, {
    splitLine: { show: vertical && given.type !== "category", lineStyle: { color: palette.line } },
    axisLine: { show: given.type === "category", lineStyle: { color: palette["line-2"] } },
  }),
  ...given,
  axisLabel: { color: palette["ink-3"], fontSize: 12, ...(given.type === "value" ? { formatter: amount } : {}), ...given.axisLabel, ...(vertical || given.type !== "value" ? {} : { show: false }) },
};
const tip = (words) => ({ name, seriesName, value, data }) => [
  name, `${seriesName} ${data.mark === "missing" ? words.missing : amount(value)} · ${words.unit}`,
  ...(data.share ? [data.share] : []), words.n, ...(data.url ? [words.rows] : []),
].join("\n");
const houseOption = ({ option, words }) => (palette) => ({
  animation: false,
  textStyle: { fontFamily: palette.sans, fontSize: 12, color: palette["ink-2"] },
  aria: { enabled: false },
  tooltip: {
    renderMode: "richText", trigger: "item", backgroundColor: palette.paper, borderColor: palette["line-2"], borderWidth: 1,
    padding: [6, 10], textStyle: { color: palette.ink, fontSize: 12 }, confine: true, formatter: tip(words),
  },
  ...option,
  grid: {
    left: 12, right: 18, top: option.series.length > 1 ? 36 : 24, bottom: 8, outerBoundsMode: "same", outerBoundsContain: "axisLabel", ...option.grid,
  },
  legend: option.series.length > 1 ? {
    left: 8, top: 4, itemWidth: 14, itemHeight: 9, textStyle: { color: palette["ink-2"], fontSize: 12 },
    data: option.series.map(({ name, type }) => ({ name, icon: type === "bar" ? "rect" : undefined, itemStyle: { decal: "none" } })),
  } : undefined,
  xAxis: axisOf(option.xAxis, false, palette),
  yAxis: axisOf(option.yAxis, true, palette),
  series: seriesOf(option, words, palette),
});

/* ---- on the page ---- */
const toldOf = (place) => JSON.parse(document.getElementById(place.dataset.chart).textContent);
const draw = (place) => {
  if (echarts.getInstanceByDom(place)) return;
  const chart = echarts.init(place, null, { renderer: "svg" });
  chart.setOption(houseOption(toldOf(place))(PJ.palette(theme)));
  chart.on("click", ({ data }) => { if (data?.url) location.assign(data.url); });
  new ResizeObserver(() => chart.resize()).observe(place);
};
const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);

/* ---- as a file ---- */
// A figure that is HTML is drawn once more, in light colours, and traced.
const drawnSheet = (figure, drawn) => PJ.framed({
  palette: PJ.palette("light"), first: figure.dataset.first, title: figure.querySelector("h2").textContent, foot: drawn.dataset.drawn,
  inner: PJ.traced((stage) => {
    stage.classList.add(...figure.parentElement.classList);
    stage.append(...drawn.cloneNode(true).childNodes);
  }, PJ.SHEET - 2 * PJ.PAD),
});
const sheet = (figure) => {
  const drawn = figure.querySelector("[data-drawn]");
  if (drawn) return drawnSheet(figure, drawn);
  const place = figure.querySelector("[data-chart]");
  const told = toldOf(place);
  const palette = PJ.palette("light");
  return PJ.framed({
    palette, first: figure.dataset.first, title: told.title, foot: told.foot,
    inner: PJ.chartSvg(houseOption(told), PJ.SHEET - 2 * PJ.PAD, HEIGHT, palette),
  });
};
document.addEventListener("click", async (event) => {
  const ending = event.target.closest?.("[data-save]")?.dataset.save;
  if (!ending) return;
  const figure = event.target.closest("[data-figure]");
  const svg = sheet(figure);
  const name = `${figure.dataset.file}.${ending}`;
  if (ending === "svg") PJ.save(name, svg, "image/svg+xml");
  else PJ.save(name, await PJ.png(svg), "image/png");
});
drawAll();
document.addEventListener("htmx:after:swap", drawAll);
