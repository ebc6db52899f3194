// Time left until a call closes, by the clock of the server: how far this machine's own is off does not matter.
"use strict";
(() => {
  const two = (number) => String(number).padStart(2, "0");
  // The place's time, as the pages write it, whatever the zone of this machine.
  const there = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });
  for (const place of document.querySelectorAll("[data-clock]")) {
    const { now, opens, closes, day, before, until, over } = place.dataset;
    const left = place.querySelector("[data-left]");
    const server = place.querySelector("[data-server]");
    const begun = performance.now();
    const tick = () => {
      const at = Number(now) + performance.now() - begun;
      server.textContent = there.format(at);
      if (!Number(closes)) return;
      const [word, moment] = at < Number(opens) ? [before, Number(opens)] : [until, Number(closes)];
      const seconds = Math.floor(moment / 1000) - Math.floor(at / 1000); // the last second is in time
      left.hidden = false;
      left.textContent = seconds < 0 ? over : `${word} ${Math.floor(seconds / 86400)} ${day} ${two(Math.floor(seconds / 3600) % 24)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
    };
    tick();
    setInterval(tick, 1000);
  }
})();
