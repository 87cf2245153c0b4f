// What is seen, as a picture (PNG, SVG) or as data (Turtle).

/** Collects an SVG path with the words of a canvas. */
class SvgPath {
  constructor() { this.d = ""; }
  moveTo(x, y) { this.d += `M${round(x)} ${round(y)}`; }
  lineTo(x, y) { this.d += `L${round(x)} ${round(y)}`; }
  quadraticCurveTo(a, b, x, y) { this.d += `Q${round(a)} ${round(b)} ${round(x)} ${round(y)}`; }
  arc(x, y, r) { this.d += `M${round(x - r)} ${round(y)}a${round(r)} ${round(r)} 0 1 0 ${round(2 * r)} 0a${round(r)} ${round(r)} 0 1 0 ${round(-2 * r)} 0`; }
  closePath() { this.d += "Z"; }
}
const round = (value) => Math.round(value * 10) / 10;
const escapeXml = (text) => text.replace(/[&<>"]/g, (letter) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[letter]);

/** As much of a canvas context as the drawing uses, writing SVG. */
class SvgContext extends SvgPath {
  constructor(width, height) { super(); this.out = []; this.width = width; this.height = height; this.dash = []; this.ruler = canvas.getContext("2d"); }
  beginPath() { this.d = ""; }
  setLineDash(dash) { this.dash = dash; }
  fillRect(x, y, w, h) { this.out.push(`<rect x="${x}" y="${y}" width="${round(w)}" height="${round(h)}" fill="${this.fillStyle}"/>`); }
  fill() { this.out.push(`<path d="${this.d}" fill="${this.fillStyle}"/>`); }
  stroke() { this.out.push(`<path d="${this.d}" fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}"${this.dash.length ? ` stroke-dasharray="${this.dash.join(" ")}"` : ""}/>`); }
  measureText(text) { this.ruler.font = this.font; return this.ruler.measureText(text); }
  strokeText(text, x, y) { this.text(text, x, y, `fill="none" stroke="${this.strokeStyle}" stroke-width="${this.lineWidth}" stroke-linejoin="round"`); }
  fillText(text, x, y) { this.text(text, x, y, `fill="${this.fillStyle}"`); }
  text(text, x, y, style) {
    const anchor = { center: "middle", left: "start", right: "end" }[this.textAlign];
    this.out.push(`<text x="${round(x)}" y="${round(y)}" text-anchor="${anchor}" style="font:${escapeXml(this.font.replaceAll('"', "'"))}" ${style}>${escapeXml(text)}</text>`);
  }
  toString() { return `<svg xmlns="http://www.w3.org/2000/svg" xml:lang="zh" width="${round(this.width)}" height="${round(this.height)}" viewBox="0 0 ${round(this.width)} ${round(this.height)}">\n<title>${escapeXml(document.title)}</title>\n${this.out.join("\n")}\n</svg>\n`; }
}
function toSvg() {
  const ctx = new SvgContext(camera.width, camera.height), kept = placed.labels;
  placed.labels = [];
  paint(ctx, false);
  placed.labels = kept;
  return ctx.toString();
}
function toPng(done) {
  const sheet = document.createElement("canvas"), kept = placed.labels, ctx = sheet.getContext("2d");
  sheet.width = Math.round(camera.width * 2); sheet.height = Math.round(camera.height * 2);
  ctx.setTransform(2, 0, 0, 2, 0, 0);
  paint(ctx, false);
  placed.labels = kept;
  sheet.toBlob(done, "image/png");
}

const literal = (text) => `"${text.replace(/\\/g, "\\\\").replace(/"/g, '\\"').replace(/\n/g, "\\n").replace(/\r/g, "\\r")}"`;
const iri = (text) => `<${text.replace(/[\u0000-\u0020<>"{}|^`\\]/g, (letter) => encodeURIComponent(letter))}>`;
const camel = (id) => id.split("-").map((part) => part[0].toUpperCase() + part.slice(1)).join("");

/** The things on the screen with their links and milestones, in the project's vocabulary. */
function toTurtle() {
  const inside = new Set(scene.nodes.filter((node) => node.sx >= 0 && node.sx <= camera.width && node.sy >= 0 && node.sy <= camera.height));
  const lines = ["@prefix zp: <https://w3id.org/zhengpu/ontology#> .", "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .",
    "@prefix dcterms: <http://purl.org/dc/terms/> .", "@prefix prov: <http://www.w3.org/ns/prov#> .", ""];
  for (const node of [...inside].sort((a, b) => (a.iri < b.iri ? -1 : 1))) {
    const facts = [`a zp:${DATA.kinds[node.kind].id}`, `skos:prefLabel ${literal(node.name)}@zh`, ...node.others.map((other) => `skos:altLabel ${literal(other)}@zh`)];
    for (const link of node.links) if (link.source === node && inside.has(link.target)) facts.push(`zp:${DATA.predicates[link.predicate].id} ${iri(link.target.iri)}`);
    lines.push(`${iri(node.iri)} ${facts.join(" ;\n    ")} .`);
    for (const fact of node.milestones) lines.push(milestoneTurtle(node, fact));
  }
  return lines.join("\n") + "\n";
}
function milestoneTurtle(node, fact) {
  const facts = ["a zp:Milestone", `zp:milestoneOf ${iri(node.iri)}`, `zp:stage zp:${camel(DATA.stages[fact.stage].id)}`];
  if (fact.status >= 0) facts.push(`zp:status zp:${camel(DATA.statuses[fact.status].id)}`);
  if (fact.period) facts.push(`zp:period [ skos:notation ${literal(fact.period)} ]`);
  if (fact.progress !== null) facts.push(`zp:progress ${fact.progress}`);
  for (const [place, start, end] of fact.quotes) {
    const [report, paragraph, offset, text] = DATA.sentences[place], words = [...text].slice(start, end).join("");
    const where = offset >= 0 ? ` ; zp:startOffset ${offset + start} ; zp:endOffset ${offset + end}` : "";
    const source = DATA.reports[report] ? ` ; dcterms:isPartOf ${iri(DATA.reports[report].iri)}` : "";
    facts.push(`prov:wasDerivedFrom [ a zp:Passage ; zp:quote ${literal(words)} ; zp:paragraph ${paragraph}${where}${source} ]`);
  }
  return `[] ${facts.join(" ;\n    ")} .`;
}

function save(content, type, name) {
  const link = make("a", { download: name, href: URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type })) });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 5000);
}
function exportAs(form) {
  const name = (view.node ? view.node.name : "政谱网络").replace(/[\\/:*?"<>|\s]/g, "_");
  if (form === "png") toPng((blob) => save(blob, "image/png", `${name}.png`));
  else if (form === "svg") save(toSvg(), "image/svg+xml", `${name}.svg`);
  else if (form === "ttl") save(toTurtle(), "text/turtle", `${name}.ttl`);
  else if (navigator.clipboard) navigator.clipboard.writeText(location.href).then(() => say("链接已复制。"), () => say(location.href));
  else say(location.href);
}
