// Entering a record: Enter and arrows move between cells, what cannot be read is marked, the last value comes back.

const form = document.getElementById("record");
const cells = () => [...form.querySelectorAll(".jl-points .jl-in")];
const place = (cell) => cell.name.match(/^c-(\d+)-(.+)$/);
const before = new Map();

function inColumn(cell, step) {
  const [, row, column] = place(cell);
  return form.elements.namedItem(`c-${Number(row) + step}-${column}`);
}

form?.addEventListener("focusin", (event) => {
  if (!event.target.matches(".jl-points .jl-in")) return;
  before.set(event.target.name, event.target.value);
  event.target.closest("tr")?.classList.add("is-now");
  event.target.select();
});

form?.addEventListener("focusout", (event) => event.target.closest("tr")?.classList.remove("is-now"));

form?.addEventListener("keydown", (event) => {
  const cell = event.target;
  if (!cell.matches(".jl-points .jl-in")) {
    if (event.key === "Enter" && !event.ctrlKey && cell.matches(".jl-in")) event.preventDefault();
    return;
  }
  let next;
  if (event.key === "Enter" && !event.ctrlKey) {
    const all = cells();
    next = all[all.indexOf(cell) + (event.shiftKey ? -1 : 1)] ?? cell;
  } else if (event.key === "ArrowDown") next = inColumn(cell, 1);
  else if (event.key === "ArrowUp") next = inColumn(cell, -1);
  else if (event.altKey && event.key.toLowerCase() === "z") {
    cell.value = before.get(cell.name) ?? cell.value;
    cell.dispatchEvent(new Event("change", { bubbles: true }));
    next = cell;
  } else return;
  event.preventDefault();
  if (next === cell) cell.blur(); // the last cell tells of its change too
  next?.focus();
});

// The server says which fields it could not read; their inputs stay in place, so the mark is set here.
document.addEventListener("htmx:afterSettle", () => {
  const wrong = new Set([...document.querySelectorAll("[data-wrong]")].map((link) => link.dataset.wrong));
  for (const field of form.querySelectorAll(".jl-in")) {
    if (wrong.has(field.name)) field.setAttribute("aria-invalid", "true");
    else field.removeAttribute("aria-invalid");
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-wrong]");
  const field = link && form.elements.namedItem(link.dataset.wrong);
  if (field) { event.preventDefault(); field.focus(); }
});

// Every saving makes a new version of the record. Whoever presses a button while one is under way waits for its answer,
// or the form would be refused as one that was read before a change: the person's own.
let underWay = 0;
let pressed = null;

form?.addEventListener("htmx:beforeRequest", () => { underWay += 1; });
form?.addEventListener("htmx:afterRequest", () => {
  underWay -= 1;
  setTimeout(() => {
    if (underWay || !pressed) return;
    const button = pressed;
    pressed = null;
    form.requestSubmit(button);
  });
});
form?.addEventListener("submit", (event) => {
  if (!underWay) return;
  event.preventDefault();
  pressed = event.submitter;
});
