// The side panel: what is known of a thing, always with the words of the report.
const panel = document.getElementById("panel");

/** An element with attributes and children; text is always text, never markup. */
function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "onclick") element.addEventListener("click", value);
    else if (value === true) element.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(key, value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

function glyph(kind, planned = false) {
  const space = "http://www.w3.org/2000/svg", svg = document.createElementNS(space, "svg"), path = document.createElementNS(space, "path");
  const pen = new SvgPath();
  shapePath(pen, kind.shape, 8, 8, 5.2);
  path.setAttribute("d", pen.d);
  path.setAttribute("fill", planned ? "#fff" : kind.colour);
  path.setAttribute("stroke", kind.id === "Honour" ? "#8a7d00" : kind.colour);
  path.setAttribute("stroke-width", planned ? "2" : "1");
  svg.setAttribute("viewBox", "0 0 16 16"); svg.setAttribute("class", "glyph"); svg.setAttribute("aria-hidden", "true");
  svg.append(path);
  return svg;
}
const nameButton = (node) => make("button", { type: "button", class: "name", onclick: () => choose(node) }, node.name);

function quote([place, start, end]) {
  const [report, paragraph, , text] = DATA.sentences[place];
  // Offsets count code points, as in the texts.
  const letters = [...text], from = Math.max(0, start), to = Math.max(from, end);
  const source = DATA.reports.length > 1 && DATA.reports[report] ? `${DATA.reports[report].stem} ` : "";
  const whole = from === 0 && to >= letters.length;
  return make("blockquote", {}, ...(whole ? [text] : [letters.slice(0, from).join(""), make("mark", {}, letters.slice(from, to).join("")), letters.slice(to).join("")]),
    make("cite", {}, `${source}第 ${paragraph} 段`));
}

/** A figure as a reader writes it: 110300000000 元 → 1103 亿元. */
function figure(fact) {
  const write = (value) => {
    const size = Math.abs(value);
    if (fact.unit !== "%" && size >= 1e8) return `${trim(value / 1e8)}亿`;
    if (fact.unit !== "%" && size >= 1e5) return `${trim(value / 1e4)}万`;
    return trim(value);
  };
  const measure = DATA.measures[fact.measure].id;
  if (measure === "rank") return `第 ${fact.value}${fact.scope ? `（${fact.scope}）` : ""}`;
  const sign = (measure === "growth" || measure === "change") && fact.value > 0 ? "+" : "";
  const span = fact.upper === null ? write(fact.value) : `${write(fact.value)}–${write(fact.upper)}`;
  const bound = DATA.bounds[fact.bound] || "";
  const unit = fact.unit === "1" ? "" : fact.unit;
  return fact.bound === "approx" ? `${bound}${sign}${span}${unit}` : `${sign}${span}${unit}${bound}`;
}
const trim = (value) => String(Math.round(value * 1000) / 1000);
const tag = (text) => make("span", { class: "tag" }, text);

function showPanel(node) {
  const kind = DATA.kinds[node.kind];
  panel.replaceChildren(
    make("button", { type: "button", class: "close", "aria-label": "关闭详情", onclick: closePanel }, "×"),
    make("h2", {}, node.name),
    make("p", { class: "sub" }, make("span", { class: "kind" }, glyph(kind, node.planned), kind.label), ` · 提到 ${node.mentions} 次`),
    node.others.length ? make("p", { class: "sub" }, `又称：${node.others.join("、")}`) : "",
    tools(node), ...lifeCycle(node), ...relations(node), ...figures(node), ...mentions(node),
    make("p", { class: "sub" }, `IRI：${node.iri}`),
  );
  openPanel();
}
function openPanel() { panel.hidden = false; panel.scrollTop = 0; }
function closePanel() { panel.hidden = true; view.node = view.mode === "focus" ? view.node : null; refresh(false); canvas.focus(); }

function tools(node) {
  const depth = (steps) => make("button", { type: "button", "aria-pressed": String(view.mode === "focus" && view.node === node && view.depth === steps), onclick: () => focusOn(node, steps) }, steps === 1 ? "聚焦" : `${steps} 步`);
  const start = view.ends[0];
  return make("div", { class: "tools" }, depth(1), depth(2), depth(3),
    start && start !== node ? make("button", { type: "button", onclick: () => showPath(start, node) }, `从“${shorten(start.name, 8)}”到此的路径`)
      : make("button", { type: "button", "aria-pressed": String(start === node), onclick: () => { view.ends = start === node ? [null, null] : [node, null]; showPanel(node); note(); draw(); } }, start === node ? "已定为起点：再选一个终点" : "找路径：以此为起点"));
}

function lifeCycle(node) {
  if (!node.milestones.length) return [];
  return [make("h3", {}, "进展"), make("ol", { class: "life" }, ...node.milestones.map((fact) => make("li", { class: fact.status === TARGET ? "target" : "" },
    make("b", {}, DATA.stages[fact.stage].label), tag(fact.period || "时间不详"), tag(fact.status === TARGET ? "计划" : "已实现"),
    fact.progress === null ? "" : tag(`完成 ${fact.progress}%`), ...fact.quotes.slice(0, 2).map(quote)))), few(node.milestones)];
}
/** Says so where a large graph gives only the latest facts of a thing. */
const few = (facts) => (DATA.few && facts.length >= DATA.few ? make("p", { class: "sub" }, `只列最近的 ${DATA.few} 条。`) : "");

function relations(node) {
  const near = node.near.map((link) => otherEnd(link, node)), rows = node.links.map((link) => {
    const label = DATA.predicates[link.predicate].label, own = make("b", {}, node.name.length > 8 ? "此" : node.name);
    const words = link.source === node ? [own, ` ${label} `, nameButton(link.target)] : [nameButton(link.source), ` ${label} `, own];
    return make("li", {}, ...words, ...link.quotes.slice(0, 1).map(quote));
  });
  const parts = [];
  if (rows.length) parts.push(make("h3", {}, `关系（${rows.length}）`), make("ul", { class: "links" }, ...rows));
  if (near.length) parts.push(make("h3", {}, "紧邻提及"), make("ul", { class: "links" }, ...near.map((other) => make("li", {}, nameButton(other), tag(DATA.kinds[other.kind].label)))));
  return parts;
}

function figures(node) {
  if (!node.observations.length) return [];
  const rows = node.observations.slice().sort((a, b) => a.indicator.localeCompare(b.indicator, "zh") || a.period.localeCompare(b.period));
  const most = 200, body = make("tbody", {}, ...rows.slice(0, most).map((fact) => make("tr", {}, make("td", {}, fact.indicator, DATA.measures[fact.measure].id === "level" ? "" : tag(DATA.measures[fact.measure].label)),
    make("td", { class: "figure" }, figure(fact)), make("td", {}, fact.period, fact.status === TARGET ? tag("计划") : ""))));
  return [make("h3", {}, `指标（${rows.length}）`), make("table", {}, make("thead", {}, make("tr", {}, make("th", {}, "指标"), make("th", {}, "数值"), make("th", {}, "时期"))), body),
    rows.length > most ? make("p", { class: "sub" }, `另有 ${rows.length - most} 条`) : few(rows)];
}

function mentions(node) {
  const seen = new Set(), rows = [];
  for (const item of node.quotes) if (!seen.has(item[0])) { seen.add(item[0]); rows.push(quote(item)); }
  return rows.length ? [make("h3", {}, "原文"), ...rows] : [];
}

function showCommunityPanel(part) {
  const members = part.members.filter(passes);
  panel.replaceChildren(
    make("button", { type: "button", class: "close", "aria-label": "关闭详情", onclick: () => chooseCommunity(-1) }, "×"),
    make("h2", {}, part.name), make("p", { class: "sub" }, `群组 · ${members.length} 个名称`),
    make("ul", { class: "links" }, ...members.slice(0, 300).map((node) => make("li", {}, glyph(DATA.kinds[node.kind], node.planned), " ", nameButton(node)))),
  );
  openPanel();
}

function showPathPanel() {
  const [start, end] = view.ends, rows = [];
  if (view.path) view.path.links.forEach((link, i) => {
    const from = view.path.nodes[i], to = view.path.nodes[i + 1];
    const words = link.stated ? [nameButton(link.source), ` ${DATA.predicates[link.predicate].label} `, nameButton(link.target)] : [nameButton(from), " 与 ", nameButton(to), " 在同段相邻提及"];
    rows.push(make("li", {}, ...words, ...link.quotes.slice(0, 1).map(quote)));
  });
  panel.replaceChildren(make("button", { type: "button", class: "close", "aria-label": "关闭路径", onclick: goHome }, "×"),
    make("h2", {}, "路径"), make("p", { class: "sub" }, `${start.name} → ${end.name}`),
    view.path ? make("ol", { class: "links" }, ...rows) : make("p", {}, "两者之间没有相连的路径。"));
  openPanel();
}
