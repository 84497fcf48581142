/* Several lines at once: ticks by Space, Shift and arrows or clicks; a column copied, a column pasted. On grid.js. */
"use strict";
(() => {
  const { cellOf, goTo, link, rows, table } = window.Grid;
  let anchor = null;

  const tickOf = (row) => row.querySelector("input[name=line]");
  const here = () => (table() && table().contains(document.activeElement) && !document.activeElement.closest("form") ? cellOf(document.activeElement) : null);
  const ticked = () => rows().filter((row) => tickOf(row) && tickOf(row).checked);
  const value = (cell) => {
    const text = ((link(cell) || cell).childNodes[0] || cell).textContent.trim();
    return text === "–" ? "" : text;
  };

  function tick(row, checked) {
    if (!tickOf(row) || tickOf(row).checked === checked) return;
    tickOf(row).checked = checked;
    tickOf(row).dispatchEvent(new Event("change", { bubbles: true }));
  }
  function between(one, other, checked) {
    const all = rows();
    const [from, to] = [all.indexOf(one), all.indexOf(other)].sort((a, b) => a - b);
    for (const row of all.slice(Math.max(from, 0), to + 1)) tick(row, checked);
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!table() || !box.matches("input[type=checkbox]") || !table().contains(box)) return;
    for (const row of rows()) if (tickOf(row)) row.setAttribute("aria-selected", String(tickOf(row).checked));
  });

  document.addEventListener("click", (event) => {
    const cell = table() && table().contains(event.target) && cellOf(event.target);
    if (!cell || event.target.closest("form")) return;
    const row = cell.parentElement;
    if (event.shiftKey && tickOf(row)) {
      const checked = event.target === tickOf(row) ? tickOf(row).checked : true;
      if (event.target !== tickOf(row)) event.preventDefault();
      between(anchor && anchor.isConnected ? anchor : row, row, checked);
    }
    if (event.target === tickOf(row) || event.shiftKey) anchor = row;
  });

  document.addEventListener("keydown", (event) => {
    const cell = here();
    if (!cell || !tickOf(cell.parentElement)) return;
    const row = cell.parentElement;
    const next = { ArrowDown: row.nextElementSibling, ArrowUp: row.previousElementSibling }[event.key];
    if (event.key === " " && event.target.type !== "checkbox") {
      if (event.shiftKey && anchor && anchor.isConnected) between(anchor, row, true);
      else tick(row, !tickOf(row).checked);
      anchor = row;
    } else if (event.shiftKey && next) {
      if (!tickOf(row).checked) anchor = row;
      tick(row, true);
      if (tickOf(next).checked) tick(row, row === anchor); // turned round: the line that is left again
      tick(next, true);
      goTo(next.cells[cell.cellIndex]);
    } else if (event.key.toLowerCase() === "a" && (event.ctrlKey || event.metaKey)) {
      for (const one of rows()) tick(one, true);
    } else return;
    event.preventDefault();
  });

  document.addEventListener("copy", (event) => {
    const cell = here();
    if (!cell || String(document.getSelection())) return;
    const lines = ticked().includes(cell.parentElement) ? ticked() : [cell.parentElement];
    const quoted = (text) => (/[\t\n"]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    event.clipboardData.setData("text/plain", lines.map((row) => quoted(value(row.cells[cell.cellIndex]))).join("\n"));
    event.preventDefault();
  });

  document.addEventListener("paste", (event) => {
    const cell = here();
    const form = document.getElementById("paste-form");
    if (!cell || !form || !link(cell)) return;
    event.preventDefault();
    for (const old of form.querySelectorAll("[name=line]")) old.remove();
    form.elements.name.value = cell.id.split("-").pop();
    form.elements.text.value = event.clipboardData.getData("text/plain").replaceAll("\r\n", "\n").replace(/\n$/, "");
    form.elements.start.value = cell.parentElement.id.slice(2);
    const chosen = ticked();
    if (chosen.length > 1 && chosen.includes(cell.parentElement) && !form.elements.text.value.includes("\n")) {
      for (const row of chosen) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "line", value: tickOf(row).value }));
    }
    backTo = link(cell).id;
    form.requestSubmit();
  });
  let backTo = "";
  document.addEventListener("htmx:afterSettle", (event) => {
    const element = backTo && event.detail.target && event.detail.target.id !== "panel" && document.getElementById(backTo);
    if (!element) return;
    backTo = "";
    goTo(cellOf(element));
  });
})();
