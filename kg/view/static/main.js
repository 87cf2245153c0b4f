// The controls, the address, and the moves between views.
const field = (id) => document.getElementById(id);
const say = (text) => { field("note").textContent = text; };

function note() {
  const count = scene.nodes.length, part = DATA.total > NODES.length && !DATA.focus ? `图中是 ${DATA.total} 个名称里讲得最多的 ${NODES.length} 个；其余可用 kg view --focus 名称 查看。` : "";
  if (view.mode === "focus") say(`以“${view.node.name}”为中心，${view.depth} 步以内 ${count} 个名称${scene.omitted ? `（另有 ${scene.omitted} 个未画）` : ""}。实线：报告说明的关系；虚线：紧邻提及。`);
  else if (view.mode === "path") say(view.path ? `两者之间最短的路径，共 ${view.path.links.length} 步。` : "两者之间没有相连的路径。");
  else if (view.ends[0]) say(`起点“${view.ends[0].name}”。再点一个名称，在详情中查看路径。`);
  else if (!count) say("没有名称符合当前筛选。");
  else say(`${count} 个名称，${COMMUNITIES.length} 个群组；空心为计划中的项目。点名称看详情，点群组放大。${part}`);
}

function refresh(refit = true) {
  const tall = resize();
  buildScene(tall);
  note();
  if (refit) fit();
  marks();
  writeHash();
  draw();
}
function choose(node) {
  view.node = node;
  if (view.mode === "focus") { focusOn(node, view.depth); return; }
  if (view.mode === "path") { showPanel(node); draw(); return; }
  const hidden = panel.hidden;
  showPanel(node);
  if (hidden) { const tall = resize(); if (tall !== scene.tall) buildScene(tall); }
  bringIn(node);
  writeHash();
  draw();
}
/** Move the picture only when the thing would be off it or under the panel. */
function bringIn(node) {
  const [x, y] = toScreen(node.x, node.y), below = sheet(), bottom = camera.height - below;
  if (x > 60 && x < camera.width - 60 && y > 60 && y < bottom - 40 && camera.k >= 0.5) return;
  camera.k = Math.max(camera.k, 0.9);
  camera.x = node.x; camera.y = node.y + below / 2 / camera.k;
}
function focusOn(node, depth) { Object.assign(view, { mode: "focus", node, depth, community: -1 }); showPanel(node); refresh(); }
function showPath(start, end) {
  Object.assign(view, { mode: "path", node: null, ends: [start, end], path: pathBetween(start, end), community: -1 });
  showPathPanel(); refresh();
}
function chooseCommunity(id) {
  if (view.mode !== "overview") { if (id < 0) return; Object.assign(view, { mode: "overview", ends: [null, null], path: null }); }
  if (id < 0 && view.community < 0) { if (!panel.hidden) { panel.hidden = true; view.node = null; refresh(false); } return; }
  Object.assign(view, { community: id, node: null });
  if (id < 0) panel.hidden = true; else showCommunityPanel(COMMUNITIES[id]);
  refresh();
}
function goHome() { Object.assign(view, { mode: "overview", node: null, community: -1, path: null, ends: [null, null] }); panel.hidden = true; refresh(); }

// --- filters --------------------------------------------------------------------------
function buildFilters() {
  DATA.kinds.forEach((kind, index) => {
    const count = NODES.filter((node) => node.kind === index).length;
    if (!count) return;
    field("kinds").append(make("button", { type: "button", "aria-pressed": "true", "data-kind": index, title: "单击显示或隐藏，双击只看此类", onclick: () => { toggle(filter.kinds, index); filtered(); } },
      glyph(kind), kind.label, make("small", {}, String(count))));
  });
  field("kinds").addEventListener("dblclick", (event) => {
    const button = event.target.closest("button");
    if (button) { filter.kinds = new Set([Number(button.dataset.kind)]); filtered(); }
  });
  [["全部", -1], ...DATA.statuses.map((status, index) => [status.label, index])].forEach(([label, value]) => {
    const input = make("input", { type: "radio", name: "status", value, checked: value === filter.status });
    input.addEventListener("change", () => { filter.status = value; filtered(); });
    field("statuses").append(make("label", {}, input, label));
  });
  DATA.stages.forEach((stage, index) => {
    const count = NODES.filter((node) => node.milestones.some((fact) => fact.stage === index)).length;
    if (!count) return;
    const input = make("input", { type: "checkbox", value: index });
    input.addEventListener("change", () => { toggle(filter.stages, index); filtered(); });
    field("stages").append(make("label", {}, input, stage.label, make("small", {}, String(count))));
  });
  [["报告说明的关系", "stated", LINKS.length], ["紧邻提及", "near", NEAR.length]].forEach(([label, key, count]) => {
    const input = make("input", { type: "checkbox", name: key, checked: true });
    input.addEventListener("change", () => { filter[key] = input.checked; filtered(); });
    field("lines").append(make("label", {}, input, label, make("small", {}, String(count))));
  });
  for (const part of COMMUNITIES) field("communities").append(make("button", { type: "button", "data-community": part.id,
    onclick: () => { field("filters").classList.remove("open"); chooseCommunity(part.id); } }, part.name, make("small", {}, String(part.members.length))));
  buildTimeline();
}
const toggle = (set, value) => (set.has(value) ? set.delete(value) : set.add(value));
function filtered() { refresh(view.mode !== "overview"); if (view.community >= 0) showCommunityPanel(COMMUNITIES[view.community]); }

function buildTimeline() {
  const { first, last, counts } = YEARS;
  if (!first || first === last) { field("timeline").hidden = true; return; }
  const most = Math.max(1, ...[...counts.values()].map(([done, planned]) => done + planned)), height = (value) => (value ? Math.max(2, Math.sqrt(value / most) * 34) : 0);
  const every = Math.ceil((last - first + 1) / (window.innerWidth < 760 ? 6 : 16));
  for (let year = first; year <= last; year += 1) {
    const [done, planned] = counts.get(year) || [0, 0], bar = make("div", { "data-year": year, title: `${year} 年：已实现 ${done}，计划 ${planned}` });
    const total = height(done + planned), low = done + planned ? (total * done) / (done + planned) : 0;
    [["", low, 0], ["plan", total - low, low]].forEach(([kind, size, from]) => { if (size > 0.5) { const part = make("i", { class: kind }); part.style.height = `${size}px`; part.style.bottom = `${from}px`; bar.append(part); } });
    if ((last - year) % every === 0) bar.append(make("span", {}, String(year)));
    field("bars").append(bar);
  }
  for (const [key, value] of [["from", first], ["to", last]]) {
    const input = field(key);
    input.min = first; input.max = last; input.value = value;
    input.addEventListener("input", () => {
      filter[key] = Number(input.value);
      if (filter.from > filter.to) { const other = key === "from" ? "to" : "from"; filter[other] = filter[key]; field(other).value = filter[key]; }
      filtered();
    });
  }
}

/** Bring the controls in line with the state. */
function marks() {
  for (const button of document.querySelectorAll("[data-kind]")) button.setAttribute("aria-pressed", String(filter.kinds.has(Number(button.dataset.kind))));
  for (const button of document.querySelectorAll("[data-community]")) button.setAttribute("aria-current", String(Number(button.dataset.community) === view.community));
  for (const input of document.querySelectorAll("#statuses input")) { input.checked = Number(input.value) === filter.status; }
  for (const input of document.querySelectorAll("#stages input")) input.checked = filter.stages.has(Number(input.value));
  for (const input of document.querySelectorAll("#lines input")) input.checked = filter[input.name];
  for (const key of ["from", "to"]) field(key).value = filter[key];
  for (const bar of document.querySelectorAll("#bars div")) bar.classList.toggle("out", Number(bar.dataset.year) < filter.from || Number(bar.dataset.year) > filter.to);
  field("years").textContent = filter.from === filter.to ? `${filter.from} 年` : `${filter.from}–${filter.to} 年`;
}

// --- address --------------------------------------------------------------------------
const short = (node) => node.iri.slice(DATA.base.length);
let writing = false;
function writeHash() {
  const words = new URLSearchParams();
  if (view.mode !== "overview") words.set("v", view.mode);
  if (view.node) words.set("n", short(view.node));
  if (view.mode === "focus") words.set("d", view.depth);
  if (view.mode === "path") { words.set("a", short(view.ends[0])); words.set("b", short(view.ends[1])); }
  if (view.community >= 0) words.set("g", view.community);
  if (filter.kinds.size !== DATA.kinds.length) words.set("k", DATA.kinds.filter((_, index) => filter.kinds.has(index)).map((kind) => kind.id).join("."));
  if (filter.status >= 0) words.set("s", DATA.statuses[filter.status].id);
  if (filter.stages.size) words.set("t", [...filter.stages].sort((a, b) => a - b).map((index) => DATA.stages[index].id).join("."));
  if (filter.from !== YEARS.first || filter.to !== YEARS.last) words.set("y", `${filter.from}-${filter.to}`);
  if (!filter.stated) words.set("stated", "0");
  if (!filter.near) words.set("near", "0");
  const hash = words.toString() ? `#${words}` : "";
  if (hash === location.hash || (!hash && !location.hash)) return;
  writing = true;
  try { history.replaceState(null, "", hash || location.pathname + location.search); } catch { location.hash = hash; }
  writing = false;
}
function readHash() {
  const words = new URLSearchParams(location.hash.slice(1)), known = (key) => byIri.get(DATA.base + (words.get(key) || "")) || null;
  const many = (key, list) => (words.get(key) || "").split(".").map((id) => list.findIndex((item) => item.id === id)).filter((index) => index >= 0);
  filter.kinds = new Set(words.has("k") ? many("k", DATA.kinds) : DATA.kinds.map((_, index) => index));
  filter.status = words.has("s") ? many("s", DATA.statuses)[0] ?? -1 : -1;
  filter.stages = new Set(many("t", DATA.stages));
  const years = /^(\d{4})-(\d{4})$/.exec(words.get("y") || "");
  filter.from = years ? Number(years[1]) : YEARS.first; filter.to = years ? Number(years[2]) : YEARS.last;
  filter.stated = words.get("stated") !== "0"; filter.near = words.get("near") !== "0";
  Object.assign(view, { mode: "overview", node: null, community: -1, path: null, ends: [null, null] });
  const node = known("n"), group = Number(words.get("g") ?? -1);
  if (words.get("v") === "focus" && node) focusOn(node, Math.min(3, Math.max(1, Number(words.get("d")) || 1)));
  else if (words.get("v") === "path" && known("a") && known("b")) showPath(known("a"), known("b"));
  else if (!location.hash && DATA.focus && byIri.get(DATA.focus)) focusOn(byIri.get(DATA.focus), DATA.depth);
  else if (COMMUNITIES[group]) chooseCommunity(group);
  else { panel.hidden = true; refresh(); if (node) choose(node); }
}

// --- search ---------------------------------------------------------------------------
const box = field("search"), hits = field("hits");
let chosen = -1, found = [];
function listHits() {
  found = search(box.value).slice(0, 12);
  chosen = found.length ? 0 : -1;
  hits.replaceChildren(...found.map((node, index) => make("li", { role: "option", id: `hit-${index}`, onclick: () => take(index) }, glyph(DATA.kinds[node.kind], node.planned), node.name, make("small", {}, DATA.kinds[node.kind].label))),
    ...(box.value.trim() && !found.length ? [make("li", { role: "option", "aria-disabled": "true" }, "没有这样的名称")] : []));
  hits.hidden = !box.value.trim();
  markHit();
}
function markHit() {
  box.setAttribute("aria-expanded", String(!hits.hidden));
  [...hits.children].forEach((row, index) => row.setAttribute("aria-selected", String(index === chosen)));
  if (chosen >= 0 && !hits.hidden) { box.setAttribute("aria-activedescendant", `hit-${chosen}`); hits.children[chosen].scrollIntoView({ block: "nearest" }); } else box.removeAttribute("aria-activedescendant");
}
function take(index) {
  const node = found[index];
  if (!node) return;
  hits.hidden = true; box.value = node.name; markHit();
  filter.kinds.add(node.kind);
  if (!passes(node)) { filter.status = -1; filter.stages.clear(); filter.from = YEARS.first; filter.to = YEARS.last; }
  if (view.mode === "path") goHome();
  if (view.mode === "overview") { buildScene(scene.tall); marks(); }
  choose(node);
}
box.addEventListener("input", listHits);
box.addEventListener("focus", listHits);
box.addEventListener("blur", () => setTimeout(() => { if (document.activeElement !== box) { hits.hidden = true; markHit(); } }, 150));
box.addEventListener("keydown", (event) => {
  if (event.key === "ArrowDown" || event.key === "ArrowUp") { chosen = Math.max(0, Math.min(found.length - 1, chosen + (event.key === "ArrowDown" ? 1 : -1))); markHit(); event.preventDefault(); }
  else if (event.key === "Enter") take(chosen);
  else if (event.key === "Escape") { hits.hidden = true; markHit(); event.stopPropagation(); }
});

// --- wiring ---------------------------------------------------------------------------
field("home").addEventListener("click", goHome);
field("zoom-in").addEventListener("click", () => zoomAt(camera.width / 2, camera.height / 2, 1.4));
field("zoom-out").addEventListener("click", () => zoomAt(camera.width / 2, camera.height / 2, 0.7));
field("zoom-fit").addEventListener("click", () => { fit(); draw(); });
field("open-filters").addEventListener("click", () => { const open = field("filters").classList.toggle("open"); field("open-filters").setAttribute("aria-expanded", String(open)); });
function showExports(open) { field("exports").hidden = !open; field("open-export").setAttribute("aria-expanded", String(open)); }
field("open-export").addEventListener("click", (event) => { event.stopPropagation(); showExports(field("exports").hidden); });
field("exports").addEventListener("click", (event) => { if (event.target.dataset.export) { showExports(false); exportAs(event.target.dataset.export); } });
document.addEventListener("click", (event) => { if (!event.target.closest(".menu")) showExports(false); });
document.addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|TEXTAREA)$/.test(document.activeElement.tagName)) { box.focus(); box.select(); event.preventDefault(); }
  else if (event.key === "Escape") { if (!field("exports").hidden) showExports(false); else if (field("filters").classList.contains("open")) field("filters").classList.remove("open"); else goHome(); }
});
window.addEventListener("hashchange", () => { if (!writing) readHash(); });
// The canvas is watched, not the window: its box also changes with what stands around it, and a
// picture drawn for another box would be stretched to this one.
new ResizeObserver(() => {
  const box = canvas.getBoundingClientRect();
  if (Math.abs(box.width - camera.width) > 0.5 || Math.abs(box.height - camera.height) > 0.5) refresh();
}).observe(canvas);
buildFilters();
readHash();
window.zhengpu = { paint, view, filter, scene, camera, placed, nodes: NODES, toSvg, toTurtle, toPng, choose, focusOn, showPath, goHome, drawMoving, fit, draw,
  find: (name) => NODES.find((node) => node.name === name) };
