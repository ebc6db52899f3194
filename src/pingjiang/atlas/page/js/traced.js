// What stands in a page as HTML, traced as SVG: boxes, hatching, borders, lines of text; and SVG that stands in it. Shared
// by the atlas page and the site, after drawing.js.

const visible = (colour) => colour && colour !== "transparent" && !/, 0\)$/.test(colour);
const traceBox = (box, style, out) => {
  if (box.width < 0.5 || box.height < 0.5) return;
  const given = { x: PJ.svg.round(box.x), y: PJ.svg.round(box.y), width: PJ.svg.round(box.width), height: PJ.svg.round(box.height) };
  if (visible(style.backgroundColor)) out.push(PJ.svg.tag("rect", { ...given, fill: style.backgroundColor }));
  if (style.backgroundImage.includes("repeating-linear")) out.push(PJ.svg.tag("rect", { ...given, fill: "url(#hatch)" }));
  const width = parseFloat(style.borderTopWidth);
  const all = ["Right", "Bottom", "Left"].every((side) => parseFloat(style[`border${side}Width`]) > 0);
  if (width > 0 && all && visible(style.borderTopColor)) {
    const dash = style.borderTopStyle === "dashed" ? "4 3" : undefined;
    out.push(PJ.svg.tag("rect", { ...given, fill: "none", stroke: style.borderTopColor, "stroke-width": width, "stroke-dasharray": dash }));
  }
  const bottom = parseFloat(style.borderBottomWidth);
  if (bottom > 0 && !all && visible(style.borderBottomColor)) {
    const y = PJ.svg.round(box.y + box.height);
    out.push(PJ.svg.tag("path", { d: `M${given.x} ${y}H${PJ.svg.round(box.x + box.width)}`, stroke: style.borderBottomColor, "stroke-width": bottom }));
  }
};
// Pieces of a text node that stand on one line, with their boxes.
const lines = (node) => {
  const range = document.createRange();
  const found = [];
  for (let i = 0; i < node.length; i += 1) {
    range.setStart(node, i);
    range.setEnd(node, i + 1);
    const box = range.getBoundingClientRect();
    if (!box.width && !box.height) continue;
    const last = found.at(-1);
    if (last && Math.abs(last.top - box.top) < 2) {
      last.text += node.data[i];
      last.right = box.right;
    } else {
      found.push({ text: node.data[i], top: box.top, bottom: box.bottom, left: box.left, right: box.right });
    }
  }
  return found.filter((line) => line.text.trim());
};
const traceText = (node, style, origin, out) => {
  const holder = node.parentElement.getBoundingClientRect();
  const cut = style.textOverflow === "ellipsis" || style.overflow === "hidden";
  const size = parseFloat(style.fontSize);
  for (const line of lines(node)) {
    const room = holder.right - line.left;
    const text = cut && line.right > holder.right + 1 ? PJ.fitText(line.text, room, size, style.fontWeight) : line.text;
    out.push(PJ.svg.text(text, line.left - origin.x, (line.top + line.bottom) / 2 - origin.y,
      { size: PJ.svg.round(size), fill: style.color, weight: style.fontWeight > 400 ? style.fontWeight : undefined }));
  }
};
// SVG within: what style sheets say of it is written into it, for outside there are none.
const SAID = ["fill", "stroke", "stroke-width", "stroke-dasharray", "stroke-linejoin", "paint-order", "font-size", "font-weight", "text-anchor"];
const traceSvg = (element, origin, out) => {
  const copy = element.cloneNode(true);
  const from = [element, ...element.querySelectorAll("*")];
  [copy, ...copy.querySelectorAll("*")].forEach((each, at) => {
    const style = getComputedStyle(from[at]);
    for (const name of SAID) each.setAttribute(name, style.getPropertyValue(name));
    for (const name of ["class", "href", "role", "aria-label"]) each.removeAttribute(name);
  });
  const box = element.getBoundingClientRect();
  for (const [name, value] of [["x", box.x - origin.x], ["y", box.y - origin.y], ["width", box.width], ["height", box.height]]) copy.setAttribute(name, PJ.svg.round(value));
  out.push(new XMLSerializer().serializeToString(copy));
};
const trace = (element, origin, out) => {
  const style = getComputedStyle(element);
  if (style.display === "none" || style.visibility === "hidden" || element.matches("[data-skip]")) return;
  const box = element.getBoundingClientRect();
  traceBox({ x: box.x - origin.x, y: box.y - origin.y, width: box.width, height: box.height }, style, out);
  for (const child of element.childNodes) {
    if (child.nodeType === Node.TEXT_NODE) traceText(child, style, origin, out);
    else if (child instanceof HTMLElement) trace(child, origin, out);
    else if (child instanceof SVGSVGElement) traceSvg(child, origin, out);
  }
};
// `fill(element)` puts a figure into an element of `width`; what is seen there comes back as SVG.
PJ.traced = (fill, width) => {
  const stage = document.createElement("div");
  stage.className = "stage-out";
  stage.dataset.bsTheme = "light";
  stage.style.width = `${width}px`;
  document.body.append(stage);
  fill(stage);
  const origin = stage.getBoundingClientRect();
  const out = [];
  trace(stage, origin, out);
  stage.remove();
  const defs = PJ.svg.tag("defs", {}, PJ.svg.hatch("hatch", PJ.palette("light")));
  return { markup: defs + out.join(""), width, height: Math.ceil(origin.height) };
};
