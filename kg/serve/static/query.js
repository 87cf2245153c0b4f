"use strict";
(() => {
  const DATA = JSON.parse(document.getElementById("data").textContent);
  const field = (id) => document.getElementById(id);
  const editor = field("sparql"), words = field("words"), result = field("result"), state = field("state");
  const make = (tag, attributes = {}, ...children) => {
    const element = tag === "svg" || make.svg.has(tag) ? document.createElementNS("http://www.w3.org/2000/svg", tag) : document.createElement(tag);
    for (const [key, value] of Object.entries(attributes)) if (value !== undefined) element.setAttribute(key, value);
    element.append(...children);
    return element;
  };
  make.svg = new Set(["svg", "line", "circle", "text", "rect", "polyline", "title", "g"]);
  let question = null, answer = null, shown = "table";

  // --- named questions ---------------------------------------------------------------
  function choose(name) {
    question = DATA.questions.find((item) => item.name === name) || null;
    if (!question) return;
    for (const button of document.querySelectorAll("[data-question]")) button.setAttribute("aria-current", String(button.dataset.question === name));
    field("about").textContent = question.about;
    field("slots").replaceChildren(...question.slots.map((slot) => {
      const input = make("input", { name: slot.name, placeholder: slot.about, size: 24, "data-language": slot.language ? `@${slot.language}` : "" });
      input.addEventListener("input", fill);
      input.addEventListener("keydown", (event) => { if (event.key === "Enter") run(); });
      return make("label", {}, `${slot.title} `, input);
    }));
    fill();
    history.replaceState(null, "", `#q=${encodeURIComponent(name)}`);
  }
  const literal = (text) => `"${text.replace(/[\\"]/g, (letter) => `\\${letter}`).replace(/\n/g, "\\n").replace(/\r/g, "\\r")}"`;
  function fill() {
    let text = question.query.replace(/^#.*\n/gm, "").trim();
    for (const input of field("slots").querySelectorAll("input")) if (input.value.trim())
      text = text.replace(new RegExp(`# if ${input.name}: (.*)$`, "gm"), (_, condition) => condition.replaceAll(`$${input.name}`, () => literal(input.value.trim()) + input.dataset.language));
    editor.value = text;
  }
  for (const button of document.querySelectorAll("[data-question]")) button.addEventListener("click", () => {
    choose(button.dataset.question);
    const needed = question.needs && field("slots").querySelector(`[name="${question.needs}"]`);
    if (needed) { needed.focus(); state.textContent = "请先填写"; } else run();
  });
  field("narrow").addEventListener("input", () => {
    for (const button of document.querySelectorAll("[data-question]")) button.parentElement.hidden = !(button.textContent + button.title).includes(field("narrow").value.trim());
  });

  // --- completion ----------------------------------------------------------------------
  let offers = [], chosen = -1;
  function typed() { return (/[A-Za-z][\w-]*:?[\w-]*$/.exec(editor.value.slice(0, editor.selectionStart)) || [""])[0]; }
  function offer() {
    const start = typed();
    const low = start.toLowerCase();
    // As typed before other cases, whole names before those that only match behind the colon.
    const fit = (word) => (word.startsWith(start) ? 3 : word.toLowerCase().startsWith(low) ? 2 : start.length > 2 && word.split(":")[1].toLowerCase().startsWith(low) ? 1 : 0);
    offers = start.length < 2 ? [] : DATA.words.filter(([word]) => word !== start && fit(word)).sort((a, b) => fit(b[0]) - fit(a[0])).slice(0, 40);
    words.hidden = !offers.length; chosen = offers.length ? 0 : -1;
    words.replaceChildren(...offers.map(([word, about], index) => {
      const row = make("li", { role: "option", id: `word-${index}` }, word, make("small", {}, about));
      row.addEventListener("mousedown", (event) => { event.preventDefault(); insert(index); });
      return row;
    }));
    const before = editor.value.slice(0, editor.selectionStart).split("\n");
    words.style.top = `${Math.min(editor.clientHeight, 12 + before.length * 20.25 - editor.scrollTop)}px`;
    words.style.left = `${Math.min(editor.clientWidth - 200, 10 + before[before.length - 1].length * 8)}px`;
    mark();
  }
  function mark() {
    editor.setAttribute("aria-expanded", String(!words.hidden));
    [...words.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === chosen)));
    if (chosen >= 0) { editor.setAttribute("aria-activedescendant", `word-${chosen}`); words.children[chosen].scrollIntoView({ block: "nearest" }); } else editor.removeAttribute("aria-activedescendant");
  }
  function hide() { words.hidden = true; chosen = -1; mark(); }
  function insert(index) {
    const at = editor.selectionStart, start = at - typed().length;
    editor.setRangeText(offers[index][0] + (offers[index][0].endsWith(":") ? "" : " "), start, at, "end");
    hide(); editor.focus();
  }
  editor.addEventListener("input", offer);
  editor.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== editor) hide(); }, 150));
  editor.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); hide(); run(); return; }
    if (words.hidden) return;
    if (event.key === "ArrowDown") chosen = (chosen + 1) % offers.length;
    else if (event.key === "ArrowUp") chosen = (chosen + offers.length - 1) % offers.length;
    else if (event.key === "Tab" || event.key === "Enter") { insert(Math.max(0, chosen)); event.preventDefault(); return; }
    else if (event.key === "Escape") { hide(); event.stopPropagation(); return; }
    else return;
    event.preventDefault(); mark();
  });

  // --- running ---------------------------------------------------------------------------
  const ACCEPT = { csv: "text/csv, text/turtle;q=0.1", json: "application/sparql-results+json, application/ld+json;q=0.5", ttl: "text/turtle, application/sparql-results+json;q=0.1" };
  const post = (accept) => fetch("/sparql", { method: "POST", headers: { "Content-Type": "application/sparql-query", Accept: accept }, body: editor.value });
  async function run() {
    state.textContent = "查询中…";
    const start = performance.now();
    try {
      const response = await post("application/sparql-results+json, application/n-triples;q=0.9");
      const text = await response.text(), took = ((performance.now() - start) / 1000).toFixed(2);
      if (!response.ok) { answer = null; state.textContent = ""; result.replaceChildren(make("p", { class: "error", role: "alert" }, text)); return; }
      answer = response.headers.get("Content-Type").includes("json") ? JSON.parse(text) : triples(text);
      const count = answer.results ? answer.results.bindings.length : 1;
      state.textContent = `${count} 行，${took} 秒`;
      show();
    } catch (error) { state.textContent = ""; result.replaceChildren(make("p", { class: "error", role: "alert" }, `没有回答：${error.message}`)); }
  }
  /** N-Triples as rows of three columns. */
  function triples(text) {
    const term = (word) => {
      if (word.startsWith("<")) return { type: "uri", value: word.slice(1, -1) };
      if (word.startsWith("_:")) return { type: "bnode", value: word };
      const end = word.lastIndexOf('"'), tail = word.slice(end + 1);
      const value = JSON.parse(`"${word.slice(1, end).replace(/\\U([0-9A-Fa-f]{8})/g, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replace(/\t/g, "\\t")}"`);
      return { type: "literal", value, datatype: tail.startsWith("^^") ? tail.slice(3, -1) : undefined };
    };
    const bindings = text.split("\n").filter((line) => line.trim()).map((line) => {
      const found = /^(<[^>]*>|_:\S+) (<[^>]*>) (.*) \.$/.exec(line.trim());
      return { subject: term(found[1]), predicate: term(found[2]), object: term(found[3]) };
    });
    return { head: { vars: ["subject", "predicate", "object"] }, results: { bindings }, graph: true };
  }
  function show() {
    for (const button of document.querySelectorAll("[data-view]")) button.setAttribute("aria-pressed", String(button.dataset.view === shown));
    if (!answer) return;
    if ("boolean" in answer) { result.replaceChildren(make("p", { class: "lead" }, answer.boolean ? "是" : "否")); return; }
    result.replaceChildren({ table, chart, network }[shown]());
  }
  function nameOf(iri) {
    for (const [name, space] of Object.entries(DATA.prefixes)) if (iri.startsWith(space)) return `${name}:${iri.slice(space.length)}`;
    return iri.startsWith(DATA.base) ? decodeURIComponent(iri.slice(DATA.base.length).replace(/%(?![0-9A-F]{2})/g, "%25")) : iri;
  }
  const pathOf = (iri) => iri.startsWith(DATA.base) ? DATA.prefix + iri.slice(DATA.base.length).split("/").map((part) => encodeURI(part).replace(/%25/g, "%").replace(/[?#]/g, encodeURIComponent)).join("/") : `/resource?iri=${encodeURIComponent(iri)}`;
  function cell(term) {
    if (!term) return make("td", {});
    if (term.type === "uri") return make("td", {}, make("a", { href: pathOf(term.value) }, nameOf(term.value)));
    return make("td", { class: isNumber(term) ? "number" : "" }, term.value);
  }
  const isNumber = (term) => Boolean(term) && term.type === "literal" && /(decimal|integer|double|float|gYear)$/.test(term.datatype || "") && term.value !== "" && !Number.isNaN(Number(term.value));
  function table() {
    const most = 1000, rows = answer.results.bindings, names = answer.head.vars;
    const body = make("tbody", {}, ...rows.slice(0, most).map((row) => make("tr", {}, ...names.map((name) => cell(row[name])))));
    const whole = make("table", { class: "list" }, make("thead", {}, make("tr", {}, ...names.map((name) => make("th", { scope: "col" }, name)))), body);
    return make("div", {}, whole, rows.length > most ? `另有 ${rows.length - most} 行，可下载。` : rows.length ? "" : "没有结果。");
  }
  /** Bars for the first numeric column, named by the first other column. */
  function chart() {
    const rows = answer.results.bindings.slice(0, 60), names = answer.head.vars;
    const value = names.find((name) => rows.some((row) => isNumber(row[name]) && !/gYear$/.test(row[name].datatype)));
    if (!value) return make("p", {}, "没有可以画的数字列。");
    const label = names.find((name) => name !== value && rows.some((row) => row[name] && !isNumber(row[name]))) || names.find((name) => name !== value);
    const numbers = rows.map((row) => (isNumber(row[value]) ? Number(row[value].value) : 0)), low = Math.min(0, ...numbers), high = Math.max(0, ...numbers), span = high - low || 1;
    const line = 24, left = 260, width = 860, x = (number) => left + ((number - low) / span) * (width - left - 110);
    const svg = make("svg", { class: "chart", role: "img", "aria-label": `${value} 的条形图`, viewBox: `0 0 ${width} ${rows.length * line + 10}` });
    svg.style.maxWidth = "100%";
    rows.forEach((row, index) => {
      const y = 6 + index * line, name = label && row[label] ? (row[label].type === "uri" ? nameOf(row[label].value) : row[label].value) : "";
      const text = make("text", { x: left - 8, y: y + 14 }, name.length > 20 ? `${name.slice(0, 19)}…` : name); text.style.textAnchor = "end";
      const end = make("text", { x: x(Math.max(0, numbers[index])) + 6, y: y + 14 }, String(numbers[index])); end.style.textAnchor = "start";
      svg.append(text, make("rect", { class: "bar", x: Math.min(x(0), x(numbers[index])), y, width: Math.max(1, Math.abs(x(numbers[index]) - x(0))), height: 17 }), end);
    });
    return svg;
  }
  /** IRIs (and short labels) of a row joined to one another, placed by springs, always alike. */
  function network() {
    const rows = answer.results.bindings.slice(0, 150), names = answer.head.vars, nodes = new Map(), links = [];
    const add = (term) => { const key = term.value; if (!nodes.has(key)) nodes.set(key, { key, term, x: 0, y: 0 }); return nodes.get(key); };
    const columns = answer.graph ? ["subject", "object"] : names.filter((name) => rows.some((row) => row[name] && (row[name].type === "uri" || (!isNumber(row[name]) && row[name].value.length <= 24)))).slice(0, 2);
    if (columns.length < 2) return make("p", {}, "网络需要两列名称或一张图（CONSTRUCT）。");
    for (const row of rows) if (row[columns[0]] && row[columns[1]]) {
      const one = add(row[columns[0]]), two = add(row[columns[1]]);
      if (one !== two) links.push({ one, two, name: answer.graph ? nameOf(row.predicate.value) : "" });
    }
    const all = [...nodes.values()].slice(0, 150), inside = new Set(all), size = 900;
    all.forEach((node, i) => { const r = 30 * Math.sqrt(i + 0.5), a = i * 2.39996; node.x = Math.cos(a) * r; node.y = Math.sin(a) * r; });
    for (let step = 0; step < 220; step += 1) {
      const heat = 12 * (1 - step / 220) + 0.3;
      for (const node of all) { node.dx = -node.x * 0.02; node.dy = -node.y * 0.03; }
      for (let i = 0; i < all.length; i += 1) for (let j = i + 1; j < all.length; j += 1) {
        const a = all[i], b = all[j], dx = a.x - b.x || 0.01, dy = a.y - b.y || 0.01, push = 2600 / (dx * dx + dy * dy + 20);
        a.dx += dx * push * 0.1; a.dy += dy * push * 0.1; b.dx -= dx * push * 0.1; b.dy -= dy * push * 0.1;
      }
      for (const { one, two } of links) if (inside.has(one) && inside.has(two)) {
        const dx = two.x - one.x, dy = two.y - one.y, length = Math.hypot(dx, dy) || 1, pull = ((length - 70) / length) * 0.08;
        one.dx += dx * pull; one.dy += dy * pull; two.dx -= dx * pull; two.dy -= dy * pull;
      }
      for (const node of all) { const length = Math.hypot(node.dx, node.dy) || 1, move = Math.min(heat, length) / length; node.x += node.dx * move; node.y += node.dy * move; }
    }
    const xs = all.map((node) => node.x), ys = all.map((node) => node.y), left = Math.min(...xs) - 60, top = Math.min(...ys) - 30, w = Math.max(...xs) - left + 120, h = Math.max(...ys) - top + 40;
    const svg = make("svg", { class: "network", role: "img", "aria-label": `${all.length} 个节点的网络`, viewBox: `${left} ${top} ${Math.max(w, 300)} ${Math.max(h, 200)}` });
    svg.style.maxHeight = `${size}px`;
    for (const { one, two, name } of links) if (inside.has(one) && inside.has(two)) svg.append(make("line", { class: "link", stroke: "#a9b2be", x1: one.x, y1: one.y, x2: two.x, y2: two.y }, make("title", {}, name)));
    const boxes = [];
    for (const node of all) {
      const text = node.term.type === "uri" ? nameOf(node.term.value).split("/").pop() : node.term.value, short = text.length > 14 ? `${text.slice(0, 13)}…` : text;
      svg.append(make("circle", { cx: node.x, cy: node.y, r: 5, fill: node.term.type === "uri" ? "#0072b2" : "#009e73" }, make("title", {}, text)));
      const box = [node.x + 8, node.y - 8, node.x + 10 + short.length * 12, node.y + 6];
      if (boxes.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3])) continue;
      boxes.push(box);
      svg.append(make("text", { x: node.x + 8, y: node.y + 4 }, short));
    }
    return svg;
  }
  field("run").addEventListener("click", run);
  for (const button of document.querySelectorAll("[data-view]")) button.addEventListener("click", () => { shown = button.dataset.view; show(); });
  for (const button of document.querySelectorAll("[data-save]")) button.addEventListener("click", async () => {
    const form = button.dataset.save, response = await post(ACCEPT[form]);
    if (!response.ok) { result.replaceChildren(make("p", { class: "error", role: "alert" }, await response.text())); return; }
    const link = make("a", { href: URL.createObjectURL(await response.blob()), download: `${question ? question.name : "结果"}.${form}` });
    document.body.append(link); link.click(); link.remove();
  });
  const asked = /^#q=(.+)$/.exec(location.hash);
  if (asked) { choose(decodeURIComponent(asked[1])); if (question && !question.needs) run(); }
})();
