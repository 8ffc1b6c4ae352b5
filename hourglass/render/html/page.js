"use strict";
// Unpacks plotly.js, draws every chart of the page, and redraws when theme or medium changes.
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
    const packed = atob(document.getElementById("plotly-js").textContent);
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

  const drawAll = (size = {}) => Promise.all(charts.map((chart) => draw(chart, size)));

  let folded = [];
  function beforePrint() {
    folded = Array.from(document.querySelectorAll("details:not([open])"));
    folded.forEach((details) => { details.open = true; });
    root.dataset.theme = "light";
    if (window.Plotly) drawAll({ autosize: false, width: PAPER_WIDTH });
  }
  async function afterPrint() {
    folded.forEach((details) => { details.open = false; });
    delete root.dataset.theme;
    if (!window.Plotly) return;
    await drawAll();
    charts.forEach((chart) => window.Plotly.Plots.resize(chart)); // from paper back to the window
  }

  async function start() {
    root.dataset.charts = "waiting";
    await unpackLibrary();
    await drawAll();
    root.dataset.charts = "drawn";
  }

  addEventListener("beforeprint", beforePrint);
  addEventListener("afterprint", afterPrint);
  if (!charts.length) return;
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    if (window.Plotly) drawAll();
  });
  start().catch(() => { root.dataset.charts = "failed"; });
})();
