"use strict";
// The search box that answers while one types; without a script it is a plain form.
(() => {
  const box = document.querySelector(".find input"), list = document.getElementById("found");
  if (!box) return;
  const kinds = { Project: "项目", Place: "地区", Zone: "功能区", Institution: "机构", Policy: "政策", Event: "活动", Person: "人物", Honour: "荣誉" };
  let rows = [], chosen = -1, asked = 0;
  function mark() {
    box.setAttribute("aria-expanded", String(!list.hidden));
    [...list.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === chosen)));
    if (chosen >= 0) { box.setAttribute("aria-activedescendant", `found-${chosen}`); list.children[chosen].scrollIntoView({ block: "nearest" }); } else box.removeAttribute("aria-activedescendant");
  }
  function close() { list.hidden = true; chosen = -1; mark(); }
  async function ask() {
    const typed = box.value.trim(), number = ++asked;
    if (!typed) { close(); return; }
    const response = await fetch(`/search.json?q=${encodeURIComponent(typed)}`);
    if (number !== asked || !response.ok) return;
    rows = await response.json();
    list.replaceChildren(...rows.map((row, index) => {
      const line = document.createElement("li"), kind = document.createElement("span"), side = document.createElement("small");
      line.id = `found-${index}`; line.setAttribute("role", "option");
      kind.className = `kind k-${row.kind}`; side.textContent = kinds[row.kind] || row.kind;
      line.append(kind, row.name, side);
      line.addEventListener("mousedown", (event) => { event.preventDefault(); location.href = row.path; });
      return line;
    }));
    list.hidden = !rows.length; chosen = -1; mark();
  }
  box.addEventListener("input", ask);
  box.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== box) close(); }, 150));
  box.addEventListener("keydown", (event) => {
    if (event.key === "Escape") close();
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      if (list.hidden) return;
      if (event.key === "ArrowDown") chosen = (chosen + 1) % rows.length;
      else chosen = chosen <= 0 ? rows.length - 1 : chosen - 1;
      event.preventDefault(); mark();
    } else if (event.key === "Enter" && chosen >= 0) { event.preventDefault(); location.href = rows[chosen].path; }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && !/^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) { event.preventDefault(); box.focus(); box.select(); }
  });
})();
