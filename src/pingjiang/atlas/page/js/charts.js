// ECharts as the house draws with it: SVG, no motion, our palette, horizontal grid only.

const live = new Map();
PJ.dispose = (holder) => {
  for (const [element, chart] of live) {
    if (holder.contains(element)) {
      chart.dispose();
      live.delete(element);
    }
  }
};

// A year is chosen anywhere in its column; a line's point is chosen near it. A bar of one item, or a line without
// points, would be no target for a hand.
const REACH = 9;
const LOW = 150;
const pickOf = (chart, x, y) => {
  if (!chart.containPixel({ gridIndex: 0 }, [x, y])) return null;
  const [dataIndex] = chart.convertFromPixel({ gridIndex: 0 }, [x, y]);
  const { series, legend } = chart.getOption();
  const there = series.map(({ type, name, data }, seriesIndex) => {
    const value = data[dataIndex]?.value ?? data[dataIndex];
    const shown = value && legend[0].selected[name] !== false;
    const away = type === "bar" ? REACH * PJ.zoom() : Math.abs(chart.convertToPixel({ seriesIndex }, [dataIndex, value])[1] - y);
    return shown ? [{ dataIndex, seriesType: type, away }] : [];
  }).flat();
  return there.sort((a, b) => a.away - b.away)[0] ?? null;
};
// `option(palette, zoom)` in an element of the page; `onPick` gets the place of the year chosen and the kind of series.
PJ.chart = (element, label, option, onPick) => {
  const chart = echarts.init(element, null, { renderer: "svg" });
  chart.setOption(option(PJ.palette(PJ.S.theme), PJ.zoom()));
  if (chart.getHeight() < LOW * PJ.zoom()) chart.setOption({ yAxis: { splitNumber: 2 } });
  chart.getZr().on("click", ({ offsetX, offsetY }) => {
    const pick = pickOf(chart, offsetX, offsetY);
    if (pick) onPick(pick);
  });
  chart.getZr().on("mousemove", ({ offsetX, offsetY }) => {
    if (chart.containPixel({ gridIndex: 0 }, [offsetX, offsetY])) chart.getZr().setCursorStyle("pointer");
  });
  element.setAttribute("role", "img");
  element.setAttribute("aria-label", label);
  live.set(element, chart);
};
// A year axis, a value axis, a legend top left; `series` as ECharts takes them.
PJ.timeOption = (palette, zoom, { years, series, format = PJ.count, right = 12, tip }) => ({
  animation: false,
  backgroundColor: "transparent",
  color: palette.categories,
  textStyle: { fontFamily: palette.sans, fontSize: 12 * zoom, color: palette["ink-2"] },
  grid: { left: 10 * zoom, right: right * zoom, top: 32 * zoom, bottom: 2 * zoom, outerBoundsMode: "same", outerBoundsContain: "axisLabel" },
  legend: {
    top: 4 * zoom, left: 4 * zoom, itemWidth: 14 * zoom, itemHeight: 9 * zoom, itemGap: 14 * zoom,
    textStyle: { color: palette["ink-2"], fontSize: 12 * zoom }, inactiveColor: palette["line-2"],
    lineStyle: { width: 2 * zoom }, selectedMode: true,
    data: series.map(({ name, type }) => ({ name, icon: type === "bar" ? "rect" : undefined, itemStyle: { decal: "none" } })),
  },
  tooltip: {
    trigger: "axis",
    axisPointer: { type: "shadow", shadowStyle: { color: palette.hatch, opacity: 0.3 } },
    backgroundColor: palette.paper, borderColor: palette["line-2"], borderWidth: 1, padding: [6 * zoom, 10 * zoom],
    textStyle: { color: palette.ink, fontSize: 12 * zoom }, confine: true,
    extraCssText: "border-radius:3px;box-shadow:none", formatter: tip,
  },
  xAxis: PJ.axis(palette, zoom, {
    type: "category", data: years.map(String), splitLine: { show: false }, axisLine: { show: true, lineStyle: { color: palette["line-2"] } },
  }),
  yAxis: PJ.axis(palette, zoom, { type: "value", splitNumber: 4, axisLabel: { color: palette["ink-3"], fontSize: 12 * zoom, formatter: (value) => format(value) } }),
  series,
});
// Bars by year; incomplete years are hatched; first, last complete and highest carry their value where there is room.
PJ.bars = (palette, zoom, { name, rows, colour = 0, label = true }) => {
  const marked = PJ.worthALabel(rows.map((row) => ({ ...row, at: row.year })));
  return {
    name, type: "bar", barWidth: "62%", itemStyle: { color: palette.categories[colour] },
    label: {
      show: label, position: "top", distance: 2 * zoom, fontSize: 11.5 * zoom, color: palette["ink-3"],
      formatter: ({ dataIndex }) => (marked.has(rows[dataIndex].year) ? PJ.count(rows[dataIndex].value) : ""),
    },
    data: rows.map((row) => (row.complete ? row.value : { value: row.value, itemStyle: { decal: PJ.decal(palette), opacity: 0.8 } })),
  };
};
PJ.line = (palette, zoom, { name, values, colour, symbol = "circle" }) => ({
  name, type: "line", data: values, symbol: values.length > 24 ? "none" : symbol, symbolSize: 5 * zoom, showAllSymbol: true, connectNulls: false,
  lineStyle: { width: 1.75 * zoom, color: palette.categories[colour] }, itemStyle: { color: palette.categories[colour] },
});
// The value of a year that is not over, or not yet all there: a hollow point.
PJ.hollow = (palette, zoom, value, colour) => (value === null ? null : {
  value, symbol: "circle", symbolSize: 5 * zoom, itemStyle: { color: palette.paper, borderColor: palette.categories[colour], borderWidth: 1.5 * zoom },
});
PJ.yearsBetween = (first, last) => Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
