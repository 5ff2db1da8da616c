// Runs only where functionality is granted. A classic script, so that both sorts are gated somewhere on this site.
(() => {
  const KEY = "visits";
  const DAY = new Date().toISOString().slice(0, 10);
  const tile = document.getElementById("visits");
  const texts = {
    en: ["day on which this browser was here", "days on which this browser was here"],
    de: ["Tag, an dem dieser Browser hier war", "Tage, an denen dieser Browser hier war"],
  };

  function read() {
    try {
      const [count, day] = (localStorage.getItem(KEY) ?? "0 ").split(" ");
      return { count: Number.parseInt(count, 10) || 0, day };
    } catch {
      return { count: 0, day: "" };
    }
  }

  function write(count) {
    try {
      localStorage.setItem(KEY, `${count} ${DAY}`);
    } catch {
      // Full or blocked: then the count is of today only.
    }
  }

  const { count, day } = read();
  const days = day === DAY ? count : count + 1;
  write(days);

  const number = document.createElement("span");
  number.className = "number";
  number.textContent = String(days);
  const [one, several] = texts[document.documentElement.lang] ?? texts.en;
  tile.replaceChildren(number, days === 1 ? one : several);
  tile.dataset.awake = "";
})();
