// The size of the text in the notes: kept in memory until functionality is granted, then in local storage.

import init, { consent } from "/consent/assets/consent.js";

const KEY = "reading-size";
const sizes = document.querySelector(".sizes");

function show(size) {
  document.documentElement.dataset.readingSize = size;
  for (const button of sizes.querySelectorAll("button")) {
    button.setAttribute("aria-pressed", String(button.dataset.readingSize === size));
  }
}

if (sizes) {
  await init();
  const remembered = () => show(consent.preferences.get(KEY) ?? "medium");
  remembered();
  consent.onChange(remembered);
  sizes.addEventListener("click", ({ target }) => {
    const size = target.dataset?.readingSize;
    if (size) {
      consent.preferences.set(KEY, size);
      show(size);
    }
  });
  sizes.hidden = false;
}
