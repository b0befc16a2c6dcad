// Reviewing: [ and ] go from change to change.

let current = -1;

document.addEventListener("keydown", (event) => {
  if ((event.key !== "[" && event.key !== "]") || event.target.closest("input, textarea, select")) return;
  const changes = [...document.querySelectorAll("[data-change]")];
  if (changes.length === 0) return;
  current = (current + (event.key === "]" ? 1 : -1) + changes.length) % changes.length;
  changes[current].scrollIntoView({ block: "center" });
  changes[current].focus({ preventScroll: true });
});
