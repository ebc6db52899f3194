// The draw of experts once more, for anybody: the published list and the public number in, the order out.
// No network, no library: it works from a file on a disk, also where a browser keeps its own SHA-256 from such a page.
// The rule is that of pingjiang/centre/programme/panels/draw.py; tests hold the two against each other.
"use strict";
const pingjiangDraw = (() => {
  const VERSION = "pingjiang-draw 1";
  const STRATUM = /^stratum: (.+) \| seats: ([1-9][0-9]{0,2})$/;
  const EXCLUDED = " | excluded: ";

  // ---- SHA-256 (FIPS 180-4): constants are the first 32 bits of the roots of the first primes
  const root = (prime, power) => {
    const value = Math.pow(prime, 1 / power);
    return Math.floor((value - Math.floor(value)) * 4294967296) >>> 0;
  };
  const primes = [];
  for (let each = 2; primes.length < 64; each += 1) if (primes.every((prime) => each % prime)) primes.push(each);
  const START = primes.slice(0, 8).map((prime) => root(prime, 2));
  const ROUND = primes.map((prime) => root(prime, 3));
  const turn = (word, by) => (word >>> by) | (word << (32 - by));

  const block = (state, view, at) => {
    const words = new Uint32Array(64);
    for (let i = 0; i < 16; i += 1) words[i] = view.getUint32(at + 4 * i);
    for (let i = 16; i < 64; i += 1) {
      const [x, y] = [words[i - 15], words[i - 2]];
      const low = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const high = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      words[i] = words[i - 16] + low + words[i - 7] + high;
    }
    let [a, b, c, d, e, f, g, h] = state;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + ROUND[i] + words[i]) >>> 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) >>> 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) >>> 0, c, b, a, (one + two) >>> 0];
    }
    return [a, b, c, d, e, f, g, h].map((word, i) => (word + state[i]) >>> 0);
  };
  const sha256 = (text) => {
    const bytes = new TextEncoder().encode(text);
    const whole = new Uint8Array(64 * Math.ceil((bytes.length + 9) / 64));
    whole.set(bytes);
    whole[bytes.length] = 0x80;
    const view = new DataView(whole.buffer);
    view.setUint32(whole.length - 8, Math.floor(bytes.length / 536870912));
    view.setUint32(whole.length - 4, (bytes.length * 8) >>> 0);
    let state = START;
    for (let at = 0; at < whole.length; at += 64) state = block(state, view, at);
    return state.map((word) => word.toString(16).padStart(8, "0")).join("");
  };

  // ---- the list
  const lines = (text) =>
    text.normalize("NFC").split("\n")
      .map((line) => line.replace(/[ \t\r\u00a0\u3000]+/g, " ").replace(/^[ \ufeff]+|[ \ufeff]+$/g, ""))
      .filter((line) => line !== "");
  const refuse = (zh, en) => { throw new Error(`${zh} ${en}`); };
  const unread = (at, line) => refuse(`名单第 ${at} 行读不懂：${line ?? ""}`, `Line ${at} of the list cannot be read.`);
  const read = (text) => {
    const all = lines(text);
    if (all[0] !== VERSION) unread(1, all[0]);
    ["title: ", "number: ", "due: "].forEach((head, i) => all[i + 1]?.startsWith(head) || unread(i + 2, all[i + 1]));
    const strata = [];
    const seen = new Set();
    all.slice(4).forEach((line, i) => {
      const found = STRATUM.exec(line);
      if (found) return strata.push({ name: found[1], seats: Number(found[2]), candidates: [] });
      if (!strata.length || line.startsWith("stratum:")) unread(i + 5, line);
      const cut = line.indexOf(EXCLUDED);
      const code = cut < 0 ? line : line.slice(0, cut);
      if (seen.has(code) || /[ |]/.test(code)) unread(i + 5, line);
      seen.add(code);
      return strata.at(-1).candidates.push({ code, excluded: cut < 0 ? "" : line.slice(cut + EXCLUDED.length) });
    });
    if (!strata.length) unread(5, all[4]);
    return { title: all[1].slice(7), number: all[2].slice(8), due: all[3].slice(5), strata };
  };
  const listHash = (text) => sha256(lines(text).map((line) => `${line}\n`).join(""));
  const digits = (number) => {
    const kept = number.normalize("NFKC").replace(/[ \t\r\n,.+\-|/:;、。·]/g, "");
    return /^[0-9]+$/.test(kept) ? kept : refuse(`“${number}”不是号码，只填公布的数字。`, "Give the digits announced alone.");
  };

  // ---- the order, and who sits
  const before = (one, other) => (one < other ? -1 : one > other ? 1 : 0);
  const ordered = (hash, number, stratum) =>
    stratum.candidates
      .map((each) => ({ ...each, key: sha256(`${hash}\n${number}\n${stratum.name}\n${each.code}`) }))
      .sort((one, other) => before(one.key, other.key));
  const told = (order, seats, left) => {
    let taken = 0;
    return order.map((each, i) => {
      const row = { ...each, place: i + 1, standing: "following", after: 0 };
      if (each.excluded) row.standing = "excluded";
      else if (left.has(each.code)) row.standing = "left";
      else {
        taken += 1;
        if (taken <= seats) row.standing = "seated";
        row.after = Math.max(0, taken - seats);
      }
      return row;
    });
  };
  const draw = (text, number, left = []) => {
    const [roll, hash, used, out] = [read(text), listHash(text), digits(number), new Set(left)];
    const known = new Set(roll.strata.flatMap((stratum) => stratum.candidates.map((each) => each.code)));
    for (const code of out) if (!known.has(code)) refuse(`名单里没有“${code}”。`, `'${code}' is not in the list.`);
    const strata = roll.strata.map((stratum) => {
      const rows = told(ordered(hash, used, stratum), stratum.seats, out);
      const seated = rows.filter((row) => row.standing === "seated").length;
      return { name: stratum.name, seats: stratum.seats, vacant: stratum.seats - seated, rows };
    });
    return { title: roll.title, source: roll.number, due: roll.due, hash, number: used, strata };
  };
  return { sha256, listHash, digits, read, draw };
})();
if (typeof module !== "undefined") module.exports = pingjiangDraw;

// ---- the page
if (typeof document !== "undefined") {
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, given = {}) => Object.assign(document.createElement(tag), { textContent: text, ...given });
  const STANDING = {
    seated: () => "入选 seated",
    following: (row) => `候补第 ${row.after} follows, ${row.after}`,
    left: () => "已退出 has left",
    excluded: (row) => `排除 excluded: ${row.excluded}`,
  };
  const table = (stratum) => {
    const made = make("table", "");
    const vacant = stratum.vacant ? ` · 空缺 vacant ${stratum.vacant}` : "";
    made.append(make("caption", `${stratum.name} · 席位 seats ${stratum.seats}${vacant}`));
    const head = make("tr", "");
    for (const name of ["次序 place", "代码 code", "结果 outcome", "键值 key"]) head.append(make("th", name, { scope: "col" }));
    made.append(head);
    for (const row of stratum.rows) {
      const line = make("tr", "", { className: row.standing });
      line.append(make("td", row.place), make("td", row.code), make("td", STANDING[row.standing](row)), make("td", row.key));
      made.append(line);
    }
    return made;
  };
  const compared = (hash) => {
    const published = $("published").value.trim().toLowerCase();
    if (!published) return make("p", "未填公布的摘要：请与公布的摘要逐字核对。 No published hash was given: compare it yourself.");
    const same = published === hash;
    const text = same ? "与公布的摘要一致。 The same as the published hash." : "与公布的摘要不一致：这不是抽签前公布的名单。 Not the published hash: this is another list.";
    return make("p", text, { className: same ? "good" : "bad" });
  };
  const compute = () => {
    const out = $("outcome");
    out.replaceChildren();
    $("problem").textContent = "";
    if (!$("list").value.trim() || !$("number").value.trim()) return;
    try {
      const left = $("left").value.split(/\s+/).filter((code) => code !== "");
      const drawn = pingjiangDraw.draw($("list").value, $("number").value, left);
      out.append(make("h2", drawn.title), make("p", `约定的号码 number agreed: ${drawn.source} · 不早于 not before ${drawn.due}`));
      out.append(make("p", `采用的号码 digits used: ${drawn.number}`), make("p", `名单摘要 list hash: ${drawn.hash}`, { className: "hash" }));
      out.append(compared(drawn.hash), ...drawn.strata.map(table));
    } catch (problem) {
      $("problem").textContent = problem.message;
    }
  };
  for (const id of ["list", "published", "number", "left"]) $(id).addEventListener("input", compute);
  $("compute").addEventListener("click", compute);
  compute();
}
