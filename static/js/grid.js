/* The lines as a grid that keys work in like a spreadsheet's. Without this file each cell's link leads to its form.
   One place of the table at a time is in the order of Tab (roving tabindex): a cell's link, a tick, or the cell itself.
   Cells are edited by the form that their link leads to; the answer is the row as it now is, or the form with what is wrong. */
"use strict";
window.Grid = (() => {
  const EDITOR = "form[data-cell-form]";
  const before = new WeakMap(); // a cell that is being edited: what it said
  const first = new WeakMap(); // a form: what it was drawn with
  let opening = null; // the cell whose form is on its way, and what was typed meanwhile
  let saving = 0;

  const table = () => document.querySelector(".lines-grid");
  const cellOf = (element) => element.closest && element.closest(".lines-grid > tbody > tr > *");
  const spot = (cell) => cell.querySelector("a, input[type=checkbox]") || cell;
  const link = (cell) => cell.querySelector("a.cell");
  const rows = () => [...table().tBodies[0].rows];
  const heads = () => [...table().tHead.querySelectorAll("a, input")].filter((one) => !one.hidden);
  const written = (form) => new URLSearchParams(new FormData(form)).toString();
  const control = (form) => form.querySelector("input:not([type=hidden]), select, textarea");

  function prepare(grid) {
    grid.setAttribute("role", "grid");
    grid.setAttribute("aria-multiselectable", "true");
    for (const one of heads()) one.tabIndex = -1;
    for (const row of rows()) ready(row);
    const start = rows()[0] && (rows()[0].querySelector(".who") || rows()[0].cells[0]);
    if (start) spot(start).tabIndex = 0;
  }
  function ready(row) {
    for (const cell of row.cells) spot(cell).tabIndex = -1;
    const tick = row.querySelector("input[name=line]");
    if (tick) row.setAttribute("aria-selected", String(tick.checked));
  }

  function rove(element) {
    for (const one of table().querySelectorAll("[tabindex='0']")) one.tabIndex = -1;
    element.tabIndex = 0;
  }
  function go(element) {
    if (!element) return;
    rove(element);
    element.focus({ preventScroll: true });
    element.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
  const goTo = (cell) => go(cell && spot(cell));

  // One step from a cell; up from the first line one comes to the heads.
  function step(cell, down, right) {
    const all = rows();
    const row = all.indexOf(cell.parentElement) + down;
    const column = Math.min(Math.max(cell.cellIndex + right, 0), cell.parentElement.cells.length - 1);
    if (row < 0) return go(table().tHead.rows[0].cells[column].querySelector("a, input") || heads()[0]);
    goTo(all[Math.min(row, all.length - 1)].cells[column]);
  }
  function amongHeads(event) {
    const all = heads();
    const place = all.indexOf(event.target);
    const next = { ArrowRight: place + 1, ArrowLeft: place - 1, Home: 0, End: all.length - 1 }[event.key];
    if (event.key === "ArrowDown") goTo(rows()[0].cells[event.target.closest("th").cellIndex]);
    else if (next !== undefined && all[next]) go(all[next]);
    else return;
    event.preventDefault();
  }

  // The next cell that can be edited, also on the lines after or before.
  function editable(cell, direction) {
    const all = [...table().querySelectorAll("tbody td")].filter((one) => link(one) || one.querySelector(EDITOR));
    return all[all.indexOf(cell) + direction];
  }

  async function ask(url, options = {}) {
    const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
    const answer = await fetch(url, { ...options, headers });
    const away = answer.headers.get("HX-Redirect");
    if (away) location.assign(away);
    if (!answer.ok || away) throw new Error(answer.statusText);
    return { html: await answer.text(), isForm: answer.headers.has("HX-Retarget") };
  }
  const failed = () => document.dispatchEvent(new CustomEvent("htmx:sendError"));

  async function edit(cell, typed = "") {
    if (opening || cell.querySelector(EDITOR)) return;
    opening = { cell, typed };
    try {
      const { html } = await ask(link(cell).href);
      before.set(cell, cell.innerHTML);
      draw(cell, html, opening.typed);
    } catch {
      failed();
    } finally {
      opening = null;
    }
  }

  function draw(cell, html, typed = "", { quietly = false } = {}) {
    cell.innerHTML = html;
    const form = cell.querySelector(EDITOR);
    const field = control(form);
    first.set(form, form.querySelector(".field-errors") ? "" : written(form)); // what was refused is not saved yet
    if (quietly) return;
    field.focus();
    if (!typed) return void (field.select && field.select());
    if (!field.matches("select")) return void (field.type === "date" || (field.value = typed));
    const wanted = [...field.options].find((one) => one.text.toLowerCase().startsWith(typed.toLowerCase()));
    if (wanted) field.value = wanted.value;
  }

  function cancel(form, { back }) {
    const cell = cellOf(form);
    const wasRefused = Boolean(form.querySelector(".field-errors"));
    cell.innerHTML = before.get(cell);
    spot(cell).tabIndex = -1;
    if (back) goTo(cell);
    if (wasRefused) refresh(cell.parentElement).catch(failed); // it may not say any more what it said
  }

  // Sends the form; the focus goes on at once, what comes back is shown where it belongs.
  async function save(form, { submitter, next } = {}) {
    const cell = cellOf(form);
    if (!submitter && written(form) === first.get(form)) return next ? (cancel(form, {}), goTo(next)) : cancel(form, { back: next !== false });
    if (cell.classList.contains("saving")) return;
    const body = new FormData(form);
    cell.classList.add("saving");
    saving += 1;
    if (next) goTo(next);
    try {
      const { html, isForm } = await ask((submitter && submitter.getAttribute("formaction")) || form.action, { method: "POST", body });
      if (isForm && !cell.isConnected) failed(); // the table was drawn anew meanwhile
      else if (isForm) draw(cell, html, "", { quietly: Boolean(document.querySelector(`${EDITOR} :focus`)) && !form.contains(document.activeElement) });
      else redraw(cell.parentElement, html, cell, { back: !next && next !== false });
    } catch {
      failed(); // what was typed stays in its form
    } finally {
      saving -= 1;
      cell.classList.remove("saving");
    }
  }

  // The row as it now is, but for cells where somebody is typing already.
  function redraw(row, html, saved, { back }) {
    const fresh = document.createElement("template");
    fresh.innerHTML = html;
    const focused = row.contains(document.activeElement) ? cellOf(document.activeElement) : null;
    [...fresh.content.querySelector("tr").cells].forEach((cell, place) => {
      const old = row.cells[place];
      const isTyping = old !== saved && (old.querySelector(EDITOR) || (opening && opening.cell === old));
      if (isTyping || old.querySelector("input[name=line]") || old.innerHTML === cell.innerHTML) return;
      const had = old === focused;
      old.className = cell.className;
      old.innerHTML = cell.innerHTML;
      spot(old).tabIndex = -1;
      if (window.htmx) window.htmx.process(old);
      if (had && !back) goTo(old);
    });
    if (back) goTo(saved);
  }
  async function refresh(row) {
    const any = row.querySelector(".who a");
    const { html } = await ask(`${any.pathname}row/`);
    redraw(row, html, null, { back: false });
  }

  function reset(cell) {
    if (!cell.classList.contains("own") || !link(cell)) return;
    const form = new FormData();
    form.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    cell.classList.add("saving");
    ask(`${link(cell).href}reset/`, { method: "POST", body: form })
      .then(({ html }) => redraw(cell.parentElement, html, cell, { back: true }), failed)
      .finally(() => cell.classList.remove("saving"));
  }

  function inEditor(event, form) {
    const area = event.target.matches("textarea");
    delete form.dataset.pointer;
    if (event.key === "Escape") cancel(form, { back: true });
    else if (event.key === "Enter" && !event.target.matches("button, a") && (!area || event.ctrlKey)) save(form);
    else if (event.key === "Tab") save(form, { next: editable(cellOf(form), event.shiftKey ? -1 : 1) });
    else return;
    event.preventDefault();
  }

  function inCell(event, cell) {
    const control = event.ctrlKey || event.metaKey;
    const moves = {
      ArrowUp: () => step(cell, -1, 0),
      ArrowDown: () => step(cell, 1, 0),
      ArrowLeft: () => step(cell, 0, -1),
      ArrowRight: () => step(cell, 0, 1),
      PageUp: () => goTo(rows()[Math.max(rows().indexOf(cell.parentElement) - 10, 0)].cells[cell.cellIndex]),
      PageDown: () => step(cell, 10, 0),
      Home: () => goTo((control ? rows()[0] : cell.parentElement).cells[0]),
      End: () => goTo([...(control ? rows().at(-1) : cell.parentElement).cells].at(-1)),
    };
    if (moves[event.key] && !event.shiftKey && !event.altKey) moves[event.key]();
    else if (["Enter", "F2"].includes(event.key) && !event.altKey && link(cell)) edit(cell);
    else if (event.key === "Enter" && event.altKey) cell.parentElement.querySelector(".who a").click();
    else if (["Delete", "Backspace"].includes(event.key)) reset(cell);
    else if (event.key.length === 1 && !/[ /?]/.test(event.key) && !control && !event.altKey && link(cell)) edit(cell, event.key);
    else return;
    event.preventDefault();
  }

  document.addEventListener("keydown", (event) => {
    if (!table() || !table().contains(event.target) || event.defaultPrevented) return;
    const form = event.target.closest(EDITOR);
    const cell = cellOf(event.target);
    if (form) return inEditor(event, form);
    if (opening && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
      opening.typed += event.key;
      event.preventDefault();
    } else if (cell) inCell(event, cell);
    else amongHeads(event);
  });
  document.addEventListener("click", (event) => {
    const cell = table() && table().contains(event.target) && cellOf(event.target);
    if (!cell || event.ctrlKey || event.metaKey || event.defaultPrevented) return;
    if (event.target.closest("[data-cancel]")) {
      event.preventDefault();
      cancel(event.target.closest(EDITOR), { back: true });
    } else if (event.target.closest("a.cell")) {
      event.preventDefault();
      if (!event.shiftKey) edit(cell);
    }
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches(EDITOR)) return;
    event.preventDefault();
    save(event.target, { submitter: event.submitter && event.submitter.hasAttribute("formaction") ? event.submitter : undefined });
  });
  // A list worked by mouse or finger saves at once; by keys on Enter or Tab, for arrows pass by values.
  document.addEventListener("pointerdown", (event) => {
    const form = event.target.closest(EDITOR);
    if (form && event.target.matches("select, option")) form.dataset.pointer = "yes";
  });
  document.addEventListener("change", (event) => {
    const form = event.target.closest && event.target.closest(EDITOR);
    if (form && form.dataset.pointer && event.target.matches("select")) save(form);
  });
  document.addEventListener("focusout", (event) => {
    const form = event.target.closest && event.target.closest(EDITOR);
    if (!form) return;
    setTimeout(() => {
      const isOver = form.isConnected && !form.contains(document.activeElement) && document.hasFocus();
      if (isOver && !cellOf(form).classList.contains("saving") && !form.querySelector(".field-errors")) save(form, { next: false });
    }, 0);
  });
  document.addEventListener("focusin", (event) => {
    if (table() && table().contains(event.target) && !event.target.closest(EDITOR) && event.target.tabIndex === -1) rove(event.target);
  });
  window.addEventListener("beforeunload", (event) => {
    const open = [...document.querySelectorAll(EDITOR)].some((form) => written(form) !== first.get(form));
    if (open || saving) event.preventDefault();
  });

  if (table()) prepare(table());
  document.addEventListener("htmx:load", (event) => {
    const part = event.detail.elt;
    if (part.querySelector && part.querySelector(".lines-grid")) prepare(table());
  });
  return { cellOf, go, goTo, link, refresh, rows, spot, table };
})();
