"use strict";
// The page is whole without this: it copies, filters and goes from failure to failure.
const failures = [...document.querySelectorAll(".failure")];
const filter = document.querySelector("#filter");
const told = document.querySelector("#told");
for (const part of document.querySelectorAll("[data-needs-script]")) part.hidden = false;

for (const button of document.querySelectorAll("button[data-copies]")) {
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies);
    try {
      await navigator.clipboard.writeText(source.textContent);
      told.textContent = "Copied.";
      button.textContent = "Copied";
    } catch {
      // A page of a file may not be allowed to; then it is selected for whoever presses the keys.
      const all = document.createRange();
      all.selectNodeContents(source);
      getSelection().removeAllRanges();
      getSelection().addRange(all);
      told.textContent = "Selected; copy it with the keyboard.";
      button.textContent = "Selected";
    }
  });
}

if (filter) {
  filter.addEventListener("input", () => {
    const wanted = filter.value.trim().toLowerCase();
    let shown = 0;
    for (const row of document.querySelectorAll("[data-name]")) {
      row.hidden = !row.dataset.name.toLowerCase().includes(wanted);
      if (!row.hidden) shown += 1;
    }
    told.textContent = `${shown} shown`;
  });
}

let at = -1;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target instanceof HTMLInputElement) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (event.key === "/" && filter) {
    event.preventDefault();
    filter.focus();
  } else if ((event.key === "j" || event.key === "k") && failures.length > 0) {
    const step = event.key === "j" ? 1 : -1;
    at = Math.min(Math.max(at + step, 0), failures.length - 1);
    failures[at].focus();
    failures[at].scrollIntoView();
  }
});
