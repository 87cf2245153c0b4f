"use strict";
// Shows or hides the marks of a kind of name.
for (const button of document.querySelectorAll("#legend button")) button.addEventListener("click", () => {
  const shown = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", String(shown));
  for (const name of document.querySelectorAll(`#text .name.k-${button.dataset.kind}`)) name.classList.toggle("off", !shown);
});
