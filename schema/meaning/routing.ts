import type { MixDocument } from "../generated/mix-document.ts";
import type { Problem } from "../problem.ts";
import { type Places, wrong } from "./places.ts";
import { partyFinder } from "./references.ts";

/** `from` must be rendered before `to`; `pointer` is the place that says so. */
type Edge = { readonly from: string; readonly to: string; readonly pointer: string };

/** Usual ways first: outputs, then sends, side-chains and duckers. */
const edgesOf = (document: MixDocument, places: Places, partyBuses = partyFinder(document)): readonly Edge[] => [
  ...[...places.tracks, ...places.buses].flatMap(({ item, pointer }) =>
    item.output === null ? [] : [{ from: item.id, to: item.output, pointer: `${pointer}/output` }],
  ),
  ...places.sends.map(({ item, pointer, node }) => ({ from: node, to: item.to, pointer: `${pointer}/to` })),
  ...places.processors.flatMap(({ item, pointer, node }) =>
    typeof item["sidechain"] === "string"
      ? [{ from: item["sidechain"], to: node, pointer: `${pointer}/sidechain` }]
      : [],
  ),
  ...document.duckers.flatMap(({ id, keys, targets }, index) => [
    ...partyBuses(keys).map((from) => ({ from, to: id, pointer: `/duckers/${index}/keys` })),
    ...partyBuses(targets).map((to) => ({ from: id, to, pointer: `/duckers/${index}/targets` })),
  ]),
];

/** The edges that lie on or behind a loop: what stays when every node without an open input is taken away (Kahn 1962). */
const knotted = (edges: readonly Edge[]): readonly Edge[] => {
  const inputs = new Map<string, number>();
  const outputs = new Map<string, Edge[]>();
  for (const edge of edges) {
    inputs.set(edge.from, inputs.get(edge.from) ?? 0);
    inputs.set(edge.to, (inputs.get(edge.to) ?? 0) + 1);
    const others = outputs.get(edge.from);
    if (others === undefined) outputs.set(edge.from, [edge]);
    else others.push(edge);
  }
  const free = [...inputs].filter(([, count]) => count === 0).map(([node]) => node);
  const gone = new Set<string>();
  for (let node = free.pop(); node !== undefined; node = free.pop()) {
    gone.add(node);
    for (const { to } of outputs.get(node) ?? []) {
      const left = inputs.get(to)! - 1;
      inputs.set(to, left);
      if (left === 0) free.push(to);
    }
  }
  return edges.filter(({ from, to }) => !gone.has(from) && !gone.has(to));
};

/** One loop among knotted edges, found by going against their direction until a node comes again. */
const loopIn = (edges: readonly Edge[]): readonly Edge[] => {
  const inputOf = new Map(edges.map((edge) => [edge.to, edge]));
  const way: Edge[] = [];
  const seen = new Set<string>();
  let edge = edges[0]!;
  while (!seen.has(edge.to)) {
    seen.add(edge.to);
    way.push(edge);
    edge = inputOf.get(edge.from)!;
  }
  return way.slice(way.findIndex(({ to }) => to === edge.to)).reverse();
};

/** The loop turned so that it ends with the least usual of its edges, the one most likely to be the mistake. */
const endingWithOddest = (loop: readonly Edge[], edges: readonly Edge[]): readonly Edge[] => {
  const inLoop = new Set(loop);
  const start = loop.indexOf(edges.filter((edge) => inLoop.has(edge)).at(-1)!) + 1;
  return [...loop.slice(start), ...loop.slice(0, start)];
};

const loops = (document: MixDocument, places: Places): readonly Problem[] => {
  const edges = edgesOf(document, places);
  const rest = knotted(edges);
  if (rest.length === 0) return [];
  const loop = endingWithOddest(loopIn(rest), edges);
  const { to, pointer } = loop.at(-1)!;
  const chain = [...loop.map(({ from }) => from), to].join(" -> ");
  return [
    wrong(pointer, `The signal goes in a circle: ${chain}. Send one of them elsewhere.`, {
      subjects: loop.map(({ from }) => from),
    }),
  ];
};

const masters = ({ buses }: Places): readonly Problem[] => {
  const found = buses.filter(({ item }) => item.kind === "master");
  if (found.length === 0) return [wrong("/buses", 'No bus is the master: exactly one bus has kind "master".')];
  return found
    .slice(1)
    .map(({ item, pointer }) =>
      wrong(
        `${pointer}/kind`,
        `Bus ${item.id} is a second master beside ${found[0]!.item.id}; exactly one bus is the master.`,
        { subjects: [found[0]!.item.id] },
      ),
    );
};

const ends = ({ buses }: Places): readonly Problem[] =>
  buses.flatMap(({ item, pointer }) => {
    const isMaster = item.kind === "master";
    if (isMaster === (item.output === null)) return [];
    const message = isMaster
      ? `The master ${item.id} is the end of the mix: its output must be null, not ${item.output}.`
      : `Bus ${item.id} has no output; only the master ends the mix. Name a bus.`;
    return [wrong(`${pointer}/output`, message)];
  });

/** Loops of outputs, sends, side-chains and duckers; the one master; buses that lead nowhere. */
export const checkRouting = (document: MixDocument, places: Places): readonly Problem[] => [
  ...masters(places),
  ...ends(places),
  ...loops(document, places),
];
