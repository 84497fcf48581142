/* Enhancements only: every page works without this file.
   select[data-choose], input[data-choose]  a box to search in; data-choose-url asks the server (JSON {results: [{value, text}]})
   form[data-guard]                         warns before unsaved edits are left
   [data-tick-all="name"]                   ticks every box of that name in the same form
   [data-open="id"], [data-close]           opens and closes a <dialog>
   [data-submit-on-change]                  sends its form when changed */
"use strict";
(() => {
  const root = document.documentElement;
  const cookie = (name) => (document.cookie.match(new RegExp(`(?:^|; )${name}=([^;]*)`)) || [])[1];

  // Theme: at once, without waiting for the server; "auto" follows the device.
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  function paint() {
    const seen = device.matches ? "dark" : "light";
    if (cookie("theme_seen") !== seen) {
      document.cookie = `theme_seen=${seen}; path=/; max-age=31536000; samesite=lax`;
    }
    root.dataset.bsTheme = root.dataset.theme === "auto" ? seen : root.dataset.theme;
  }
  device.addEventListener("change", paint);
  paint();

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches(".theme-switch") || !event.submitter) return;
    event.preventDefault();
    root.dataset.theme = event.submitter.value;
    paint();
    for (const button of form.querySelectorAll("button")) {
      button.setAttribute("aria-pressed", String(button === event.submitter));
    }
    const data = new FormData(form, event.submitter);
    fetch(form.action, { method: "POST", body: data, redirect: "manual" });
  });

  // Keys: "/" goes to the search box, unless one is typing.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.closest("input, textarea, select, [contenteditable]")) return;
    const search = document.getElementById("search");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  });

  // F1 opens the help of the page, and closes it.
  document.addEventListener("keydown", (event) => {
    const help = document.getElementById("help");
    if (event.key !== "F1" || !help || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    help.togglePopover();
  });

  // Choosing among many: Tom Select, from options in the page or from the server.
  function loader(field) {
    let last;
    return (words, done) => {
      if (last) last.abort();
      last = new AbortController();
      const url = new URL(field.dataset.chooseUrl, location.href);
      url.searchParams.set("q", words);
      fetch(url, { signal: last.signal, headers: { Accept: "application/json" } })
        .then((answer) => (answer.ok ? answer.json() : { results: [] }))
        .then((data) => {
          field.tomselect.clearOptions(); // what was found for other words would stay otherwise
          done(data.results);
        })
        .catch(() => done());
    };
  }

  function emptyText(field) {
    const empty = field.querySelector("option[value='']");
    return empty && !/^-*$/.test(empty.textContent) ? empty.textContent : "";
  }

  function choose(field) {
    if (field.tomselect || !window.TomSelect) return;
    const remote = Boolean(field.dataset.chooseUrl);
    const title = document.body.dataset.remove;
    const plugins = field.multiple ? { remove_button: { title } } : field.required ? {} : { clear_button: { title } };
    const options = {
      plugins,
      maxOptions: 500,
      hideSelected: field.multiple,
      selectOnTab: false, // Tab takes what is offered only where one has typed: who passes by chooses nothing
      clearAfterSelect: true,
      refreshThrottle: remote ? 300 : 0,
      placeholder: field.dataset.placeholder || emptyText(field),
      render: {
        no_results: () => `<div class="no-results"></div>`,
      },
      onType: (words) => {
        box.settings.selectOnTab = words !== "";
        sayNothingFound(field);
      },
      onItemAdd: () => { box.settings.selectOnTab = false; },
      onBlur: () => { box.settings.selectOnTab = false; },
    };
    if (remote) {
      Object.assign(options, { valueField: "value", labelField: "text", searchField: ["text"], score: () => () => 1, load: loader(field), preload: "focus" });
    }
    if (field.tagName === "INPUT") {
      Object.assign(options, { maxItems: 1, create: false });
      if (field.value) {
        options.options = [{ value: field.value, text: field.dataset.chooseText || field.value }];
      }
    }
    const box = new window.TomSelect(field, options);
    field.setAttribute("aria-hidden", "true"); // the box has its name and its place among the keys now
    for (const one of box.wrapper.querySelectorAll(".clear-button")) one.tabIndex = -1; // keys have Backspace
    if (field.getAttribute("aria-describedby")) {
      box.control_input.setAttribute("aria-describedby", field.getAttribute("aria-describedby"));
    }
  }

  function sayNothingFound(field) {
    requestAnimationFrame(() => {
      const place = field.tomselect.dropdown_content.querySelector(".no-results");
      if (place) place.textContent = document.body.dataset.nothingFound;
    });
  }

  // Forms that warn before unsaved edits are lost.
  const guarded = new Set();
  document.addEventListener("input", (event) => {
    const form = event.target.closest && event.target.closest("form[data-guard]");
    if (form) guarded.add(form);
  });
  document.addEventListener("change", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-guard]")) guarded.add(form);
    if (form && event.target.matches("[data-submit-on-change]")) form.requestSubmit();
  });
  document.addEventListener("submit", (event) => guarded.delete(event.target));
  window.addEventListener("beforeunload", (event) => {
    if ([...guarded].some((form) => form.isConnected)) event.preventDefault();
  });

  // "Tick all", and its state when single boxes change.
  function boxes(master) {
    const scope = master.form || document;
    return [...scope.querySelectorAll(`input[type=checkbox][name="${CSS.escape(master.dataset.tickAll)}"]`)];
  }
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches("input[type=checkbox]")) return;
    if (box.dataset.tickAll) for (const one of boxes(box)) one.checked = box.checked;
    for (const master of document.querySelectorAll("[data-tick-all]")) {
      const ticked = boxes(master).filter((one) => one.checked).length;
      master.checked = ticked > 0 && ticked === boxes(master).length;
      master.indeterminate = ticked > 0 && !master.checked;
      const count = document.querySelector(`[data-tick-count="${CSS.escape(master.dataset.tickAll)}"]`);
      if (count) count.textContent = String(ticked);
    }
  });

  // Dialogs; a click beside one closes it.
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-open]");
    const closer = event.target.closest("[data-close]");
    if (opener) {
      const dialog = document.getElementById(opener.dataset.open);
      if (dialog) {
        event.preventDefault();
        dialog.showModal();
      }
    } else if (closer && closer.closest("dialog")) {
      event.preventDefault();
      closer.closest("dialog").close();
    } else if (event.target.matches("dialog")) {
      event.target.close();
    }
  });

  // Addresses of filtered lists are kept and shared: nothing empty in them, no unit without its number.
  function leaveOutEmpty(parameters) {
    for (const name of Object.keys(parameters)) {
      if (name.endsWith("_unit") && !parameters[name.replace(/_unit$/, "_last")]) delete parameters[name];
    }
    for (const name of Object.keys(parameters)) if (parameters[name] === "") delete parameters[name];
  }

  // htmx: the CSRF token goes with every request; a failure is said, never swallowed.
  document.addEventListener("htmx:configRequest", (event) => {
    const token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (token) event.detail.headers["X-CSRFToken"] = token.value;
    if (event.detail.elt.matches("form.filters")) leaveOutEmpty(event.detail.parameters);
  });
  for (const name of ["htmx:responseError", "htmx:sendError"]) {
    document.addEventListener(name, (event) => {
      const waiting = event.target instanceof Element && event.target.closest("[aria-busy]");
      const place = waiting || document.getElementById("messages");
      if (!place) return;
      place.removeAttribute("aria-busy");
      const notice = document.createElement("p");
      notice.className = "notice error";
      notice.textContent = document.body.dataset.failed;
      if (waiting) place.prepend(notice);
      else place.replaceChildren(notice);
      notice.scrollIntoView({ block: "nearest" });
    });
  }

  function enhance(part) {
    if (part.matches && part.matches("[data-choose]")) choose(part);
    for (const field of part.querySelectorAll("[data-choose]")) choose(field);
    for (const element of part.querySelectorAll(".needs-script")) element.hidden = false;
  }
  enhance(document);
  document.addEventListener("htmx:load", (event) => enhance(event.detail.elt));
})();
