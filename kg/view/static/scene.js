// Where things stand in the present view: overview, one thing and its neighbours, or a path.
const view = { mode: "overview", node: null, depth: 1, community: -1, path: null, ends: [null, null] };
const scene = { nodes: [], links: [], tall: false, box: [0, 0, 1, 1], roles: new Map(), omitted: 0 };
const RING_MOST = 44;

function buildScene(tall) {
  scene.tall = tall;
  scene.roles = new Map();
  scene.omitted = 0;
  for (const node of NODES) node.shown = false;
  if (view.mode === "focus") focusScene();
  else if (view.mode === "path" && view.path) pathScene();
  else overviewScene();
}

function overviewScene() {
  for (const part of COMMUNITIES) part.card = scene.tall ? part.tall : part.wide;
  for (const node of NODES) {
    const { card: [x, y, w, h], size } = COMMUNITIES[node.community];
    node.x = x + node.inner[0] * (w / size[0]);
    node.y = y + node.inner[1] * (h / size[1]);
    node.shown = passes(node);
  }
  scene.nodes = NODES.filter((node) => node.shown);
  scene.links = [...(filter.near ? NEAR : []), ...(filter.stated ? LINKS : [])].filter((link) => link.source.shown && link.target.shown);
  let box = null;
  for (const part of COMMUNITIES) {
    const [x, y, w, h] = part.card;
    const own = [x - w / 2, y - h / 2 - (scene.tall ? 50 : 30), x + w / 2, y + h / 2];
    if (view.community === part.id) { scene.box = own; return; }
    box = box ? [Math.min(box[0], own[0]), Math.min(box[1], own[1]), Math.max(box[2], own[2]), Math.max(box[3], own[3])] : own;
  }
  scene.box = box || [0, 0, 1, 1];
}

/** Neighbours on half rings left and right, evenly spaced in height so that labels have a line each. */
function focusScene() {
  const { rings: found, reached } = rings(view.node, view.depth);
  const centre = view.node;
  centre.x = 0; centre.y = 0; centre.shown = true;
  scene.nodes = [centre];
  const most = Math.max(...found.slice(1).map((ring) => Math.min(ring.length, RING_MOST * 2) / 2), 1);
  const line = Math.max(23, Math.min(scene.tall ? 40 : 58, 420 / most)), reach = scene.tall ? 70 : 190;
  found.slice(1).forEach((ring, index) => {
    const inOrder = ring.slice().sort((a, b) => orderKey(a, reached) - orderKey(b, reached) || a.kind - b.kind || b.rank - a.rank || a.id - b.id);
    scene.omitted += Math.max(0, inOrder.length - RING_MOST * (index + 1));
    const kept = inOrder.slice(0, RING_MOST * (index + 1));
    const sides = index === 0 ? [kept.filter((_, i) => i % 2 === 0), kept.filter((_, i) => i % 2 === 1)]
      : [kept.filter((node) => side(node, reached) > 0), kept.filter((node) => side(node, reached) < 0)];
    sides.forEach((nodes, way) => {
      const sign = way === 0 ? 1 : -1;
      if (index > 0) nodes.sort((a, b) => reached.get(a).parent.y - reached.get(b).parent.y || a.id - b.id);
      const tallness = Math.max((nodes.length - 1) * line / 2, 60);
      nodes.forEach((node, i) => {
        const y = nodes.length === 1 ? 0 : (i / (nodes.length - 1) - 0.5) * (nodes.length - 1) * line;
        const bend = Math.sqrt(Math.max(0.12, 1 - (y / (tallness * 1.12)) ** 2));
        node.x = sign * (reach * bend + index * (scene.tall ? 120 : 260));
        node.y = y + (sign > 0 ? 0 : line / 2 * ((nodes.length + 1) % 2));
        node.shown = true;
        scene.roles.set(node, sign > 0 ? "right" : "left");
        scene.nodes.push(node);
      });
    });
  });
  scene.roles.set(centre, "centre");
  const inside = new Set(scene.nodes);
  const tree = new Set();
  for (const node of scene.nodes) if (reached.get(node)) tree.add(reached.get(node).link);
  scene.links = [...LINKS.filter((link) => filter.stated && inside.has(link.source) && inside.has(link.target)), ...[...tree].filter((link) => !link.stated)];
  boxAround(scene.tall ? 105 : 190, 40);
}
const side = (node, reached) => { let at = node; while (reached.get(reached.get(at).parent)) at = reached.get(at).parent; return at.x; };
const orderKey = (node, reached) => { const { parent, link } = reached.get(node); return link.stated ? link.predicate * 2 + (link.source === parent ? 0 : 1) : 99; };

function pathScene() {
  const { nodes, links } = view.path;
  nodes.forEach((node, i) => {
    const along = i - (nodes.length - 1) / 2, swing = (i % 2 ? 1 : -1) * 26;
    node.x = scene.tall ? swing * 1.4 : along * 190;
    node.y = scene.tall ? along * 96 : swing;
    node.shown = true;
    scene.roles.set(node, scene.tall ? (i % 2 ? "right" : "left") : "below");
  });
  scene.nodes = nodes.slice();
  scene.links = links.slice();
  boxAround(scene.tall ? 110 : 90, 60);
}

function boxAround(padX, padY) {
  const xs = scene.nodes.map((node) => node.x), ys = scene.nodes.map((node) => node.y);
  scene.box = [Math.min(...xs) - padX, Math.min(...ys) - padY, Math.max(...xs) + padX, Math.max(...ys) + padY];
}
