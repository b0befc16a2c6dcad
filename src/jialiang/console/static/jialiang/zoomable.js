// A drawing that bears its numbers can be zoomed, series by series. ECharts is fetched when a reader asks for it;
// until then, without script and in print, the SVG of the server stands alone. No figure is rounded or worded here.

const SVG = "http://www.w3.org/2000/svg";
const STEP = 0.5;
const LEAST = 0.5;
const still = matchMedia("(prefers-reduced-motion: reduce)");
const dark = matchMedia("(prefers-color-scheme: dark)");
const views = new Set();
const wanted = new Set();
let library = null;

function fetched(address) {
  library ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = address;
    script.onload = () => done(window.echarts);
    script.onerror = () => { library = null; script.remove(); failed(new Error(address)); };
    document.head.append(script);
  });
  return library;
}

function made(name, attributes, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...children);
  return element;
}

// The stylesheet says how a class looks: a mark of the class is put into the drawing, read and taken out.
function look(drawing, kind, tag = "path") {
  const probe = document.createElementNS(SVG, tag);
  probe.setAttribute("class", kind);
  drawing.append(probe);
  const found = getComputedStyle(probe);
  const dashes = found.strokeDasharray.match(/[\d.]+/g);
  const said = {
    stroke: found.stroke === "none" ? found.fill : found.stroke,
    fill: found.fill === "none" ? "transparent" : found.fill,
    width: parseFloat(found.strokeWidth) || 1,
    dash: dashes ? dashes.map(Number) : "solid",
  };
  probe.remove();
  return said;
}

function axis(said, drawing, font) {
  const ink = look(drawing, "", "text").fill;
  const line = { lineStyle: { color: look(drawing, "axis").stroke } };
  const label = { color: ink, fontFamily: font, fontSize: 12, hideOverlap: true };
  if (said.low !== null) label.showMinLabel = label.showMaxLabel = said.low === 0;
  if (said.scaling !== "time") label.formatter = said.scaling === "log" ? decade : written;
  return {
    type: said.scaling, name: said.caption, nameTextStyle: { color: ink, fontFamily: font, fontSize: 12 },
    scale: true, min: said.low ?? undefined, max: said.high ?? undefined,
    axisLine: { show: true, ...line }, axisTick: { show: true, ...line }, axisLabel: label,
    splitLine: { lineStyle: { color: look(drawing, "grid").stroke } }, minorTick: { show: said.scaling === "log" },
  };
}

const written = (value) => String(Number(value.toPrecision(12))).replaceAll("-", "\u2212");
const decade = (value) => {
  const power = Math.round(Math.log10(value));
  const raised = String(power).replace(/[-\d]/g, (sign) => (sign === "-" ? "⁻" : "⁰¹²³⁴⁵⁶⁷⁸⁹"[Number(sign)]));
  return power === 0 ? "1" : power === 1 ? "10" : `10${raised}`;
};

function series(trace, drawing) {
  const { stroke, fill, width, dash } = look(drawing, trace.kind);
  const data = trace.marks.map((mark) => (mark ? { value: mark.slice(0, 2), words: mark[2] ?? "" } : { value: [null, null] }));
  if (trace.form === "dots") {
    const solid = fill === "transparent" ? look(drawing, "pt").fill : fill;
    return { type: "scatter", name: trace.name, data, symbolSize: 8, z: 5,
      itemStyle: { color: solid, borderColor: stroke, borderWidth: width } };
  }
  const speaks = trace.marks.some((mark) => mark?.[2]);
  const base = { type: "line", name: trace.name, data, showSymbol: speaks, symbol: "circle", symbolSize: 7, silent: !speaks, connectNulls: false };
  if (trace.form === "area") {
    return { ...base, step: "end", z: 1, lineStyle: { color: fill, width: 1 }, areaStyle: { color: fill, opacity: 1 } };
  }
  const symbol = { color: look(drawing, "pt").fill, borderColor: stroke, borderWidth: 1.5 };
  return { ...base, z: 3, lineStyle: { color: stroke, width, type: dash }, itemStyle: symbol };
}

function option(view) {
  const { told, drawing, start, end } = view;
  const css = getComputedStyle(drawing);
  const paper = look(drawing, "pt").fill;
  const ink = look(drawing, "lbl", "text").fill;
  return {
    animation: !still.matches, animationDuration: 200, animationDurationUpdate: 200,
    textStyle: { fontFamily: css.fontFamily },
    grid: { left: 16, right: 24, top: 36, bottom: 40, containLabel: true },
    xAxis: { ...axis(told.across, drawing, css.fontFamily), nameLocation: "middle", nameGap: 30 },
    yAxis: { ...axis(told.up, drawing, css.fontFamily), nameLocation: "end", nameGap: 14,
      nameTextStyle: { color: ink, align: "left", fontFamily: css.fontFamily, fontSize: 12 } },
    legend: { show: false, data: told.traces.map((trace) => trace.name), selected: Object.fromEntries(view.shown) },
    tooltip: { trigger: "item", renderMode: "richText", confine: true, backgroundColor: paper,
      borderColor: look(drawing, "axis").stroke, textStyle: { color: ink, fontFamily: css.fontFamily, fontSize: 12 },
      formatter: (mark) => mark.data.words || mark.seriesName },
    dataZoom: [{ type: "inside", xAxisIndex: 0, filterMode: "none", start, end, zoomOnMouseWheel: "ctrl",
      moveOnMouseWheel: false, moveOnMouseMove: true, minSpan: LEAST }],
    series: told.traces.map((trace) => series(trace, drawing)),
  };
}

function part(view, start, end) {
  const span = Math.min(100, Math.max(LEAST, end - start));
  const from = Math.min(Math.max(start, 0), 100 - span);
  view.chart.dispatchAction({ type: "dataZoom", dataZoomIndex: 0, start: from, end: from + span });
}

const moves = {
  closer: (view) => scaled(view, STEP),
  farther: (view) => scaled(view, 1 / STEP),
  left: (view) => shifted(view, -0.25),
  right: (view) => shifted(view, 0.25),
  whole: (view) => part(view, 0, 100),
};
const keys = { "+": "closer", "=": "closer", "-": "farther", "−": "farther", ArrowLeft: "left", ArrowRight: "right", 0: "whole" };

function scaled(view, by) {
  const middle = (view.start + view.end) / 2;
  const half = ((view.end - view.start) * by) / 2;
  part(view, middle - half, middle + half);
}

function shifted(view, by) {
  const step = (view.end - view.start) * by;
  part(view, view.start + step, view.end + step);
}

function button(words, act) {
  const found = made("button", { type: "button", class: "btn btn-outline-secondary" }, words);
  found.addEventListener("click", act);
  return found;
}

function switchOf(view, trace) {
  const key = document.createElementNS(SVG, "svg");
  key.setAttribute("class", "key jl-chart");
  key.setAttribute("viewBox", "0 0 24 10");
  key.setAttribute("aria-hidden", "true");
  const sample = document.createElementNS(SVG, { dots: "circle", area: "rect" }[trace.form] ?? "path");
  const shape = { dots: { cx: 12, cy: 5, r: 4 }, area: { width: 24, height: 10 } }[trace.form] ?? { d: "M0 5L24 5" };
  for (const [name, value] of Object.entries({ class: trace.kind, ...shape })) sample.setAttribute(name, value);
  key.append(sample);
  const found = made("button", { type: "button", class: "jl-chip", "aria-pressed": String(view.shown.get(trace.name)) }, key, trace.name);
  found.addEventListener("click", () => {
    const shown = !view.shown.get(trace.name);
    view.shown.set(trace.name, shown);
    found.setAttribute("aria-pressed", String(shown));
    view.chart.dispatchAction({ type: shown ? "legendSelect" : "legendUnSelect", name: trace.name });
  });
  return found;
}

function frame(view) {
  const { words, label, traces } = view.told;
  const canvas = made("div", { class: "jl-zoom-canvas", role: "img", "aria-label": `${label} ${words.keys}`, tabindex: "0" });
  const ways = Object.entries(moves).map(([name, move]) => button(words[name], () => move(view)));
  const controls = made("div", { class: "jl-zoom-row", role: "group", "aria-label": words.controls }, ...ways);
  controls.append(button(words.close, () => close(view, true)));
  const switches = made("div", { class: "jl-zoom-row", role: "group", "aria-label": words.series });
  switches.append(...traces.map((trace) => switchOf(view, trace)));
  canvas.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.key !== "Escape" && !keys[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") close(view, true);
    else moves[keys[event.key]](view);
  });
  return { canvas, panel: made("div", { class: "jl-zoom jl-noprint" }, controls, canvas, switches) };
}

async function open(host, offer, focused) {
  const told = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
  let echarts;
  try {
    echarts = await fetched(host.dataset.library);
  } catch {
    offer.replaceWith(made("span", { class: "jl-cap", role: "status" }, told.words.failed));
    return;
  }
  if (!host.isConnected || host.classList.contains("is-open")) return;
  const drawing = host.querySelector("svg.jl-chart");
  const view = { host, offer, told, drawing, start: 0, end: 100, shown: new Map(told.traces.map((trace) => [trace.name, trace.shown])) };
  const { canvas, panel } = frame(view);
  view.panel = panel;
  host.append(panel);
  host.classList.add("is-open");
  offer.hidden = true;
  view.chart = echarts.init(canvas, null, { locale: host.dataset.locale, renderer: "canvas" });
  view.chart.on("datazoom", () => note(view));
  view.chart.setOption(option(view));
  note(view);
  view.sizes = new ResizeObserver(() => view.chart.resize());
  view.sizes.observe(canvas);
  views.add(view);
  wanted.add(host.dataset.zoomable);
  if (focused) canvas.focus();
}

function note(view) {
  const [zoom] = view.chart.getOption().dataZoom;
  view.start = zoom.start;
  view.end = zoom.end;
  view.host.dataset.from = zoom.start.toFixed(1);
  view.host.dataset.to = zoom.end.toFixed(1);
}

function close(view, focused) {
  wanted.delete(view.host.dataset.zoomable);
  drop(view);
  view.panel.remove();
  view.host.classList.remove("is-open");
  view.offer.hidden = false;
  if (focused) view.offer.focus();
}

function drop(view) {
  views.delete(view);
  view.sizes.disconnect();
  view.chart.dispose();
}

function offered(root) {
  for (const view of views) if (!view.host.isConnected) drop(view);
  for (const host of root.querySelectorAll("[data-zoomable]:not(.is-offered)")) {
    const { words } = JSON.parse(host.querySelector('script[type="application/json"]').textContent);
    const offer = button(words.open, () => open(host, offer, true));
    offer.classList.add("jl-zoom-open", "jl-noprint");
    host.classList.add("is-offered");
    host.prepend(offer);
    if (wanted.has(host.dataset.zoomable)) open(host, offer, false);
  }
}

const recoloured = () => { for (const view of views) view.chart.setOption(option(view)); };
new MutationObserver(recoloured).observe(document.documentElement, { attributes: true, attributeFilter: ["data-bs-theme"] });
dark.addEventListener("change", recoloured);
still.addEventListener("change", recoloured);
document.addEventListener("htmx:afterSettle", () => offered(document));
offered(document);
