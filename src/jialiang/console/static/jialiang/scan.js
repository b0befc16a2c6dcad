// The live camera where the browser reads codes itself. Photograph and typed code need no script.

const live = document.querySelector("[data-scan-live]");
const typed = document.querySelector("[data-scan-typed]");
const photograph = document.querySelector("[data-scan-photograph]");
const video = live?.querySelector("video");
const status = live?.querySelector("[data-scan-status]");
const start = live?.querySelector("[data-scan-start]");
const stop = live?.querySelector("[data-scan-stop]");
const PAUSE = 150;
const WANTED = ["qr_code", "data_matrix", "code_128", "code_39", "ean_13", "ean_8", "itf", "aztec", "pdf417"];
let stream = null;
let turn = 0;

function release() {
  turn += 1;
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  video.srcObject = null;
  video.hidden = stop.hidden = true;
  start.hidden = false;
}

function reason(problem) {
  if (["NotAllowedError", "SecurityError"].includes(problem.name)) return status.dataset.refused;
  return problem.name === "NotReadableError" ? status.dataset.busy : status.dataset.absent;
}

async function detector() {
  const known = await BarcodeDetector.getSupportedFormats();
  const formats = WANTED.filter((format) => known.includes(format));
  return formats.length ? new BarcodeDetector({ formats }) : null;
}

async function look(reader, mine) {
  while (mine === turn) {
    const found = await reader.detect(video).catch(() => []);
    if (mine !== turn) return;
    const text = found.map((code) => code.rawValue).find((value) => value.trim());
    if (text) {
      release();
      typed.elements.text.value = text;
      typed.requestSubmit();
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
}

async function begin(reader) {
  const mine = ++turn;
  start.hidden = true;
  stop.hidden = false;
  try {
    const opened = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" }, audio: false });
    if (mine !== turn) return opened.getTracks().forEach((track) => track.stop());
    stream = opened;
    video.srcObject = opened;
    video.hidden = false;
    status.textContent = status.dataset.looking;
    await video.play();
    await look(reader, mine);
  } catch (problem) {
    if (mine !== turn) return;
    release();
    status.textContent = reason(problem);
  }
}

if (live && "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  const reader = await detector().catch(() => null);
  if (reader) {
    live.hidden = false;
    start.addEventListener("click", () => begin(reader));
    stop.addEventListener("click", () => { release(); status.textContent = ""; });
    window.addEventListener("pagehide", release);
    document.addEventListener("visibilitychange", () => { if (document.hidden && stream) release(); });
  }
}

photograph?.elements.photograph.addEventListener("change", (event) => {
  if (event.target.files.length) photograph.requestSubmit();
});
