// What pages do beyond htmx: local times, the live wire that does not grow, keys, charts.
"use strict";
(() => {
  const page = document.documentElement;
  const byId = (id) => document.getElementById(id);
  const locale = page.lang === "ar" ? "ar-u-nu-latn" : "en-GB";
  const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", hour12: false });
  const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hour12: false });
  const date = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric" });

  // Instants are written in UTC; a reader wants those of the wall clock.
  function showLocalTimes(root) {
    for (const each of root.querySelectorAll("time:not([title])")) {
      const at = new Date(each.dateTime);
      const now = new Date();
      each.title = at.toLocaleString(locale);
      const form = at.toDateString() === now.toDateString() ? clock : at.getFullYear() === now.getFullYear() ? day : date;
      each.textContent = form.format(at);
    }
  }

  // ---- the live wire: new rows come in at the top, unless a person reads or has paused ----------
  let isPaused = false;
  let waiting = [];

  const isReading = () => window.scrollY > 200 || byId("rows")?.contains(document.activeElement);

  function trim(rows) {
    const most = Number(rows.dataset.most);
    while (rows.children.length > most) rows.lastElementChild.remove();
  }

  // A new version of an article takes the place of the old one.
  function dropOlder(rows) {
    const seen = new Set();
    for (const row of [...rows.children]) {
      if (row.id && seen.has(row.id)) row.remove();
      seen.add(row.id);
    }
  }

  // Who listens to the page is told now and then, not at each article.
  let arrived = 0;
  window.setInterval(() => {
    const told = byId("told");
    if (told && arrived) told.textContent = told.dataset.text.replace("{n}", arrived);
    arrived = 0;
  }, 30000);

  function settle(rows) {
    byId("none")?.remove();
    dropOlder(rows);
    trim(rows);
    showLocalTimes(rows);
  }

  function showState() {
    const state = byId("live-state");
    const pending = byId("pending");
    if (!state) return;
    const isLost = state.classList.contains("is-lost");
    state.classList.toggle("is-paused", isPaused);
    state.textContent = isLost ? state.dataset.lost : isPaused ? state.dataset.paused : state.dataset.live;
    byId("pause").setAttribute("aria-pressed", String(isPaused));
    const count = waiting.reduce((sum, html) => sum + html.split("<article").length - 1, 0);
    pending.hidden = count === 0;
    pending.textContent = pending.dataset.text.replace("{n}", count);
  }

  function showWaiting() {
    const rows = byId("rows");
    const html = waiting.reverse().join("");
    waiting = [];
    if (html) {
      // The same text that htmx would have put in: rows that the server has written.
      rows.insertAdjacentHTML("afterbegin", html);
      settle(rows);
    }
    showState();
  }

  document.addEventListener("htmx:sse:before:message", (event) => {
    if (event.target.id !== "rows") return;
    if (!isPaused && !isReading()) return;
    event.detail.cancelled = true;
    event.preventDefault();
    waiting.push(event.detail.message.data);
    // As many as the page shows; what is older is out of sight anyway.
    if (waiting.length > 40) waiting.shift();
    showState();
  });
  document.addEventListener("htmx:sse:after:message", (event) => {
    if (event.target.id === "rows") {
      arrived += event.detail.message.data.split("<article").length - 1;
      settle(event.target);
    }
    else showLocalTimes(event.target);
  });
  for (const [name, isLost] of [["htmx:sse:error", true], ["htmx:sse:after:connection", false]]) {
    document.addEventListener(name, () => {
      byId("live-state")?.classList.toggle("is-lost", isLost);
      showState();
    });
  }
  document.addEventListener("click", (event) => {
    if (event.target.id === "pause") {
      isPaused = !isPaused;
      if (isPaused) showState(); else showWaiting();
    } else if (event.target.id === "pending") {
      window.scrollTo({ top: 0 });
      showWaiting();
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    waiting = [];
    showLocalTimes(document);
    drawCharts();
    showState();
  });

  // ---- a name under the pointer, or with the focus, is lit wherever the article has it -----------
  for (const [name, isLit] of [["mouseover", true], ["mouseout", false], ["focusin", true], ["focusout", false]]) {
    document.addEventListener(name, (event) => {
      const link = event.target.closest?.(".view-article a.n");
      if (!link) return;
      for (const each of document.querySelectorAll(".view-article a.n")) {
        if (each.getAttribute("href") === link.getAttribute("href")) each.classList.toggle("is-lit", isLit);
      }
    });
  }

  // ---- forms that drop something ask first ------------------------------------------------------
  document.addEventListener("submit", (event) => {
    const question = event.target.dataset?.question;
    if (question && !window.confirm(question)) event.preventDefault();
  });

  // ---- keys -------------------------------------------------------------------------------------
  function move(step) {
    const rows = [...document.querySelectorAll(".row[id], .story, .list > article")];
    if (!rows.length) return;
    const at = rows.findIndex((row) => row.contains(document.activeElement));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))];
    next.tabIndex = -1;
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input, select, textarea")) {
      if (event.key === "Escape") event.target.blur();
      return;
    }
    // By place on the keyboard as well: under an Arabic layout the letters are others.
    const key = event.code.replace(/^Key|^Digit/, "").toLowerCase();
    if (event.key === "/" || event.code === "Slash" && !event.shiftKey) {
      document.querySelector(".find input")?.focus();
    } else if (event.key === "?" || event.key === "؟") {
      byId("keys").showModal();
    } else if (key === "j") move(1);
    else if (key === "k") move(-1);
    else if (key === "o") document.activeElement.querySelector?.("h2 a, a")?.click();
    else if (key === "p") byId("pause")?.click();
    else if (/^[1-7]$/.test(key)) document.querySelectorAll(".top nav a")[Number(key) - 1]?.click();
    else return;
    event.preventDefault();
  });

  // ---- charts -----------------------------------------------------------------------------------
  function drawCharts() {
    if (typeof uPlot === "undefined") return;
    const colour = (name) => getComputedStyle(page).getPropertyValue(name).trim();
    const axis = { stroke: colour("--soft"), grid: { stroke: colour("--line"), width: 1 }, ticks: { show: false }, font: "12px 'Plex Arabic', sans-serif" };
    for (const each of document.querySelectorAll(".chart:empty")) {
      const { at, counts } = JSON.parse(each.dataset.chart);
      const step = at[1] - at[0];
      const isHourly = step < 86400;
      const isMonthly = step > 6e5;
      // Hours are those of the wall clock; days and months are counted in UTC, and named so.
      const shown = (unix) => isHourly ? new Date(unix * 1000) : uPlot.tzDate(new Date(unix * 1000), "Etc/UTC");
      // Figures alone: a canvas writes from left to right.
      const when = (unix) => {
        const time = shown(unix);
        if (isMonthly) return `${time.getMonth() + 1}/${time.getFullYear()}`;
        const date = `${time.getDate()}/${time.getMonth() + 1}`;
        return isHourly ? `${date} ${clock.format(time)}` : date;
      };
      const chart = new uPlot({
        width: each.clientWidth, height: 190, tzDate: shown, cursor: { drag: { x: false, y: false } },
        axes: [{ ...axis, values: (_, ticks) => ticks.map(when), space: 90 }, { ...axis, size: 36 }],
        scales: { x: { range: [at[0] - step / 2, at.at(-1) + step / 2] }, y: { range: (_, __, high) => [0, Math.max(4, high * 1.1)] } },
        series: [
          { label: each.dataset.time, value: (_, unix) => unix === null ? "" : when(unix) },
          { label: each.dataset.label, value: (_, count) => count ?? "", fill: colour("--m3"), paths: uPlot.paths.bars({ size: [0.8] }), points: { show: false } },
        ],
      }, [at, counts], each);
      new ResizeObserver(() => chart.setSize({ width: each.clientWidth, height: 190 })).observe(each);
    }
  }

  // On a phone the filter would stand between a reader and the news.
  if (window.matchMedia("(max-width: 46rem)").matches) document.querySelector(".filter-box")?.removeAttribute("open");
  showLocalTimes(document);
  drawCharts();
})();
