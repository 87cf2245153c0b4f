// Camera, drawing and gestures. All drawing is in screen pixels, so that labels keep their size.
const canvas = document.getElementById("canvas");
const camera = { x: 0, y: 0, k: 1, fit: 1, width: 1, height: 1, moving: false };
const placed = { labels: [], hover: null, kept: [] };
const widths = new Map();
function labelWidth(ctx, text) {
  if (!widths.has(text)) widths.set(text, ctx.measureText(text).width);
  return widths.get(text);
}
const FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", sans-serif';
const toScreen = (x, y) => [(x - camera.x) * camera.k + camera.width / 2, (y - camera.y) * camera.k + camera.height / 2];
const toWorld = (x, y) => [(x - camera.width / 2) / camera.k + camera.x, (y - camera.height / 2) / camera.k + camera.y];
const BUSY = 2500;

function resize() {
  const box = canvas.getBoundingClientRect(), ratio = window.devicePixelRatio || 1;
  camera.width = box.width; camera.height = box.height;
  canvas.width = Math.round(box.width * ratio); canvas.height = Math.round(box.height * ratio);
  return box.width < box.height * 0.95;
}

function fit() {
  const [left, top, right, bottom] = scene.box;
  // The note stands above the picture, and on a small screen the open panel below it.
  const words = document.getElementById("note"), small = camera.width < 500;
  const head = Math.max(32, words.offsetTop + words.offsetHeight + (small ? 12 : 6)), foot = sheet() || (small ? 44 : 10);
  const k = Math.min((camera.width - 16) / (right - left), (camera.height - head - foot) / (bottom - top));
  camera.fit = Math.min(k, view.mode === "overview" ? (view.community < 0 ? 1.6 : 2.2) : 1.5);
  camera.k = camera.fit;
  camera.x = (left + right) / 2;
  camera.y = (top + bottom) / 2 + (foot - head) / 2 / camera.k;
}

/** How much of the canvas the panel covers from below. */
function sheet() { return !panel.hidden && window.innerWidth <= 760 ? Math.max(0, panel.getBoundingClientRect().height - 58) : 0; }

function nodeSize(node) {
  const k = camera.k;
  if (view.mode !== "overview") return Math.max(5, node.radius * 0.9) * Math.max(0.8, Math.min(k, 1.5));
  return Math.max(1.6, node.radius * (k > 1 ? Math.sqrt(k) : k));
}

/** The outlines of the shapes around (0, 0), for a radius of 1. */
const OUTLINES = (() => {
  const ring = (count, turn, sizes) => Array.from({ length: count }, (_, i) => {
    const angle = turn + (i * 2 * Math.PI) / count, size = sizes[i % sizes.length];
    return [Math.cos(angle) * size, Math.sin(angle) * size];
  });
  const a = 0.42, b = 1.15;
  return {
    square: ring(4, Math.PI / 4, [1.18]), hexagon: ring(6, 0, [1.1]), triangle: ring(3, -Math.PI / 2, [1.3]), diamond: ring(4, 0, [1.28]),
    wedge: ring(3, Math.PI / 2, [1.3]), star: ring(10, -Math.PI / 2, [1.4, 0.6]),
    cross: [[-a, -b], [a, -b], [a, -a], [b, -a], [b, a], [a, a], [a, b], [-a, b], [-a, a], [-b, a], [-b, -a], [-a, -a]],
  };
})();

/** The outline of a kind's shape around a point, as a path on the context. */
function shapePath(ctx, shape, x, y, r) {
  if (shape === "circle") { ctx.moveTo(x + r, y); ctx.arc(x, y, r, 0, Math.PI * 2); return; }
  const outline = OUTLINES[shape];
  ctx.moveTo(x + outline[0][0] * r, y + outline[0][1] * r);
  for (let i = 1; i < outline.length; i += 1) ctx.lineTo(x + outline[i][0] * r, y + outline[i][1] * r);
  ctx.closePath();
}

function paint(ctx, quick) {
  ctx.fillStyle = "#ffffff";
  ctx.fillRect(0, 0, camera.width, camera.height);
  ctx.lineJoin = "round";
  const boxes = new Boxes();
  const titles = view.mode === "overview" ? paintCommunities(ctx, boxes) : [];
  const visible = [], groups = DATA.kinds.map(() => [[], []]), { x, y, k, width, height } = camera;
  for (const node of scene.nodes) {
    const sx = (node.x - x) * k + width / 2, sy = (node.y - y) * k + height / 2;
    node.sx = sx; node.sy = sy; node.size = nodeSize(node);
    if (sx < -60 || sx > width + 60 || sy < -40 || sy > height + 40) continue;
    visible.push(node);
    groups[node.kind][node.planned ? 1 : 0].push(node);
  }
  if (!quick) paintLinks(ctx);
  // Titles lie above the links, which would strike them through.
  for (const [font, line, tx, ty] of titles) { ctx.font = font; halo(ctx, line, tx, ty, "center", "#333c4a"); }
  paintNodes(ctx, groups, quick);
  paintLabels(ctx, boxes, quick ? placed.kept.filter((node) => node.shown) : visible, quick);
}

/** The cards of the communities; gives font, words and place of their titles. */
function paintCommunities(ctx, boxes) {
  const seen = [], size = camera.k < 0.45 ? 12 : 13.5, above = scene.tall ? 50 : 30;
  for (const part of COMMUNITIES) {
    const w = part.card[2] * camera.k, h = part.card[3] * camera.k, [x, y] = toScreen(part.card[0], part.card[1]);
    part.box = [x - w / 2, y - h / 2, x + w / 2, y + h / 2];
    if (x + w / 2 < 0 || x - w / 2 > camera.width || y + h / 2 < 0 || y - h / 2 - 30 > camera.height) continue;
    ctx.beginPath();
    roundRect(ctx, x - w / 2, y - h / 2, w, h, Math.min(14, w / 8));
    ctx.fillStyle = part.id === view.community ? "#eaf3f9" : "#f5f7f9";
    ctx.fill();
    ctx.strokeStyle = part.id === view.community ? "#0072b2" : "#dfe4ea";
    ctx.lineWidth = 1;
    ctx.stroke();
    seen.push([part, x, y, w, h]);
  }
  const titles = [];
  for (const [part, x, y, w, h] of seen) {
    ctx.font = `600 ${size}px ${FONT}`;
    const lines = titleLines(ctx, part.name, Math.max(w, 72), above * camera.k > size * 2.3 ? 2 : 1);
    lines.forEach((line, i) => {
      const width = ctx.measureText(line).width, ly = y - h / 2 - 6 - (lines.length - 1 - i) * (size + 2);
      const box = [x - width / 2 - 2, ly - size, x + width / 2 + 2, ly + 4];
      if (boxes.hits(box)) return;
      boxes.add(box);
      placed.labels.push({ box, text: line, title: true });
      titles.push([ctx.font, line, x, ly]);
    });
  }
  return titles;
}

function titleLines(ctx, name, room, most) {
  if (ctx.measureText(name).width <= room) return [name];
  return name.split(" · ").slice(0, most).map((part) => cut(ctx, part, room));
}
function cut(ctx, text, room) {
  if (ctx.measureText(text).width <= room) return text;
  let end = text.length - 1;
  while (end > 1 && ctx.measureText(text.slice(0, end) + "…").width > room) end -= 1;
  return text.slice(0, end) + "…";
}
function roundRect(ctx, x, y, w, h, r) {
  ctx.moveTo(x + r, y); ctx.lineTo(x + w - r, y); ctx.quadraticCurveTo(x + w, y, x + w, y + r); ctx.lineTo(x + w, y + h - r);
  ctx.quadraticCurveTo(x + w, y + h, x + w - r, y + h); ctx.lineTo(x + r, y + h); ctx.quadraticCurveTo(x, y + h, x, y + h - r);
  ctx.lineTo(x, y + r); ctx.quadraticCurveTo(x, y, x + r, y); ctx.closePath();
}
function halo(ctx, text, x, y, align, colour) {
  ctx.textAlign = align; ctx.textBaseline = "alphabetic";
  ctx.lineWidth = 3; ctx.strokeStyle = "rgba(255,255,255,.92)"; ctx.strokeText(text, x, y);
  ctx.fillStyle = colour; ctx.fillText(text, x, y);
}

function paintLinks(ctx) {
  const lit = view.mode === "overview" ? placed.hover || view.node : placed.hover;
  const groups = [[], [], []];
  for (const link of scene.links) {
    const a = link.source, b = link.target;
    if (Math.max(a.sx, b.sx) < 0 || Math.min(a.sx, b.sx) > camera.width || Math.max(a.sy, b.sy) < 0 || Math.min(a.sy, b.sy) > camera.height) continue;
    groups[lit && (a === lit || b === lit) ? 2 : link.stated ? 1 : 0].push(link);
  }
  const local = view.mode !== "overview";
  const styles = [[local ? "#b9c1cb" : "#d9dee5", local ? [4, 4] : []], [local ? "#7c8796" : "#a9b2be", []], ["#1c2430", []]];
  groups.forEach((links, index) => {
    ctx.strokeStyle = styles[index][0];
    ctx.lineWidth = index === 2 ? 1.6 : 1;
    ctx.setLineDash(styles[index][1]);
    for (let start = 0; start < links.length; start += 200) {
      ctx.beginPath();
      for (const link of links.slice(start, start + 200)) { ctx.moveTo(link.source.sx, link.source.sy); ctx.lineTo(link.target.sx, link.target.sy); }
      ctx.stroke();
    }
    ctx.setLineDash([]);
    if (index && (local || camera.k > 1.1 || index === 2)) for (const link of links) if (link.stated) arrow(ctx, link, styles[index][0]);
  });
}
function arrow(ctx, link, colour) {
  const { source: a, target: b } = link, angle = Math.atan2(b.sy - a.sy, b.sx - a.sx), back = b.size * 1.25 + 1;
  if (Math.hypot(b.sx - a.sx, b.sy - a.sy) < back + 10) return;
  const x = b.sx - Math.cos(angle) * back, y = b.sy - Math.sin(angle) * back;
  ctx.fillStyle = colour;
  ctx.beginPath();
  ctx.moveTo(x, y);
  ctx.lineTo(x - Math.cos(angle - 0.4) * 7, y - Math.sin(angle - 0.4) * 7);
  ctx.lineTo(x - Math.cos(angle + 0.4) * 7, y - Math.sin(angle + 0.4) * 7);
  ctx.closePath();
  ctx.fill();
}

function paintNodes(ctx, groups, quick) {
  DATA.kinds.forEach((kind, index) => groups[index].forEach((nodes, planned) => {
    if (!nodes.length) return;
    const edge = kind.id === "Honour" ? "#8a7d00" : planned ? kind.colour : "rgba(255,255,255,.9)";
    ctx.fillStyle = planned && !quick ? "#ffffff" : kind.colour;
    ctx.beginPath();
    for (const node of nodes) {
      // In a crowd on the move a small thing is a spot: its shape cannot be made out.
      if (quick && node.size < 5) ctx.fillRect(node.sx - node.size, node.sy - node.size, 2 * node.size, 2 * node.size);
      else shapePath(ctx, kind.shape, node.sx, node.sy, node.size);
    }
    ctx.fill();
    if (quick) return;
    ctx.lineWidth = planned ? 2 : 1;
    ctx.strokeStyle = edge;
    ctx.stroke();
  }));
  for (const node of [view.node, placed.hover, ...view.ends]) if (node && node.shown) {
    ctx.beginPath(); ctx.arc(node.sx, node.sy, node.size + 4, 0, 7);
    ctx.strokeStyle = "#1c2430"; ctx.lineWidth = 2; ctx.stroke();
  }
}

/** Boxes that must not cover each other, found by a coarse grid. */
class Boxes {
  constructor() { this.cells = new Map(); this.size = 64; }
  *keys([a, b, c, d]) {
    for (let i = Math.floor(a / this.size); i <= Math.floor(c / this.size); i += 1)
      for (let j = Math.floor(b / this.size); j <= Math.floor(d / this.size); j += 1) yield i * 4096 + j;
  }
  hits(box) {
    for (const key of this.keys(box)) for (const other of this.cells.get(key) || [])
      if (box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]) return true;
    return false;
  }
  add(box) { for (const key of this.keys(box)) { if (!this.cells.has(key)) this.cells.set(key, []); this.cells.get(key).push(box); } }
}

function paintLabels(ctx, boxes, candidates, quick) {
  const local = view.mode !== "overview", kept = [];
  const first = [placed.hover, view.node, ...view.ends].filter((node) => node && node.shown);
  const letters = local ? (scene.tall ? 9 : 16) : camera.k > 1.5 ? 24 : 12;
  for (const node of candidates.slice(0, 400)) if (node.size > 3.5) boxes.add([node.sx - node.size, node.sy - node.size, node.sx + node.size, node.sy + node.size]);
  const most = local ? 400 : 160;
  let tried = 0;
  for (const node of [...new Set(first), ...candidates]) {
    const strong = first.includes(node);
    if (kept.length >= most || tried > 1500) break;
    if (strong && kept.includes(node)) continue;
    tried += 1;
    const size = strong ? 14 : 12, text = shorten(node.name, strong ? 30 : letters), r = node.size;
    ctx.font = strong ? `600 14px ${FONT}` : `12px ${FONT}`;
    const width = strong ? ctx.measureText(text).width : labelWidth(ctx, text);
    for (const [align, x, y] of places(node, r, size)) {
      const left = align === "center" ? x - width / 2 : align === "left" ? x : x - width;
      const box = [left - 1, y - size + 1, left + width + 1, y + 3];
      if (!strong && (boxes.hits(box) || !roomFor(node, box))) continue;
      boxes.add(box);
      placed.labels.push({ box, text, node: node.id, strong });
      halo(ctx, text, x, y, align, "#1c2430");
      kept.push(node);
      break;
    }
  }
  if (!quick) placed.kept = kept;
  if (local && !quick) paintPredicates(ctx, boxes);
}
/** In the overview a label stays on its card, elsewhere on the canvas. */
function roomFor(node, box) {
  if (view.mode !== "overview") return box[2] > 0 && box[0] < camera.width;
  const card = COMMUNITIES[node.community].box;
  return card && box[0] > card[0] - 5 && box[2] < card[2] + 5 && box[1] > card[1] - 2 && box[3] < card[3] + 4;
}
function places(node, r, size) {
  const below = ["center", node.sx, node.sy + r + size], above = ["center", node.sx, node.sy - r - 3];
  const right = ["left", node.sx + r + 4, node.sy + size / 2 - 2], left = ["right", node.sx - r - 4, node.sy + size / 2 - 2];
  const role = scene.roles.get(node);
  if (role === "right") return [right];
  if (role === "left") return [left];
  if (role === "centre" || role === "below") return [below, above];
  return [below, above, right, left];
}
function shorten(name, letters) { return name.length <= letters ? name : name.slice(0, letters - 1) + "…"; }

function paintPredicates(ctx, boxes) {
  ctx.font = `11.5px ${FONT}`;
  for (const link of scene.links) {
    if (!link.stated) continue;
    const { source: a, target: b } = link, text = DATA.predicates[link.predicate].label, width = ctx.measureText(text).width;
    for (const share of [0.5, 0.62, 0.38, 0.75]) {
      const x = a.sx + (b.sx - a.sx) * share, y = a.sy + (b.sy - a.sy) * share + 4;
      const box = [x - width / 2 - 1, y - 11, x + width / 2 + 1, y + 2];
      if (boxes.hits(box)) continue;
      boxes.add(box);
      placed.labels.push({ box, text, predicate: true });
      halo(ctx, text, x, y, "center", "#4a5463");
      break;
    }
  }
}

let wanted = false, settle = 0;
const REFRESH = 160;
/** The last painting of a crowded picture, with the camera it was painted with. */
const snapshot = { sheet: document.createElement("canvas"), x: 0, y: 0, k: 1, at: -Infinity };
function draw() {
  if (wanted) return;
  wanted = true;
  requestAnimationFrame((now) => {
    wanted = false;
    const ratio = window.devicePixelRatio || 1, ctx = canvas.getContext("2d");
    const quick = camera.moving && scene.nodes.length + scene.links.length > BUSY;
    if (quick && now - snapshot.at < REFRESH) { shift(ctx); return; }
    placed.labels = [];
    ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
    paint(ctx, quick);
    if (quick) keep(now);
  });
}
function keep(now) {
  const { sheet } = snapshot;
  sheet.width = canvas.width; sheet.height = canvas.height;
  sheet.getContext("2d").drawImage(canvas, 0, 0);
  Object.assign(snapshot, { x: camera.x, y: camera.y, k: camera.k, at: now });
}
/** Move the last painting to where the camera is now, until there is time for a new one. */
function shift(ctx) {
  const scale = camera.k / snapshot.k, w = canvas.width, h = canvas.height, ratio = window.devicePixelRatio || 1;
  const x = (snapshot.x - camera.x) * camera.k * ratio + (w * (1 - scale)) / 2, y = (snapshot.y - camera.y) * camera.k * ratio + (h * (1 - scale)) / 2;
  ctx.setTransform(1, 0, 0, 1, 0, 0);
  ctx.fillStyle = "#ffffff";
  ctx.fillRect(0, 0, w, h);
  ctx.drawImage(snapshot.sheet, x, y, w * scale, h * scale);
}
/** Draw while something moves: a crowded picture leaves its lines out until it rests. */
function drawMoving() {
  camera.moving = true;
  clearTimeout(settle);
  settle = setTimeout(() => { camera.moving = false; draw(); }, 140);
  draw();
}

function zoomAt(x, y, factor) {
  const [wx, wy] = toWorld(x, y);
  camera.k = Math.max(camera.fit * 0.4, Math.min(camera.k * factor, Math.max(6, camera.fit * 8)));
  const [nx, ny] = toWorld(x, y);
  camera.x += wx - nx; camera.y += wy - ny;
  drawMoving();
}
function nodeAt(x, y, reach) {
  let best = null, nearest = Infinity;
  for (const node of scene.nodes) {
    const distance = Math.hypot(node.sx - x, node.sy - y) - node.size;
    if (distance < reach && distance < nearest) { best = node; nearest = distance; }
  }
  if (best) return best;
  const label = placed.labels.find((item) => item.node !== undefined && x >= item.box[0] && x <= item.box[2] && y >= item.box[1] && y <= item.box[3]);
  return label ? NODES[label.node] : null;
}
function communityAt(x, y) {
  if (view.mode !== "overview") return -1;
  const [wx, wy] = toWorld(x, y);
  const part = COMMUNITIES.find(({ card: [cx, cy, w, h] }) => Math.abs(wx - cx) < w / 2 && wy > cy - h / 2 - 24 / camera.k && wy < cy + h / 2);
  return part ? part.id : -1;
}

const pointers = new Map();
let travelled = 0;
const local = (event) => { const box = canvas.getBoundingClientRect(); return [event.clientX - box.left, event.clientY - box.top]; };
canvas.addEventListener("pointerdown", (event) => {
  canvas.setPointerCapture(event.pointerId);
  pointers.set(event.pointerId, local(event));
  if (pointers.size === 1) travelled = 0;
  canvas.classList.add("drag");
});
canvas.addEventListener("pointermove", (event) => {
  const at = local(event), last = pointers.get(event.pointerId);
  if (!last) {
    const hit = nodeAt(...at, 8);
    canvas.classList.toggle("hit", Boolean(hit));
    if (hit !== placed.hover) { placed.hover = hit; draw(); }
    return;
  }
  if (pointers.size === 2) {
    const other = [...pointers].find(([id]) => id !== event.pointerId)[1];
    const before = Math.hypot(last[0] - other[0], last[1] - other[1]), after = Math.hypot(at[0] - other[0], at[1] - other[1]);
    travelled += 10;
    zoomAt((at[0] + other[0]) / 2, (at[1] + other[1]) / 2, after / Math.max(1, before));
  }
  const share = pointers.size === 2 ? 0.5 : 1;
  camera.x -= ((at[0] - last[0]) * share) / camera.k; camera.y -= ((at[1] - last[1]) * share) / camera.k;
  travelled += Math.hypot(at[0] - last[0], at[1] - last[1]);
  pointers.set(event.pointerId, at);
  drawMoving();
});
function release(event) {
  if (!pointers.delete(event.pointerId)) return;
  if (!pointers.size) canvas.classList.remove("drag");
  if (event.type === "pointerup" && travelled < 6) {
    const at = local(event), hit = nodeAt(...at, event.pointerType === "touch" ? 18 : 8);
    if (hit) choose(hit); else chooseCommunity(communityAt(...at));
  }
}
canvas.addEventListener("pointerup", release);
canvas.addEventListener("pointercancel", release);
canvas.addEventListener("pointerleave", () => { if (placed.hover) { placed.hover = null; draw(); } });
canvas.addEventListener("dblclick", (event) => { const hit = nodeAt(...local(event), 8); if (hit) focusOn(hit, 1); });
canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoomAt(...local(event), Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015))); }, { passive: false });
canvas.addEventListener("keydown", (event) => {
  const step = 60 / camera.k, moves = { ArrowLeft: [-step, 0], ArrowRight: [step, 0], ArrowUp: [0, -step], ArrowDown: [0, step] };
  if (moves[event.key]) { camera.x += moves[event.key][0]; camera.y += moves[event.key][1]; drawMoving(); }
  else if (event.key === "+" || event.key === "=") zoomAt(camera.width / 2, camera.height / 2, 1.25);
  else if (event.key === "-") zoomAt(camera.width / 2, camera.height / 2, 0.8);
  else if (event.key === "0") { fit(); draw(); }
  else return;
  event.preventDefault();
});
