// The data of the page, and what of it the filters let through.
const DATA = JSON.parse(document.getElementById("data").textContent);
const NODES = DATA.nodes.map((row, id) => ({
  id, name: row[0], kind: row[1], iri: DATA.base + row[2], rank: row[3], radius: row[4], community: row[5],
  inner: [row[6], row[7]], initials: row[8], others: row[9], quotes: row[10], mentions: row[11], reportYears: row[12],
  links: [], near: [], milestones: [], observations: [], facts: [], x: 0, y: 0, shown: true,
}));
const byIri = new Map(NODES.map((node) => [node.iri, node]));
const LINKS = DATA.links.map(([s, p, o, quotes]) => ({ source: NODES[s], predicate: p, target: NODES[o], quotes, stated: true }));
const NEAR = DATA.near.map(([a, b]) => ({ source: NODES[a], predicate: -1, target: NODES[b], quotes: [], stated: false }));
for (const link of LINKS) { link.source.links.push(link); if (link.target !== link.source) link.target.links.push(link); }
for (const link of NEAR) { link.source.near.push(link); link.target.near.push(link); }

/** The years a period such as "2020", "2020-H1" or "2016/2020" covers. */
function yearsOf(period) {
  const found = [...String(period || "").matchAll(/(?:^|\/)(\d{4})/g)].map((match) => Number(match[1]));
  return found.length ? [found[0], found[found.length - 1]] : null;
}
for (const [node, stage, status, period, progress, quotes] of DATA.milestones) {
  const fact = { stage, status, period, progress, quotes, years: yearsOf(period) };
  NODES[node].milestones.push(fact); NODES[node].facts.push(fact);
}
for (const row of DATA.observations) {
  const fact = { indicator: row[1], value: row[2], upper: row[3], unit: row[4], measure: row[5], period: row[6], status: row[7],
    bound: row[8], scope: row[9], quotes: row[10], stage: -1, years: yearsOf(row[6]) };
  for (const node of row[0]) { NODES[node].observations.push(fact); NODES[node].facts.push(fact); }
}
const ACTUAL = 0, TARGET = 1;
for (const node of NODES) {
  node.milestones.sort((a, b) => a.stage - b.stage || a.status - b.status || (a.period < b.period ? -1 : 1));
  node.planned = node.milestones.length > 0 && node.milestones.every((fact) => fact.status === TARGET);
}
const COMMUNITIES = DATA.communities.map((part, id) => ({ ...part, id, members: NODES.filter((node) => node.community === id) }));

/** Every year that some fact is about, with how many facts are done and planned in it. */
const YEARS = (() => {
  const years = new Map();
  const seen = new Set();
  for (const node of NODES) for (const fact of node.facts) {
    if (seen.has(fact) || !fact.years) continue;
    seen.add(fact);
    const year = fact.years[1];
    if (year < 1990 || year > 2060) continue;
    if (!years.has(year)) years.set(year, [0, 0]);
    years.get(year)[fact.status === TARGET ? 1 : 0] += 1;
  }
  for (const report of DATA.reports) for (const year of [report.review, report.plan]) if (year && !years.has(year)) years.set(year, [0, 0]);
  const all = [...years.keys()].sort((a, b) => a - b);
  return { first: all[0] ?? 0, last: all[all.length - 1] ?? 0, counts: years };
})();

const filter = { kinds: new Set(DATA.kinds.map((_, index) => index)), status: -1, stages: new Set(), stated: true, near: true,
  from: YEARS.first, to: YEARS.last };

function within(years) { return years !== null && years[1] >= filter.from && years[0] <= filter.to; }

/** Whether the filters let a thing through: some fact of it must answer all of them. */
function passes(node) {
  if (!filter.kinds.has(node.kind)) return false;
  const allYears = filter.from <= YEARS.first && filter.to >= YEARS.last;
  if (allYears && filter.status < 0 && !filter.stages.size) return true;
  const answers = (fact) => (allYears || within(fact.years)) && (filter.status < 0 || fact.status === filter.status) &&
    (!filter.stages.size || filter.stages.has(fact.stage));
  if (node.facts.some(answers)) return true;
  return filter.status < 0 && !filter.stages.size && !node.facts.some((fact) => fact.years) && node.reportYears.some((year) => year >= filter.from && year <= filter.to);
}

/** Names that match what is typed: whole names first, then beginnings, parts, initials. */
function search(typed) {
  const text = typed.trim().toLowerCase();
  if (!text) return [];
  const latin = /^[a-z0-9]+$/.test(text);
  const score = (node) => {
    const name = node.name.toLowerCase();
    if (name === text) return 5;
    if (name.startsWith(text)) return 4;
    if (name.includes(text)) return 3;
    if (node.others.some((other) => other.toLowerCase().includes(text))) return 2.5;
    if (latin && node.initials.startsWith(text)) return 2;
    if (latin && text.length > 1 && node.initials.includes(text)) return 1;
    return 0;
  };
  return NODES.map((node) => [score(node) + node.rank / 2, node, score(node)]).filter((row) => row[2] > 0)
    .sort((a, b) => b[0] - a[0] || a[1].id - b[1].id).map((row) => row[1]);
}

/** Links of a thing in the present filters, stated ones first. */
function linksOf(node) {
  return [...(filter.stated ? node.links : []), ...(filter.near ? node.near : [])].filter((link) => {
    const other = link.source === node ? link.target : link.source;
    return other !== node && passes(other);
  });
}
const otherEnd = (link, node) => (link.source === node ? link.target : link.source);

/** Rings of things around one: stated links lead on, closeness only from the middle. */
function rings(start, depth) {
  const reached = new Map([[start, null]]);
  const result = [[start]];
  for (let step = 1; step <= depth; step += 1) {
    const ring = [];
    for (const parent of result[step - 1]) for (const link of linksOf(parent)) {
      const other = otherEnd(link, parent);
      if (reached.has(other) || (!link.stated && step > 1)) continue;
      reached.set(other, { parent, link });
      ring.push(other);
    }
    if (!ring.length) break;
    result.push(ring);
  }
  return { rings: result, reached };
}

/** The cheapest way between two things; a stated link costs 1, closeness 1.7. */
function pathBetween(start, end) {
  const cost = new Map([[start, 0]]), before = new Map(), done = new Set();
  while (true) {
    let best = null;
    for (const [node, value] of cost) if (!done.has(node) && (best === null || value < cost.get(best) || (value === cost.get(best) && node.id < best.id))) best = node;
    if (best === null) return null;
    if (best === end) break;
    done.add(best);
    for (const link of [...best.links, ...best.near]) {
      const other = otherEnd(link, best), value = cost.get(best) + (link.stated ? 1 : 1.7);
      if (!done.has(other) && value < (cost.get(other) ?? Infinity)) { cost.set(other, value); before.set(other, link); }
    }
  }
  const nodes = [end], links = [];
  while (nodes[0] !== start) { const link = before.get(nodes[0]); links.unshift(link); nodes.unshift(otherEnd(link, nodes[0])); }
  return { nodes, links };
}
