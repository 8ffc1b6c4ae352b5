"use strict";
// What a reader can do with a page: choose a segment and a theme, sort tables, copy them as CSV.
(() => {
  const root = document.documentElement;
  const said = document.getElementById("said");
  const redraw = () => root.dispatchEvent(new Event("redraw"));

  function chooseSegment(value) {
    const found = Array.from(document.querySelectorAll("[data-segment]"));
    const sections = new Set(found.map((one) => one.parentElement));
    sections.forEach((section) => {
      const inside = found.filter((one) => one.parentElement === section);
      const shown = inside.find((one) => one.dataset.segment === value) ?? inside[0];
      inside.forEach((one) => {
        one.hidden = one !== shown;
        if (one.tagName === "DETAILS") one.open = one === shown;
      });
    });
    redraw();
  }

  const THEMES = ["system", "dark", "light"];
  function nextTheme(button) {
    const now = THEMES.indexOf(root.dataset.theme ?? "system");
    const next = THEMES[(now + 1) % THEMES.length];
    if (next === "system") delete root.dataset.theme;
    else root.dataset.theme = next;
    button.textContent = `Theme: ${next}`;
    redraw();
  }

  // What a cell is worth when sorted: its place among the ranks of its column, a number, a time in
  // seconds, or its text.
  const UNITS = { d: 86400, h: 3600, min: 60, s: 1 };
  function worth(text, ranks) {
    const rank = ranks.indexOf(text);
    if (rank >= 0) return rank;
    const plain = text.replace(/[,\u00a0×]/g, (sign) => (sign === "\u00a0" ? " " : ""));
    const times = [...plain.matchAll(/(-?[\d.]+) (d|h|min|s)\b/g)];
    if (times.length) return times.reduce((sum, [, n, unit]) => sum + n * UNITS[unit], 0);
    const number = /^[<>]?([+-]?[\d.]+)( %|\*|$)/.exec(plain.trim());
    return number ? Number(number[1]) : text;
  }
  function order(one, other) {
    if (typeof one === "number" && typeof other === "number") return one - other;
    if (typeof one === "number") return -1;
    return typeof other === "number" ? 1 : one.localeCompare(other);
  }

  const first = (cell) => (cell.firstElementChild?.tagName === "BDI"
    ? cell.firstElementChild.textContent : cell.firstChild?.textContent ?? "");

  // The first click puts the most on top, the second the least, the third all back in its place.
  function sort(table, column, head, original) {
    const now = head.getAttribute("aria-sort");
    const down = now === "descending";
    table.querySelectorAll("th[aria-sort]").forEach((one) => one.removeAttribute("aria-sort"));
    const body = table.tBodies[0];
    if (now === "ascending") {
      body.append(...original);
      return;
    }
    head.setAttribute("aria-sort", down ? "ascending" : "descending");
    const ranks = JSON.parse(head.dataset.order ?? "[]");
    const rows = Array.from(body.rows, (row) => [worth(first(row.cells[column]), ranks), row]);
    const last = ([, row]) => first(row.cells[0]) === "(other)"; // folded values stay below
    const blank = ([value]) => value === "–" || value === "";
    rows.sort((a, b) => last(a) - last(b) || blank(a) - blank(b)
      || (down ? 1 : -1) * order(a[0], b[0]));
    body.append(...rows.map(([, row]) => row));
  }

  function field(cell) {
    const small = cell.querySelector("small");
    let text = first(cell) + (small ? ` (${small.textContent})` : "");
    if (/^[=+\-@\t]/.test(text) && !/^[+-]?[\d.,]+( |$)/.test(text)) text = `'${text}`; // no formula
    return /[",\n]/.test(text) ? `"${text.replace(/"/g, '""')}"` : text;
  }
  const csv = (table) => Array.from(table.rows, (row) =>
    Array.from(row.cells, field).join(",")).join("\n") + "\n";

  async function copy(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = document.createElement("textarea");
      area.value = text;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    said.textContent = "Copied as shown; the JSON has every digit.";
    setTimeout(() => { said.textContent = ""; }, 3000);
  }

  function button(text, act) {
    const made = document.createElement("button");
    made.type = "button";
    made.textContent = text;
    made.addEventListener("click", () => act(made));
    return made;
  }

  document.querySelectorAll(".scroll > table").forEach((table) => {
    const copies = button("Copy as CSV", () => copy(csv(table)));
    copies.className = "copy";
    table.parentElement.after(copies);
    const original = Array.from(table.tBodies[0].rows);
    if (original.length < 2) return;
    Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
      const label = head.querySelector("bdi");
      if (!label.textContent) return;
      const sorts = button("", () => sort(table, column, head, original));
      sorts.append(label);
      head.append(sorts);
    });
  });

  const select = document.getElementById("segment");
  if (select) {
    root.dataset.switched = "";
    select.addEventListener("change", () => chooseSegment(select.value));
    select.value = "";
    chooseSegment("");
  }
  document.getElementById("theme").addEventListener("click", (event) => nextTheme(event.target));
  document.querySelector(".tools").hidden = false;
})();
