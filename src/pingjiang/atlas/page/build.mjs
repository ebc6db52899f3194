// Cuts from ECharts what the atlas draws with (bars, lines, SVG), as one script with the global `echarts`.
// Run as `node build.mjs OUTPUT` in a folder that has node_modules.
import { build } from "esbuild";

const parts = `
import { use, init, getInstanceByDom, version } from "echarts/core";
import { BarChart, LineChart } from "echarts/charts";
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from "echarts/components";
import { SVGRenderer } from "echarts/renderers";
use([BarChart, LineChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, SVGRenderer]);
export { init, getInstanceByDom, version };
`;

await build({
  stdin: { contents: parts, resolveDir: process.cwd() },
  bundle: true,
  minify: true,
  format: "iife",
  globalName: "echarts",
  target: "chrome100",
  charset: "utf8",
  legalComments: "none",
  banner: { js: "/* Apache ECharts 6.1.0 (Apache-2.0), with zrender (BSD-3-Clause) and tslib (0BSD); texts beside this file. */" },
  outfile: process.argv[2],
});
