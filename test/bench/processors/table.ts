import { processors } from "../../../schema/processors/index.ts";
import { type Case, counterparts } from "./counterparts.ts";
import { engineMeter } from "./engine-seconds.ts";
import { installedPeers, PeerMeter } from "./peer-seconds.ts";
import { createProgramme, type Programme } from "./programme.ts";

const ROUNDS = 3;
/** A peer that took longer is not asked again: the noise is far below its time. */
const SLOW_SECONDS = 1;
/** Times realtime that a processor shall reach on one core. */
const FLOORS = { plain: 60, neural: 15 } as const;

type Row = {
  readonly name: string;
  readonly timesRealtime: number;
  readonly peer: string;
  /** Peer's time over ours; null without a peer, 0 when the peer's is too little to measure. */
  readonly ratio: number | null;
  readonly floor: number;
};

/** Ours and the peer in turn, the least of each: load only ever adds. */
const measureCase = async (
  type: string,
  one: Case,
  programme: Programme,
  peers: PeerMeter,
  installed: ReturnType<typeof installedPeers>,
): Promise<Row> => {
  const ours = engineMeter(type, one, programme);
  const { peer, channels = 2, variant, neural } = one;
  const usable = peer !== null && installed[peer.tool] ? peer : null;
  const { seconds, net } = usable ? await peers.probe(usable, channels) : { seconds: 1, net: 0 };
  let oursBest = ours();
  let peerBest = net;
  for (let round = 1; round < ROUNDS; round += 1) {
    oursBest = Math.min(oursBest, ours());
    if (usable && net < SLOW_SECONDS) peerBest = Math.min(peerBest, await peers.net(usable, channels, seconds));
  }
  const missing = peer !== null && usable === null ? " (not installed)" : "";
  return {
    name: variant === undefined ? type : `${type}, ${variant}`,
    timesRealtime: 1 / oursBest,
    peer: peer === null ? "none" : `${peer.tool} ${peer.name}${missing}`,
    ratio: usable ? peerBest / seconds / oursBest : null,
    floor: neural ? FLOORS.neural : FLOORS.plain,
  };
};

const ratioText = (ratio: number | null): string => {
  if (ratio === null) return "-";
  return ratio === 0 ? "?" : ratio.toFixed(2);
};

const line = ({ name, timesRealtime, peer, ratio, floor }: Row): string =>
  [
    name.padEnd(34),
    timesRealtime.toFixed(timesRealtime < 100 ? 1 : 0).padStart(8),
    `  ${peer.padEnd(30)}`,
    ratioText(ratio).padStart(7),
    timesRealtime < floor ? `  UNDER ${floor}x` : "",
  ].join("");

/** Prints one row for each entry of each processor of the registry; those under their floor are named again at the end. */
export const printProcessors = async (): Promise<void> => {
  const installed = installedPeers();
  const programme = createProgramme(installed.sox);
  const peers = new PeerMeter(programme);
  const slow: string[] = [];
  try {
    console.log(
      "Processors, stereo (unless said) at 48 kHz on one core; ratio = the counterpart's time over ours (? = too little to measure)",
    );
    console.log(`${"processor".padEnd(34)}${"x real".padStart(8)}  ${"counterpart".padEnd(30)}${"ratio".padStart(7)}`);
    for (const { type } of processors)
      for (const one of counterparts[type]) {
        const row = await measureCase(type, one, programme, peers, installed);
        console.log(line(row));
        if (row.timesRealtime < row.floor) slow.push(row.name);
      }
    console.log(slow.length === 0 ? "None is under its floor." : `Under the floor: ${slow.join("; ")}.`);
  } finally {
    programme.remove();
  }
};
