// The script of the dashboard. It follows the journal, calls the control API for whoever presses a button, and puts what
// comes from outside into the page as text, never as markup.
"use strict";
(() => {
  const ROWS_MAX = 200; // In the list at most, however many arrive.
  const REFRESH_MS = 600; // Views other than the list are fetched again this long after something happened.
  const SAID_MS = 6000;
  const root = document.documentElement;
  const find = (selector, within = document) => within.querySelector(selector);
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];

  // ---- light and dark: before anything is painted
  const THEMES = ["auto", "light", "dark"];
  const kept = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const keep = (name, value) => { try { localStorage.setItem(name, value); } catch { /* Nothing is kept then. */ } };
  let theme = THEMES.includes(kept("theme")) ? kept("theme") : "auto";
  const showTheme = () => {
    root.dataset.theme = theme;
    const button = find("#theme");
    if (button) button.textContent = theme[0].toUpperCase() + theme.slice(1);
  };
  const nextTheme = () => {
    theme = THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length];
    keep("theme", theme);
    showTheme();
  };
  showTheme();

  // ---- saying what happened
  let saidTimer;
  const say = (text, bad = false) => {
    const said = find("#said");
    said.textContent = text;
    said.dataset.bad = String(bad);
    clearTimeout(saidTimer);
    if (!bad) saidTimer = setTimeout(() => { said.textContent = ""; }, SAID_MS);
  };

  // ---- fetching a part of a page again
  const part = (url) => new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("GET", url);
    request.responseType = "document"; // No script in it runs.
    request.onload = () => (request.response ? resolve(request.response) : reject(new Error("no page")));
    request.onerror = () => reject(new Error("the server cannot be reached"));
    request.send();
  });
  const keyOf = (element) => element && (element.id ? `#${CSS.escape(element.id)}` : element.dataset.key && `[data-key="${CSS.escape(element.dataset.key)}"]`);
  const swap = async (selector, url) => {
    const [page, old] = [await part(url), find(selector)];
    const fresh = find(selector, page);
    if (!fresh) return location.reload(); // Signed out, most likely.
    const focus = old.contains(document.activeElement) && keyOf(document.activeElement);
    const filters = all("[data-filter]", old).map((input) => input.value);
    const open = all("details[id][open]", old).map((one) => one.id);
    old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
    for (const id of open) document.getElementById(id)?.setAttribute("open", "");
    all("[data-filter]", old).forEach((input, at) => { input.value = filters[at] ?? ""; filter(input); });
    if (focus) find(focus)?.focus({ preventScroll: true });
    mark();
    const [time, freshTime] = [find("#now"), find("#now", page)];
    if (time && freshTime) [time.textContent, time.dateTime] = [freshTime.textContent, freshTime.dateTime];
  };
  const busy = () => {
    const focus = document.activeElement;
    return focus?.matches("#main input, #main select, #main textarea") && !focus.matches("[data-filter]");
  };
  let refreshing;
  const refresh = () => {
    if (refreshing || find("#rows")) return;
    refreshing = setTimeout(async () => {
      refreshing = undefined;
      if (busy()) return refresh();
      try { await swap("#main", location.href); } catch { /* The connection says so. */ }
    }, REFRESH_MS);
  };

  // ---- calling the control API
  const call = async (what, body) => {
    const [method, path] = what.split(" ");
    const init = { method, headers: { accept: "application/json" }, credentials: "same-origin" };
    if (body !== undefined) {
      init.headers["content-type"] = "application/json";
      init.body = body;
    }
    const answer = await fetch(document.body.dataset.prefix + path, init);
    const told = await answer.text();
    if (answer.ok) return `${what}: ${answer.status}`;
    let why = told;
    try { why = JSON.parse(told).error.message; } catch { /* It is no JSON; then it is shown as it is. */ }
    throw new Error(`${answer.status}: ${why}`);
  };
  const bodyOf = (form) => {
    const body = {};
    for (const field of all("[name]", form)) {
      const value = field.type === "checkbox" ? field.checked : field.value.trim();
      if (value === "" || value === false) continue;
      const path = field.name.split(".");
      const last = path.pop();
      const into = path.reduce((object, name) => (object[name] ??= {}), body);
      into[last] = field.dataset.type === "number" ? Number(value) : value;
    }
    return JSON.stringify(body);
  };
  const run = async (element, body) => {
    try {
      say(await call(element.dataset.call, body));
      if (element.matches("form")) element.closest("details")?.removeAttribute("open");
      if (element.dataset.then) location.assign(element.dataset.then);
      else if (find("#rows")) location.reload();
      else await swap("#main", location.href);
    } catch (error) {
      say(error.message, true);
    }
  };
  const sure = (button) => {
    if (!button.dataset.confirm || button.dataset.asked) return true;
    const label = button.textContent;
    button.dataset.asked = "yes";
    button.textContent = button.dataset.confirm;
    setTimeout(() => { button.textContent = label; delete button.dataset.asked; }, 3000);
    return false;
  };

  // ---- copying
  const copy = async (button) => {
    const text = button.dataset.text ?? find(button.dataset.copy)?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const field = document.createElement("textarea");
      field.value = text;
      button.after(field);
      field.select();
      document.execCommand("copy"); // Where the page is not secure there is no other way.
      field.remove();
      button.focus();
    }
    say("Copied");
  };

  // ---- the list of exchanges
  const waiting = [];
  let drawing = false;
  let hidden = 0;
  const classOf = (status) => (status >= 500 || status === 0 ? "bad" : status >= 400 ? "warn" : "ok");
  const rowOf = (entry) => {
    const row = find("#row").content.firstElementChild.cloneNode(true);
    const texts = {
      time: entry.at.slice(11, 23),
      surface: entry.surface,
      method: entry.method,
      target: entry.target,
      status: entry.status || "—",
      operation: entry.operation,
      reason: entry.reason ?? "",
      fired: (entry.faults?.fired ?? []).join(", "),
      took: entry.duration_us ? (entry.duration_us / 1000).toFixed(1) : "",
    };
    for (const place of all("[data-f]", row)) place.textContent = texts[place.dataset.f];
    row.dataset.status = classOf(entry.status);
    row.dataset.number = entry.number;
    const link = find("a", row);
    link.search = link.search.replace(/open=\d*/, `open=${entry.number}`);
    return row;
  };
  const draw = () => {
    drawing = false;
    const list = find("#rows tbody");
    const entries = waiting.splice(0);
    if (!list) return;
    const fresh = document.createDocumentFragment();
    for (const entry of entries.reverse()) fresh.append(rowOf(entry));
    list.prepend(fresh);
    while (list.childElementCount > ROWS_MAX) list.lastElementChild.remove();
    find("#empty").hidden = true;
  };
  const arrived = (entry) => {
    const time = find("#now");
    if (time && entry.at > time.dateTime) [time.dateTime, time.textContent] = [entry.at, entry.at.slice(0, 19).replace("T", " ")];
    const list = find("#rows");
    if (!list) return refresh();
    if (list.dataset.live !== "true") {
      hidden += 1;
      const news = find("#news");
      news.hidden = false;
      find("a", news).textContent = `${hidden} newer`;
      return;
    }
    waiting.push(entry);
    if (waiting.length > ROWS_MAX) waiting.shift();
    if (!drawing) {
      drawing = true;
      // A page that nobody sees is not painted, and must not wait for it.
      if (document.hidden) setTimeout(draw, 250); else requestAnimationFrame(draw);
    }
  };
  const link = (state, text) => {
    const connection = find("#connection");
    connection.dataset.state = state;
    connection.textContent = text;
  };
  const follow = () => {
    const url = document.body.dataset.stream;
    if (!url) return;
    const events = new EventSource(url);
    link("wait", "connecting");
    events.onopen = () => link("live", "live");
    events.onerror = () => link("lost", events.readyState === EventSource.CLOSED ? "closed" : "reconnecting");
    events.addEventListener("entry", (event) => arrived(JSON.parse(event.data)));
    events.addEventListener("reset", () => (find("#rows") ? location.reload() : refresh()));
    events.addEventListener("evicted", (event) => say(`${JSON.parse(event.data).evicted} entries went too fast to be shown`));
    events.addEventListener("end", (event) => {
      events.close();
      link("lost", JSON.parse(event.data).reason === "removed" ? "space removed" : "server stopped");
    });
    addEventListener("pagehide", () => events.close());
  };

  // ---- opening and closing
  let opener;
  // The row of what is open.
  const mark = () => {
    const open = new URL(location.href).searchParams.get("open");
    for (const link of all("[data-row]")) {
      const selected = open !== null && new URL(link.href).searchParams.get("open") === open;
      link.closest("tr").toggleAttribute("data-selected", selected);
      if (selected) opener = link;
    }
  };
  const open = async (anchor) => {
    opener = anchor;
    try {
      await swap("#detail", anchor.href);
    } catch (error) {
      return say(error.message, true);
    }
    find(".split").dataset.open = "";
    history.replaceState(null, "", anchor.href);
    mark();
    find("#detail").scrollTop = 0;
    if (getComputedStyle(find("#detail")).position === "fixed") find("#detail").focus();
  };
  const close = () => {
    const split = find(".split[data-open]");
    if (!split) return;
    const away = find("#detail [data-close]")?.href;
    delete split.dataset.open;
    find("#detail").replaceChildren();
    if (away) history.replaceState(null, "", away);
    const back = opener?.isConnected ? opener : find("tr[data-selected] [data-row]") ?? find("[data-row]");
    mark();
    back?.focus();
  };
  const step = (by) => {
    const rows = all("[data-row], [data-step]").filter((row) => row.offsetParent);
    if (!rows.length) return;
    const at = rows.indexOf(document.activeElement.closest("tr, li")?.querySelector("[data-row], [data-step]") ?? opener);
    const next = rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const filter = (input) => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of all(input.dataset.filter)) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      shown += row.hidden ? 0 : 1;
    }
    const count = find("#count");
    if (count) count.textContent = String(shown);
  };

  // ---- hands
  document.addEventListener("click", (event) => {
    const target = event.target.closest("[data-call]:not(form), [data-copy], [data-text], [data-fill], [data-row], [data-close], #theme, #help");
    if (!target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (target.id === "theme") nextTheme();
    else if (target.id === "help") find("#keys").showModal();
    else if (target.matches("[data-call]")) { if (sure(target)) run(target, target.dataset.body); }
    else if (target.matches("[data-copy], [data-text]")) copy(target);
    else if (target.matches("[data-fill]")) {
      const field = find(target.dataset.fill);
      field.value = target.dataset.value;
      field.focus();
    } else {
      event.preventDefault();
      if (target.matches("[data-close]")) close(); else open(target);
    }
  });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-call]");
    if (!form) return;
    event.preventDefault();
    run(form, bodyOf(form));
  });
  document.addEventListener("input", (event) => { if (event.target.matches("[data-filter]")) filter(event.target); });
  document.addEventListener("change", (event) => { if (event.target.matches("[data-submits]")) event.target.form.requestSubmit(); });
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const typing = event.target.matches("input:not([type=checkbox]), textarea, select");
    if (event.key === "Escape") {
      const drop = event.target.closest("details[open]");
      if (drop) { drop.open = false; find("summary", drop).focus(); }
      else if (typing) event.target.blur();
      else close();
      return;
    }
    if (typing || find("dialog[open]")) return;
    const keys = {
      j: () => step(1),
      k: () => step(-1),
      "/": () => find("#search")?.focus(),
      "?": () => find("#keys")?.showModal(),
      t: nextTheme,
      c: () => find("#copy-curl")?.click(),
      v: () => find("#copy-verify")?.click(),
    };
    const view = /^[1-9]$/.test(event.key) && all(".views a")[Number(event.key) - 1];
    const act = keys[event.key] ?? (view && (() => view.click()));
    if (!act) return;
    event.preventDefault();
    act();
  });
  document.addEventListener("DOMContentLoaded", () => {
    showTheme();
    follow();
    mark();
    find("#detail header") && find("#detail").focus({ preventScroll: true });
  });
})();
