// Draws what a figure's option says, in the colours of the theme. SVG, without motion; tooltips are text, not markup.
"use strict";
(() => {
  const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(`--pj-${name}`).trim();
  const dark = document.documentElement.dataset.bsTheme === "dark";
  const colours = dark
    ? ["#3FA7A2", "#F5D480", "#7C88DA", "#DA8152", "#BEE5F5", "#E38FD0"]
    : ["#0E5F62", "#EBB548", "#3B2A8C", "#CC6B2A", "#86C5CD", "#A9789E"];
  const text = { fontFamily: getComputedStyle(document.body).fontFamily, fontSize: 12, color: css("ink-2") };
  const label = { color: css("ink-3"), fontSize: 12 };
  const axis = (given, vertical) => ({
    axisLine: { show: !vertical, lineStyle: { color: css("line-2") } },
    axisTick: { show: false },
    splitLine: { show: vertical, lineStyle: { color: css("line") } },
    ...given,
    axisLabel: { ...label, ...given?.axisLabel },
  });
  // 45° hatching: incomplete years, what is unknown.
  const decal = { symbol: "rect", dashArrayX: [1, 0], dashArrayY: [2, 3], rotation: -Math.PI / 4, color: css("paper") };
  const hatched = (series) => ({
    ...series,
    data: series.data?.map((each) => (each?.hatched ? { ...each, itemStyle: { decal } } : each)),
  });
  const draw = (place) => {
    const option = JSON.parse(document.getElementById(place.dataset.chart).textContent);
    const chart = echarts.init(place, null, { renderer: "svg" });
    chart.setOption({
      color: colours,
      animation: false,
      textStyle: text,
      aria: { enabled: false },
      grid: { left: 44, right: 16, top: 28, bottom: 26 },
      tooltip: {
        renderMode: "richText", trigger: "item", backgroundColor: css("paper"), borderColor: css("line-2"),
        textStyle: { color: css("ink"), fontSize: 12 },
      },
      ...option,
      legend: option.legend && { left: 8, top: 0, textStyle: label, ...option.legend },
      xAxis: option.xAxis && axis(option.xAxis, false),
      yAxis: option.yAxis && axis(option.yAxis, true),
      series: option.series.map(hatched),
    });
    addEventListener("resize", () => chart.resize());
  };
  document.querySelectorAll("[data-chart]").forEach(draw);
})();
