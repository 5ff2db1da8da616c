// What the pages do with the visitor's decision while they are open.

import init, { consent } from "/consent/assets/consent.js";

const SIZE = "reading-size";
const sizes = document.querySelector(".sizes");

// The preference store keeps this in memory until functionality is granted, then in local storage.
function showSize(size) {
  document.documentElement.dataset.readingSize = size;
  for (const button of sizes.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.readingSize === size));
  }
}

function show() {
  const allowed = consent.allows("functionality");
  for (const element of document.querySelectorAll("[data-if]")) {
    element.hidden = (element.dataset.if === "allowed") !== allowed;
  }
  if (sizes) showSize(consent.preferences.get(SIZE) ?? "medium");
}

await init();
show();
consent.onChange(show);

if (sizes) {
  sizes.addEventListener("click", ({ target }) => {
    const size = target.dataset?.readingSize;
    if (size) {
      consent.preferences.set(SIZE, size);
      showSize(size);
    }
  });
  sizes.hidden = false;
}
