// The page's own script: it stores through the preference store, which asks the policy.
import init, { consent } from "/consent/assets/consent.js";

const show = () => {
  const size = consent.preferences.get("text-size");
  if (size) document.body.dataset.size = size;
  else delete document.body.dataset.size;
  const status = document.querySelector("#size");
  if (!status) return;
  const kept = consent.allows("functionality") ? " It is remembered." : " It is forgotten with this page.";
  status.textContent = size ? `The text is ${size}.${kept}` : "";
};

for (const button of document.querySelectorAll("[data-size]")) {
  button.addEventListener("click", () => {
    consent.preferences.set("text-size", button.dataset.size);
    show();
  });
}

await init();
consent.onChange(show);
show();

// What a tracker would do. The policy declares neither, so the guard lets neither happen.
document.cookie = "_tracker=1; Max-Age=63072000";
localStorage.setItem("_tracker", "1");
