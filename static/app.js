/* Makes pages that already work nicer to use. None needs it. */
(() => {
  "use strict";

  const find = (selector) => document.querySelector(selector);
  const all = (selector, within) => [...(within || document).querySelectorAll(selector)];
  const say = (words) => {
    document.getElementById("live").textContent = words;
  };

  /* The page says "Up to 140 characters"; from here on it counts. */
  const count = (line) => {
    const field = document.getElementById(line.dataset.counterFor);
    if (!field) return;
    const max = Number(line.dataset.max);
    const length = [...field.value].length;
    line.textContent =
      length > max ? `${length - max} too many, of ${max} characters` : `${length} of ${max} characters`;
    line.classList.toggle("counter-over", length > max);
  };

  document.addEventListener("input", (event) => {
    const id = event.target.id;
    if (id) all(`[data-counter-for="${CSS.escape(id)}"]`).forEach(count);
  });

  /* Unsaved changes and drafts. */
  const dirty = new Set();
  const timers = new WeakMap();
  let saving;
  const DRAFT_EVERY = 20000;
  const BY_SCRIPT = { "X-Requested-With": "fetch" };

  const touched = (form) => {
    if (form.matches("[data-guard], [data-autosave]")) dirty.add(form);
    if (form.matches("[data-autosave]") && !timers.get(form)) {
      timers.set(form, setTimeout(() => save(form), DRAFT_EVERY));
    }
  };

  const show = (words, trouble = false) =>
    all("[data-save-state]").forEach((place) => {
      place.textContent = words;
      place.classList.toggle("bad", trouble);
    });

  const save = async (form) => {
    if (saving) return;
    clearTimeout(timers.get(form));
    timers.delete(form);
    if (!dirty.delete(form)) return;
    const { signal } = (saving = new AbortController());
    try {
      const answer = await fetch(form.dataset.autosave, {
        method: "POST",
        body: new FormData(form),
        headers: BY_SCRIPT,
        keepalive: true,
        signal,
      });
      if (!answer.ok || answer.redirected) throw new Error("not saved");
      show((await answer.json()).saved);
    } catch {
      if (signal.aborted) return;
      dirty.add(form);
      timers.set(form, setTimeout(() => save(form), DRAFT_EVERY));
      show("Not saved yet. Trying again.", true);
    } finally {
      saving = null;
    }
  };

  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, (event) => event.target.form && touched(event.target.form));
  }
  document.addEventListener("focusout", (event) => {
    const form = event.target.form;
    if (form && form.matches("[data-autosave]")) save(form);
  });
  document.addEventListener("reset", (event) => dirty.delete(event.target));
  document.addEventListener("submit", (event) => {
    dirty.delete(event.target);
    clearTimeout(timers.get(event.target));
    saving?.abort();
  });
  window.addEventListener("beforeunload", (event) => {
    if (dirty.size) event.preventDefault();
  });

  /* Toasts leave after a while, but not while somebody is on them. */
  const watch = (toast) => {
    if (toast.dataset.watched) return;
    toast.dataset.watched = "yes";
    let timer;
    const stop = () => clearTimeout(timer);
    const start = () => {
      stop();
      timer = setTimeout(() => toast.remove(), Number(toast.dataset.toast) * 1000);
    };
    for (const kind of ["focusin", "pointerenter"]) toast.addEventListener(kind, stop);
    for (const kind of ["focusout", "pointerleave"]) toast.addEventListener(kind, start);
    start();
  };

  document.addEventListener("click", async (event) => {
    const press = event.target.closest("[data-dismiss], [data-copy]");
    if (!press) return;
    if ("dismiss" in press.dataset) return press.closest("[data-toast]").remove();
    const from = document.getElementById(press.dataset.copy);
    await navigator.clipboard.writeText(from.value ?? from.textContent.trim());
    press.querySelector("[data-copy-words]").textContent = "Copied";
    say("Copied");
  });

  /* Menus close on Escape and when one goes elsewhere. */
  const close = (keep) =>
    all("details[data-menu][open]").forEach((menu) => !menu.contains(keep) && menu.removeAttribute("open"));
  document.addEventListener("pointerdown", (event) => close(event.target));
  document.addEventListener("focusin", (event) => close(event.target));
  document.addEventListener("keydown", (event) => {
    const menu = event.key === "Escape" && document.activeElement?.closest("details[data-menu][open]");
    if (!menu) return;
    menu.removeAttribute("open");
    menu.querySelector("summary").focus();
  });

  /* The theme changes at once; the server remembers it. */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.matches("[data-theme-form]") || !event.submitter) return;
    event.preventDefault();
    const theme = event.submitter.value;
    const body = new FormData(form);
    body.set("theme", theme);
    document.documentElement.dataset.theme = theme;
    all("button", form).forEach((one) => one.setAttribute("aria-pressed", String(one === event.submitter)));
    fetch(form.action, { method: "POST", body, headers: BY_SCRIPT }).catch(() => {});
  });

  const dress = () => {
    all("[data-counter-for]").forEach(count);
    all("[data-toast]").forEach(watch);
    all("[data-dismiss][hidden]").forEach((button) => (button.hidden = false));
    if (navigator.clipboard) all("[data-copy][hidden]").forEach((button) => (button.hidden = false));
  };

  /* After part of a page was replaced, keep or find the place. */
  document.addEventListener("htmx:after:swap", () => {
    dress();
    const problem = find(".error-summary");
    if (problem) return problem.focus();
    if (document.activeElement === document.body) find("[data-focus]")?.focus();
    const words = find("[data-announce]");
    if (words) say(words.textContent.trim());
  });

  dress();
  find(".error-summary")?.focus();
})();
