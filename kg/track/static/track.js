"use strict";
(() => {
  const rows = [...document.querySelectorAll("tr[data-name]")];
  const search = document.getElementById("search");
  const headline = document.getElementById("headline");
  const chips = [...document.querySelectorAll("button.chip")];
  let touched = false;
  const turn = chip => {
    chip.classList.toggle("off");
    chip.setAttribute("aria-pressed", String(!chip.classList.contains("off")));
  };
  const show = () => {
    const words = search.value.trim().toLowerCase();
    const off = new Set(chips.filter(c => c.classList.contains("off")).map(c => c.dataset.verdict));
    for (const row of rows) {
      const named = !words || row.dataset.name.toLowerCase().includes(words);
      const judged = !off.has(row.dataset.verdict) || row.dataset.headline === "1" && !touched;
      const main = !headline.checked || row.dataset.headline !== "0";
      row.hidden = !(named && judged && main);
    }
  };
  for (const chip of chips) {
    chip.addEventListener("click", () => {
      touched = true;
      turn(chip);
      show();
    });
  }
  search.addEventListener("input", show);
  headline.addEventListener("change", show);
  // At first only the main targets are shown where the newer report says nothing.
  chips.filter(chip => chip.dataset.verdict === "not-reported").forEach(turn);
  show();
})();
