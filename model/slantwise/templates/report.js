"use strict";
(() => {
  const form = document.querySelector(".filters");
  const tip = document.getElementById("tip");
  const isOwn = (voice) => voice === "outlet" || voice === "scare";
  const articles = [...document.querySelectorAll("article[data-outlet]")].map((element) => ({
    element,
    entry: document.querySelector(`.index a[href="#${element.id}"]`)?.parentElement,
    spans: [...element.querySelectorAll("mark[data-score], li[data-score]")],
    strokes: [...element.querySelectorAll(".strip [data-label]")],
  }));

  function fits(data, want) {
    return (!want.label || data.label === want.label)
      && (!want.voice || data.voice === want.voice || (want.voice === "own" && isOwn(data.voice)))
      && Number(data.score) >= want.min;
  }

  function filter() {
    const field = form.elements;
    const want = {
      outlet: field.outlet.value, label: field.label.value, voice: field.voice.value,
      min: Number(field.min.value),
    };
    const narrowed = want.label || want.voice || want.min > 0;
    let highlights = 0, shown = 0;
    for (const { element, entry, spans, strokes } of articles) {
      let here = 0;
      for (const one of spans) {
        const on = fits(one.dataset, want);
        one.classList.toggle("off", !on);
        if (one.localName === "mark") {
          one.tabIndex = on && one.id ? 0 : -1;
          document.getElementById(one.getAttribute("aria-describedby"))?.classList.toggle("off", !on);
        }
        if (on && one.id) here += 1;
      }
      for (const one of strokes) one.classList.toggle("off", !fits({ ...one.dataset, score: 1 }, want));
      const visible = (!want.outlet || element.dataset.outlet === want.outlet)
        && (!narrowed || here > 0);
      element.hidden = !visible;
      if (entry) entry.hidden = !visible;
      if (visible) { shown += 1; highlights += here; }
    }
    for (const event of document.querySelectorAll(".event")) {
      event.hidden = !event.querySelector("article:not([hidden])");
    }
    document.querySelector(".nothing").hidden = shown > 0;
    field.min.nextElementSibling.value = `${Math.round(100 * want.min)}%`;
    form.querySelector(".status").textContent =
      `${highlights} highlight${highlights === 1 ? "" : "s"} · ${shown} of ${articles.length} articles`;
    return want;
  }

  function fromAddress() {
    const given = new URLSearchParams(location.hash.slice(1));
    if (!location.hash.includes("=")) return;
    for (const name of ["outlet", "label", "voice", "min"]) {
      if (given.has(name)) form.elements[name].value = given.get(name);
    }
  }

  function toAddress(want) {
    const kept = Object.entries(want).filter(([, value]) => value);
    history.replaceState(null, "", `#${new URLSearchParams(kept) || "articles"}`);
  }

  for (const tools of document.querySelectorAll(".event-tools")) {
    tools.hidden = false;
    const button = tools.querySelector("button");
    button.addEventListener("click", () => {
      const beside = tools.closest(".event").classList.toggle("beside");
      button.setAttribute("aria-pressed", String(beside));
      const spread = tools.closest(".event").querySelector(".spread");
      const named = { tabindex: "0", role: "region", "aria-label": `Side by side: ${tools.dataset.event}` };
      for (const [name, value] of Object.entries(named)) {
        if (beside) spread.setAttribute(name, value); else spread.removeAttribute(name);
      }
    });
  }

  form.hidden = false;
  form.addEventListener("input", () => toAddress(filter()));
  form.addEventListener("reset", () => setTimeout(() => toAddress(filter())));
  form.addEventListener("submit", (event) => event.preventDefault());
  addEventListener("hashchange", () => { fromAddress(); filter(); });
  fromAddress();
  filter();

  let leaving = 0;
  function show(mark) {
    clearTimeout(leaving);
    const note = document.getElementById(mark.getAttribute("aria-describedby"));
    if (!note || mark.classList.contains("off")) return;
    tip.replaceChildren(...note.cloneNode(true).childNodes);
    tip.dataset.label = mark.dataset.label;
    tip.hidden = false;
    const at = mark.getClientRects()[0];
    const room = document.documentElement.clientWidth - tip.offsetWidth - 16;
    const below = at.bottom + tip.offsetHeight + 12 < innerHeight;
    tip.style.left = `${Math.max(16, Math.min(at.left, room)) + scrollX}px`;
    tip.style.top = `${(below ? at.bottom + 6 : at.top - tip.offsetHeight - 6) + scrollY}px`;
  }
  const leave = () => { leaving = setTimeout(() => { tip.hidden = true; }, 120); };
  const markOf = (event) => event.target.closest?.("mark[aria-describedby]");
  for (const [enter, exit] of [["mouseover", "mouseout"], ["focusin", "focusout"]]) {
    document.addEventListener(enter, (event) => { if (markOf(event)) show(markOf(event)); });
    document.addEventListener(exit, (event) => { if (markOf(event)) leave(); });
  }
  tip.addEventListener("mouseenter", () => clearTimeout(leaving));
  tip.addEventListener("mouseleave", leave);
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") tip.hidden = true; });
})();
