/* Beside the worksheet: the panel, the list of keys, and what others do to the segment meanwhile. */
"use strict";
(() => {
  const EVERY = 20000;
  const panel = () => document.getElementById("panel");
  const rowOf = (pk) => document.getElementById(`l-${pk}`);
  const shown = () => (panel().hidden ? null : panel().querySelector("[data-line]"));
  let opener = null;
  // Counts what the panel was asked to show, and its closing: an answer that was overtaken is late.
  let turn = 0;
  const asking = new Set();

  function open() {
    panel().hidden = false;
    document.body.classList.add("beside");
    const line = shown();
    for (const row of document.querySelectorAll("tr.opened")) row.classList.remove("opened");
    if (line && rowOf(line.dataset.line)) rowOf(line.dataset.line).classList.add("opened");
    panel().scrollTop = 0;
    const head = panel().querySelector("h2");
    if (head && !panel().contains(document.activeElement)) head.focus({ preventScroll: true });
  }
  // What is typed in the panel and not saved is not thrown away unasked.
  const isDirty = () => panel().dataset.dirty === "yes" && Boolean(panel().querySelector("form[data-guard]"));
  const mayLeave = () => !isDirty() || window.confirm(panel().dataset.unsaved);
  document.addEventListener("input", (event) => {
    if (event.target.closest("#panel form[data-guard]")) panel().dataset.dirty = "yes";
  });
  document.addEventListener("submit", (event) => {
    if (event.target.closest("#panel")) delete panel().dataset.dirty;
  });

  function close() {
    if (!mayLeave()) return;
    delete panel().dataset.dirty;
    const line = shown();
    panel().hidden = true;
    turn += 1;
    if (!asking.size) panel().replaceChildren(); // else with the answer: it may be refused
    document.body.classList.remove("beside");
    for (const row of document.querySelectorAll("tr.opened")) row.classList.remove("opened");
    const back = line && rowOf(line.dataset.line) ? rowOf(line.dataset.line).querySelector(".who a") : opener && document.getElementById(opener);
    if (back && back.closest(".lines-grid")) window.Grid.go(back);
    else if (back) back.focus();
  }

  document.addEventListener("htmx:beforeRequest", (event) => {
    if (event.detail.target !== panel()) return;
    if (event.detail.requestConfig.verb === "get" && !mayLeave()) return void event.preventDefault();
    if (!panel().contains(event.detail.elt)) opener = event.detail.elt.id;
    Object.assign(event.detail.requestConfig, { turn: turn += 1, from: event.detail.elt });
    asking.add(event.detail.xhr);
  });
  // The panel was closed meanwhile, or shows the next line. What is saved is saved; what was refused is
  // shown after all, and where nothing was answered what was typed is still there.
  const isLate = ({ requestConfig }) => requestConfig.turn !== undefined && requestConfig.turn !== turn;
  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, serverResponse, requestConfig, xhr } = event.detail;
    if (target !== panel() || !isLate(event.detail)) return;
    if (requestConfig.verb !== "get" && serverResponse.includes("field-errors")) return void (turn += 1);
    event.detail.shouldSwap = false;
    const told = !requestConfig.from.isConnected && xhr.getResponseHeader("HX-Trigger"); // nobody hears it from there
    if (told) redraw(JSON.parse(told)["segmentti:line"]);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    const { failed, xhr, requestConfig } = event.detail;
    if (!asking.delete(xhr)) return;
    const isUnsaved = (failed || !xhr.status) && requestConfig.verb !== "get";
    if (isUnsaved) panel().dataset.dirty = "yes";
    if (!panel().hidden) return;
    if (isUnsaved) open();
    else if (!asking.size) panel().replaceChildren();
  });
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.detail.target !== panel()) return;
    delete panel().dataset.dirty;
    open();
  });
  // A line is asked for with the question it was found by, so that its neighbours are those of the list.
  document.addEventListener("htmx:configRequest", (event) => {
    const { elt, verb, parameters, path } = event.detail;
    if (elt.matches(".lines-search")) for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name]; // the address is kept and shared
    if (verb !== "get" || !/\/lines\/\d+\/$/.test(path) || !elt.closest(".lines-grid")) return;
    for (const [name, value] of new URLSearchParams(location.search)) if (!["page", "after", "before"].includes(name)) parameters[name] = value;
  });
  function redraw(pk) {
    const row = rowOf(pk);
    if (row) window.Grid.refresh(row);
  }
  document.addEventListener("segmentti:line", (event) => redraw(event.detail.value));

  // The line before or after: the one above or below in the table, where it is there.
  function neighbour(rel) {
    const row = shown() && rowOf(shown().dataset.line);
    const next = row && (rel === "next" ? row.nextElementSibling : row.previousElementSibling);
    return next ? next.querySelector(".who a") : panel().querySelector(`[rel=${rel}]`);
  }
  document.addEventListener("keydown", (event) => {
    if (!panel()) return;
    if (event.key === "?" && !event.target.closest("input, textarea, select")) {
      event.preventDefault();
      const keys = document.getElementById("shortcuts");
      const row = event.target.closest(".lines-grid tbody tr");
      // A line may have been drawn anew meanwhile; the focus goes back to it all the same. Until the
      // page is painted again it may still be in the dialog that is closed.
      const isLost = () => document.activeElement === document.body || keys.contains(document.activeElement);
      const back = () => { if (row && row.isConnected && isLost()) window.Grid.go(row.querySelector(".who a")); };
      keys.addEventListener("close", () => setTimeout(back), { once: true });
      keys.showModal();
    } else if (event.key === "Escape" && !panel().hidden && !event.defaultPrevented && !document.querySelector("dialog[open]")) {
      close();
    } else if (event.altKey && ["ArrowDown", "ArrowUp"].includes(event.key) && shown()) {
      event.preventDefault();
      const to = neighbour(event.key === "ArrowDown" ? "next" : "prev");
      if (to) to.click();
    }
  });
  document.addEventListener("click", (event) => {
    if (event.target.closest("#panel [data-close-panel]")) {
      event.preventDefault();
      close();
    } else if (event.target.closest("[data-reload]")) {
      event.preventDefault();
      location.reload();
    }
  });

  function look() {
    const news = document.getElementById("news");
    if (news && news.hasAttribute("hx-get") && document.visibilityState === "visible") window.htmx.trigger(news, "look");
  }
  setInterval(look, EVERY);
  document.addEventListener("visibilitychange", look);
})();
