// Makes of the npm packages what the site serves: style sheet, script, and one sprite of the icons in use.
// Run as `node build.mjs OUTPUT_FOLDER` in a folder that has node_modules.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { transform } from "lightningcss";

const out = process.argv[2];
const from = (name) => readFileSync(join("node_modules", name));
const unmapped = (text) => text.replace(/^\s*(\/\/|\/\*)# sourceMappingURL=.*$/gm, "").trimEnd() + "\n";

// Many office machines stand at Chromium 100 to 110: nesting, light-dark() and fixed oklch() are lowered. Mixtures of
// variables cannot be; what our pages show of Tabler has plain colours in pages.css.
const lowered = transform({
  filename: "tabler.css",
  code: from("@tabler/core/dist/css/tabler.min.css"),
  minify: true,
  targets: { chrome: 100 << 16 },
});
writeFileSync(join(out, "tabler.min.css"), unmapped(lowered.code.toString()));
writeFileSync(join(out, "htmx.min.js"), unmapped(from("htmx.org/dist/htmx.min.js").toString()));

const symbols = readFileSync("icons.txt", "utf8").split("\n").filter(Boolean).map((name) => {
  const drawing = from(`@tabler/icons/icons/outline/${name}.svg`).toString();
  const inner = drawing.replace(/<!--[\s\S]*?-->/g, "").replace(/<svg[^>]*>/, "").replace("</svg>", "");
  const shapes = inner.replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" `
    + `stroke-linecap="round" stroke-linejoin="round">${shapes}</symbol>`;
});
writeFileSync(join(out, "icons.svg"), `<svg xmlns="http://www.w3.org/2000/svg">\n${symbols.join("\n")}\n</svg>\n`);

// The package of the style sheet bears no text of its licence: its own head names MIT and the owner, and the text is that of
// the same authors' icons.
const head = from("@tabler/core/dist/css/tabler.min.css").toString().match(/\/\*![\s\S]*?\*\//)[0];
const terms = from("@tabler/icons/LICENSE").toString().split("\n").slice(3).join("\n");
writeFileSync(join(out, "tabler.LICENSE"), `${head}\n\nThe MIT License\n\n${terms}`);
