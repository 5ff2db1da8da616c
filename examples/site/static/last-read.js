// Runs only where functionality is granted: remembers the note on this page, or links to the one read last.

const KEY = "last-read";
const texts = { en: "Read last: ", de: "Zuletzt gelesen: " };
const nothing = {
  en: "No note read yet. The next one you open will be linked here.",
  de: "Noch keine Notiz gelesen. Die nächste, die Sie öffnen, ist dann hier verlinkt.",
};

const note = document.querySelector("[data-note]");
const tile = document.getElementById("last-read");

if (note) {
  try {
    localStorage.setItem(KEY, location.pathname);
  } catch {
    // Full or blocked: then there is no link.
  }
}

if (tile) {
  const { lang } = document.documentElement;
  tile.replaceChildren(link() ?? nothing[lang] ?? nothing.en);
  tile.dataset.awake = "";

  function link() {
    let path = null;
    try {
      path = localStorage.getItem(KEY);
    } catch {
      return null;
    }
    // Whatever else is in there is no address of a note.
    if (!/^\/notes\/[a-z-]+$/.test(path ?? "")) return null;
    const line = document.createElement("span");
    const anchor = document.createElement("a");
    anchor.href = path;
    anchor.textContent = path.slice("/notes/".length).replaceAll("-", " ");
    line.append(texts[lang] ?? texts.en, anchor);
    return line;
  }
}
