// Draws the bars over days with hover and zoom, in the place of the SVG that the page came with.
import { dollars } from "../figures.js";

const GAP = 0.3;  // of a day's width, between two bars

// A custom property as a colour that a canvas takes: light-dark() is resolved by the element's own colour.
function colour(host, name) {
  const probe = host.appendChild(document.createElement("i"));
  probe.style.color = `var(${name})`;
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

const amount = (value) => dollars(value, ...(value >= 100 ? [2, 2] : [4, 4]));

// Series on top of one another: each is drawn to the height of itself and all below it, the highest first.
function stack(series) {
  const below = series[0].values.map(() => 0);
  return series.map((one) => one.values.map((value, at) => (below[at] += Math.max(0, value)))).reverse();
}

export function drawChart(figure) {
  const facts = JSON.parse(figure.querySelector("script[type='application/json']").textContent);
  if (!facts.series.length || !window.uPlot) return;
  const plot = figure.querySelector(".plot");
  const swatches = [...figure.querySelectorAll(".swatch")];
  const spoken = figure.querySelector("[role='status']");
  const names = swatches.map((swatch) => [...swatch.classList].find((name) => /^c\d$/.test(name)));
  const days = facts.days.map((_, at) => at);
  const heights = stack(facts.series);
  plot.replaceChildren();
  const tip = plot.appendChild(document.createElement("div"));
  tip.className = "tip";
  tip.hidden = true;

  const bars = uPlot.paths.bars({ size: [1 - GAP, 48], radius: 0.08 });
  const fill = (at) => () => colour(figure, `--${names[names.length - 1 - at]}`);
  const axis = () => ({
    stroke: () => colour(figure, "--soft"), font: "12px system-ui, sans-serif", gap: 6,
    ticks: { show: false }, grid: { stroke: () => colour(figure, "--line"), width: 1 },
  });
  const chart = new uPlot({
    width: plot.clientWidth, height: plot.clientHeight, padding: [10, 4, 0, 0],
    scales: { x: { time: false, range: (_, low, high) => [low - 0.6, high + 0.6] }, y: { range: (_, low, high) => [0, (high || 0.01) * 1.04] } },
    axes: [
      { ...axis(), grid: { show: false }, size: 26, space: 64, incrs: [1, 2, 3, 5, 7, 10, 14, 30], values: (_, ticks) => ticks.map((at) => facts.days[at] ?? "") },
      { ...axis(), size: (_, values) => 14 + 7 * Math.max(0, ...(values ?? []).map((text) => text.length)), space: 44, values: (_, ticks) => ticks.map((value) => dollars(value)) },
    ],
    series: [{}, ...heights.map((_, at) => ({ paths: bars, fill: fill(at), stroke: fill(at), width: 0, points: { show: false } }))],
    cursor: { y: false, points: { show: false }, drag: { x: true, y: false, setScale: true } },
    legend: { show: false },
    hooks: { setCursor: [show] },
  }, [days, ...heights], plot);

  function line(name, value, swatch) {
    const row = document.createElement("p");
    if (swatch) row.append(Object.assign(document.createElement("i"), { className: `swatch ${swatch}` }));
    row.append(Object.assign(document.createElement("span"), { textContent: name }));
    if (value !== undefined) row.append(Object.assign(document.createElement("b"), { textContent: amount(value) }));
    return row;
  }

  // Of a day, what is above nothing: [name, dollars, class of its swatch].
  const paid = (at) => facts.series.map((one, n) => [one.name, one.values[at], names[n]]).filter(([, value]) => value > 0);

  function show(u) {
    const at = u.cursor.idx;
    tip.hidden = at == null || u.cursor.left < 0;
    if (tip.hidden) return;
    const total = heights[0][at];
    const rows = paid(at);
    tip.replaceChildren(line(facts.days[at], rows.length === 1 ? undefined : total), ...rows.map((row) => line(...row)));
    const left = u.valToPos(at, "x") + u.over.offsetLeft;
    const room = plot.clientWidth - tip.offsetWidth;
    tip.style.left = `${left + 14 < room ? left + 14 : Math.max(0, left - tip.offsetWidth - 14)}px`;
  }

  function move(at) {
    const to = Math.min(days.length - 1, Math.max(0, at));
    chart.setCursor({ left: chart.valToPos(to, "x"), top: 0 });
    const parts = paid(to).map(([name, value]) => `${name} ${amount(value)}`);
    const total = `${facts.dates[to]}: ${facts.total} ${amount(heights[0][to])}`;
    spoken.textContent = [total, parts.join(", ")].filter(Boolean).join(". ");
  }

  figure.addEventListener("keydown", (event) => {
    const at = chart.cursor.idx ?? days.length;
    if (event.key === "ArrowLeft") move(at - 1);
    else if (event.key === "ArrowRight") move(at + 1);
    else if (event.key === "Home") move(0);
    else if (event.key === "End") move(days.length - 1);
    else if (event.key === "Escape") { chart.setData(chart.data); chart.setCursor({ left: -10, top: -10 }); }
    else return;
    event.preventDefault();
  });
  figure.addEventListener("blur", () => chart.setCursor({ left: -10, top: -10 }));
  new ResizeObserver(() => chart.setSize({ width: plot.clientWidth, height: plot.clientHeight })).observe(plot);
  new MutationObserver(() => chart.redraw()).observe(document.documentElement, { attributeFilter: ["data-theme"] });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => chart.redraw());
  figure.classList.add("drawn");
}
