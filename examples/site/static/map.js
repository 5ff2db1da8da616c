// Zooming, and remembering how far. This page is loaded where functionality is granted; opened by itself without that,
// the write below does not happen.

const KEY = "map-zoom";
const MOST = 3;
const map = document.getElementById("map");
const buttons = document.querySelector("main div[hidden]");
let zoom = read();

function read() {
  try {
    const zoom = Number.parseInt(localStorage.getItem(KEY) ?? "0", 10);
    return zoom >= 0 && zoom <= MOST ? zoom : 0;
  } catch {
    return 0;
  }
}

function show() {
  const width = 640 / 1.5 ** zoom;
  const height = width * 0.625;
  // The pin stays where it is.
  map.setAttribute("viewBox", `${215 - (215 / 640) * width} ${140 - (140 / 400) * height} ${width} ${height}`);
}

buttons.addEventListener("click", ({ target }) => {
  const step = target.dataset.zoom === "in" ? 1 : -1;
  zoom = Math.min(MOST, Math.max(0, zoom + step));
  show();
  try {
    localStorage.setItem(KEY, String(zoom));
  } catch {
    // Refused, full or blocked: then the next look begins from afar.
  }
});

show();
buttons.hidden = false;
