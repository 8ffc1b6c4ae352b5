"use strict";
// Unpacks plotly.js, draws the charts of the page, and redraws when theme or medium changes.
(() => {
  const root = document.documentElement;
  const charts = Array.from(document.querySelectorAll("[data-chart]"));
  const PAPER_WIDTH = 660; // CSS pixels that fit between the margins of A4 and of Letter
  const TOUCH = matchMedia("(pointer: coarse)"); // there a finger on a chart scrolls the page
  const CONFIG = {
    responsive: true,
    displaylogo: false,
    showSendToCloud: false, // nothing of a report leaves the computer it is opened on
    plotlyServerURL: "",
    modeBarButtons: [["toImage", "resetScale2d"]],
  };

  async function unpackLibrary() {
    const element = document.getElementById("plotly-js");
    if (!element) {
      if (!window.Plotly) throw new Error("the file beside the page is missing");
      return;
    }
    const packed = atob(element.textContent);
    const bytes = Uint8Array.from(packed, (letter) => letter.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
  }

  // Figures name colours as var(--name); plotly needs the value that the theme gives them now.
  function themed(spec) {
    const style = getComputedStyle(root);
    const resolve = (key, value) => {
      const name = typeof value === "string" && /^var\((--[a-z-]+)\)$/.exec(value);
      return name ? style.getPropertyValue(name[1]).trim() : value;
    };
    return JSON.parse(spec, resolve);
  }

  function draw(chart, size) {
    const figure = themed(document.getElementById(chart.dataset.chart).textContent);
    const layout = { ...figure.layout, ...size, dragmode: TOUCH.matches ? false : "zoom" };
    return window.Plotly.react(chart, figure.data, layout, CONFIG);
  }

  const seen = (chart) => chart.getClientRects().length > 0;
  const drawAll = (size = {}) =>
    Promise.all(charts.filter(seen).map((chart) => draw(chart, size)));

  let folded = [];
  let chosen;
  function beforePrint() {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach((details) => { details.open = true; });
    chosen = root.dataset.theme;
    root.dataset.theme = "light";
    if (window.Plotly) drawAll({ autosize: false, width: PAPER_WIDTH });
  }
  async function afterPrint() {
    folded.forEach((details) => { details.open = false; });
    if (chosen) root.dataset.theme = chosen;
    else delete root.dataset.theme;
    if (!window.Plotly) return;
    await drawAll();
    charts.filter(seen).forEach((chart) => window.Plotly.Plots.resize(chart)); // to the window
  }

  async function start() {
    root.dataset.charts = "waiting";
    await unpackLibrary();
    await drawAll();
    root.dataset.charts = "drawn";
  }

  const redraw = () => { if (window.Plotly) drawAll(); };
  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  if (!charts.length) return;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", redraw);
  root.addEventListener("redraw", redraw);
  start().catch(() => { root.dataset.charts = "failed"; });
})();
