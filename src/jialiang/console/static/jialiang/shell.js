// What the frame adds where script runs. Every page reads and every form submits without it.

const isField = (element) => element.closest("input, textarea, select, [contenteditable]") !== null;
const thumbs = () => document.querySelectorAll(".jl-tabbar a");
const rows = () => [...document.querySelectorAll(".jl-table tbody tr:not(.jl-group)")].filter((row) => row.querySelector("a[href]"));
let afterG = false;

function move(step) {
  const links = rows().map((row) => row.querySelector("a[href]"));
  const place = links.indexOf(document.activeElement);
  const next = links[Math.min(links.length - 1, Math.max(0, place + step))];
  if (next) next.focus();
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll(".jl-top details[open]")) {
    if (menu === except) continue;
    const inside = menu.contains(document.activeElement);
    menu.open = false;
    if (inside) menu.querySelector("summary").focus();
  }
}

const single = {
  "/": () => document.getElementById("find")?.focus(),
  "?": () => document.getElementById("keys")?.showModal(),
  j: () => move(1),
  k: () => move(-1),
};

document.addEventListener("keydown", (event) => {
  if (event.key === "Escape") return closeMenus();
  if (event.ctrlKey && event.key === "Enter") {
    const main = document.querySelector("[data-main-action]");
    if (main) { event.preventDefault(); main.click(); }
    return;
  }
  if (event.ctrlKey && event.key.toLowerCase() === "s") {
    const save = document.querySelector("[data-save-action]");
    if (save) { event.preventDefault(); save.click(); }
    return;
  }
  if (event.ctrlKey || event.altKey || event.metaKey || isField(event.target) || document.querySelector("dialog[open]")) return;
  if (afterG && /^[1-4]$/.test(event.key)) thumbs()[Number(event.key) - 1]?.click();
  else if (single[event.key]) { event.preventDefault(); single[event.key](); }
  afterG = event.key === "g";
});

document.addEventListener("click", (event) => closeMenus(event.target.closest(".jl-top details")));

// Numbers are shown with a true minus and narrow groups; what is copied is data.
document.addEventListener("copy", (event) => {
  const text = document.getSelection().toString();
  if (isField(event.target) || !/[\u2212\u202f]/.test(text)) return;
  event.clipboardData.setData("text/plain", text.replaceAll("\u2212", "-").replaceAll("\u202f", ""));
  event.preventDefault();
});

// Slow work shows on its button; the label stays.
document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || event.defaultPrevented) return;
  const wait = setTimeout(() => button.setAttribute("aria-busy", "true"), 300);
  window.addEventListener("pageshow", () => { clearTimeout(wait); button.removeAttribute("aria-busy"); }, { once: true });
});

// The server names the field that is wrong; after a swap the browser no longer heeds autofocus.
document.addEventListener("htmx:afterSwap", (event) => event.target.querySelector("[aria-invalid=true]")?.focus());
