// Dropping files anywhere on the place for them; without this the file button does the same.

const place = document.querySelector("[data-drop]");
const input = place?.querySelector('input[type="file"]');

function over(event) {
  if (![...(event.dataTransfer?.types ?? [])].includes("Files")) return;
  event.preventDefault();
  place.classList.toggle("is-over", event.type !== "dragleave");
}

if (place && input) {
  place.addEventListener("dragenter", over);
  place.addEventListener("dragover", over);
  place.addEventListener("dragleave", over);
  place.addEventListener("drop", (event) => {
    event.preventDefault();
    place.classList.remove("is-over");
    if (!event.dataTransfer.files.length) return;
    input.files = event.dataTransfer.files;
    place.closest("form").requestSubmit(place.querySelector("button"));
  });
}
