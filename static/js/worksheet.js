/* Editing in place, for forms marked data-inplace: Enter saves and the focus returns to the value
   (data-back), leaving the form saves what was changed, Escape cancels. Without this file the forms
   have their buttons, and without JavaScript at all a page of their own. */
"use strict";
(() => {
  const asFirst = new WeakMap();
  let focusNext = "";
  const inplace = (element) => element.closest && element.closest("form[data-inplace]");
  const written = (form) => new URLSearchParams(new FormData(form)).toString();

  function leave(form, { back }) {
    focusNext = back ? form.dataset.back : "";
    const cancel = form.querySelector("[data-cancel]");
    if (cancel) cancel.click();
  }

  function save(form, { back }) {
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    focusNext = back ? form.dataset.back : "";
    form.requestSubmit();
  }

  // A long trail shows the step where the segment stands.
  function showCurrentStep() {
    const steps = document.querySelector(".trail > .steps");
    const current = steps && steps.querySelector(".step.current");
    if (current) steps.scrollTop = current.offsetTop + current.offsetHeight - steps.clientHeight;
  }
  showCurrentStep();

  document.addEventListener("htmx:load", (event) => {
    if (event.detail.elt.id === "worksheet") showCurrentStep();
    for (const form of event.detail.elt.querySelectorAll("form[data-inplace]")) prepare(form);
    if (inplace(event.detail.elt)) prepare(inplace(event.detail.elt));
  });

  function prepare(form) {
    asFirst.set(form, written(form));
    const field = form.querySelector("input:not([type=hidden]), select, textarea");
    if (!field) return;
    field.focus();
    if (field.select && field.value === field.defaultValue) field.select(); // never over what is typed already
  }

  document.addEventListener("keydown", (event) => {
    const form = inplace(event.target);
    if (!form) return;
    delete form.dataset.pointer;
    if (event.key === "Escape") {
      event.preventDefault();
      leave(form, { back: true });
    } else if (event.key === "Enter" && !event.target.matches("button, a, textarea")) {
      event.preventDefault();
      save(form, { back: true });
    } else if (event.key === "Enter" && event.target.matches("textarea") && event.ctrlKey) {
      event.preventDefault();
      save(form, { back: true });
    }
  });

  // The menu beside Add, Keep only, Remove, and the filters of the lines: a click elsewhere or Escape closes them.
  document.addEventListener("click", (event) => closeMenus(event.target));
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") closeMenus(null);
  });
  function closeMenus(target) {
    for (const menu of document.querySelectorAll("details:is(.more-menu, .lines-filters)[open]")) {
      if (target && menu.contains(target)) continue;
      if (!target && menu.contains(document.activeElement)) menu.querySelector("summary").focus();
      menu.open = false;
    }
  }

  // What the reader has unfolded stays unfolded when a part of the page is drawn anew.
  let unfolded = [];
  document.addEventListener("htmx:beforeSwap", () => {
    unfolded = [...document.querySelectorAll("details[id][open]")].map((one) => one.id);
  });
  document.addEventListener("htmx:afterSwap", () => {
    for (const id of unfolded) {
      const part = document.getElementById(id);
      if (part) part.open = true;
    }
  });

  // A list worked by mouse or finger saves at once; by keys only on Enter, for arrows pass by values.
  document.addEventListener("pointerdown", (event) => {
    const form = inplace(event.target);
    if (form && event.target.matches("select, option")) form.dataset.pointer = "yes";
  });
  document.addEventListener("change", (event) => {
    const form = inplace(event.target);
    if (form && event.target.matches("select") && form.dataset.pointer) save(form, { back: true });
  });

  document.addEventListener("focusout", (event) => {
    const form = inplace(event.target);
    if (!form) return;
    setTimeout(() => {
      if (!form.isConnected || form.dataset.sent || form.contains(document.activeElement)) return;
      if (written(form) === asFirst.get(form)) leave(form, { back: false });
      else save(form, { back: false });
    }, 0);
  });

  document.addEventListener("htmx:afterSettle", (event) => {
    // A verb of the trail that has become impossible hands the focus to its neighbour.
    const asked = event.detail.requestConfig;
    const isOfTrail = Boolean(asked && asked.elt.closest(".trail-verbs, .step-verb"));
    if (!focusNext && isOfTrail && document.activeElement === document.body) {
      const verb = document.querySelector(".trail-verbs button:enabled");
      if (verb) verb.focus({ preventScroll: true });
    }
    if (!focusNext) return;
    const element = document.getElementById(focusNext);
    if (!element) return;
    focusNext = "";
    element.focus({ preventScroll: true });
  });
})();
