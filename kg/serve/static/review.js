"use strict";
// Decisions on names: click a marked name, or select words that were missed.
(() => {
  const text = document.getElementById("text"), desk = document.getElementById("review");
  if (!text || !desk) return;
  const KINDS = { Project: "项目", Place: "地区", Zone: "功能区", Institution: "机构", Policy: "政策", Event: "活动", Person: "人物", Honour: "荣誉" };
  const VERDICTS = { accept: "已确认", reject: "已否定", retype: "已改类", respan: "已改边界", add: "已补充", join: "已合并", part: "已分开" };
  const report = text.dataset.report;
  let known = [], current = null;
  const letters = (word) => [...word].length;
  const make = (tag, attributes = {}, ...children) => {
    const element = document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) if (key.startsWith("on")) element.addEventListener(key.slice(2), value); else if (value !== undefined) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  async function send(method, decision) {
    const response = await fetch("/review/decisions", { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify({ ...decision, report }) });
    if (!response.ok) { tell(`没有记下：${(await response.text()).replace(/<[^>]*>/g, " ").trim().slice(0, 200)}`); return; }
    await load();
    open(current);
  }
  async function load() {
    const response = await fetch(`/review/decisions?report=${encodeURIComponent(report)}`);
    if (!response.ok) { tell("请用启动时打印的带令牌的地址打开。"); return; }
    known = await response.json();
    for (const name of text.querySelectorAll(".name")) {
      const found = on(place(name));
      if (found.length) name.dataset.verdict = found[0].verdict; else delete name.dataset.verdict;
    }
  }
  const place = (name) => ({ paragraph: Number(name.closest(".paragraph").dataset.number), start: Number(name.dataset.start), end: Number(name.dataset.end), text: name.textContent, kind: name.dataset.kind });
  const on = (one) => known.filter((item) => item.paragraph === one.paragraph && (item.verdict === "respan" ? item.other === `${one.start}-${one.end}` || (item.start === one.start && item.end === one.end) : item.start === one.start && item.end === one.end));
  function tell(words) { desk.hidden = false; desk.replaceChildren(close(), make("p", { role: "alert" }, words)); }
  const close = () => make("button", { type: "button", class: "close", "aria-label": "关闭", onclick: () => { desk.hidden = true; } }, "×");

  /** The words of a paragraph between two code points. */
  function words(number, start, end) {
    return [...document.querySelector(`#p${number} p`).textContent].slice(start, end).join("");
  }
  function open(one) {
    current = one;
    if (!one) return;
    const found = on(one), missed = one.missed === true, status = make("p", { role: "status" });
    const kinds = make("select", { "aria-label": "类别" }, ...Object.entries(KINDS).map(([id, label]) => { const option = make("option", { value: id }, label); option.selected = id === one.kind; return option; }));
    const from = make("input", { type: "number", value: one.start, min: 0, "aria-label": "起", size: 5 }), to = make("input", { type: "number", value: one.end, min: 1, "aria-label": "止", size: 5 }), shown = make("span", {}, one.text);
    const preview = () => { shown.textContent = words(one.paragraph, Number(from.value), Number(to.value)); };
    from.addEventListener("input", preview); to.addEventListener("input", preview);
    const other = make("input", { placeholder: "另一个名称", "aria-label": "另一个名称" }), remark = make("input", { placeholder: "备注（可不填）", "aria-label": "备注" });
    const act = (verdict, more = {}) => () => send("POST", { paragraph: one.paragraph, start: one.start, end: one.end, kind: one.kind, verdict, note: remark.value, ...more });
    const button = (label, click) => make("button", { type: "button", onclick: click }, label);
    desk.hidden = false;
    desk.replaceChildren(close(), make("h2", {}, one.text), status, remark,
      ...(missed ? [make("div", { class: "row" }, kinds, button("补上这个名称", () => send("POST", { paragraph: one.paragraph, start: one.start, end: one.end, kind: kinds.value, verdict: "add", note: remark.value })))]
        : [make("div", { class: "row" }, button("确认", act("accept")), button("否定", act("reject"))),
          make("div", { class: "row" }, kinds, button("改类", () => send("POST", { paragraph: one.paragraph, start: one.start, end: one.end, kind: kinds.value, verdict: "retype", other: one.kind, note: remark.value }))),
          make("div", { class: "row" }, from, "–", to, button("改边界", () => send("POST", { paragraph: one.paragraph, start: Number(from.value), end: Number(to.value), kind: kinds.value, verdict: "respan", other: `${one.start}-${one.end}`, note: remark.value })), shown),
          make("div", { class: "row" }, other, button("合并", () => act("join", { other: other.value })()), button("分开", () => act("part", { other: other.value })()))]),
      ...found.map((item) => make("div", { class: "row" }, make("span", { class: "tag" }, `${VERDICTS[item.verdict]} ${item.date}`), item.verdict === "join" || item.verdict === "part" ? item.other : item.text,
        button("撤回", () => send("DELETE", item)))));
  }
  text.addEventListener("click", (event) => { const name = event.target.closest(".name"); if (name && getSelection().isCollapsed) open(place(name)); });
  text.addEventListener("keydown", (event) => { const name = event.target.closest(".name"); if (name && (event.key === "Enter" || event.key === " ")) { event.preventDefault(); open(place(name)); desk.querySelector("button:not(.close)").focus(); } });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") desk.hidden = true; });
  document.addEventListener("mouseup", (event) => {
    if (desk.contains(event.target)) return;
    const selection = getSelection();
    if (selection.isCollapsed || !selection.rangeCount) return;
    const range = selection.getRangeAt(0), holder = range.startContainer.parentElement.closest(".paragraph");
    if (!holder || !text.contains(holder) || holder !== range.endContainer.parentElement.closest(".paragraph")) return;
    const line = holder.querySelector("p"), before = document.createRange();
    if (!line.contains(range.startContainer) || !line.contains(range.endContainer)) return;
    before.setStart(line, 0); before.setEnd(range.startContainer, range.startOffset);
    const start = letters(before.toString()), word = range.toString();
    if (word.trim()) open({ paragraph: Number(holder.dataset.number), start, end: start + letters(word), text: word, kind: "Project", missed: true });
  });
  load();
})();
