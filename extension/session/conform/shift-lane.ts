import type { Automation, AutomationPoint } from "../../../schema/generated/mix-document.ts";
import { compare, least, most, type Piece } from "./cut-item.ts";

/** Level that stands for "off", in dB. */
const OFF_DB = -120;
const toGain = (db: number) => (db <= OFF_DB ? 0 : 10 ** (db / 20));
const toDb = (gain: number) => (gain <= 1e-6 ? OFF_DB : 20 * Math.log10(gain));
const rounded = (db: number) => Math.round(db * 1e4) / 1e4;

type Points = readonly AutomationPoint[];

/** The point that stands on a lane's curve at a time, without bending it; null for a lane without points. */
const pointAt = (points: Points, at: bigint): AutomationPoint | null => {
  const [first, last] = [points[0], points.at(-1)];
  if (!first || !last) return null;
  const next = points.findIndex(([ticks]) => BigInt(ticks) > at);
  if (next === 0) return [String(at), first[1], "hold"];
  if (next < 0) return [String(at), last[1], "hold"];
  const [from, fromDb, curve] = points[next - 1]!;
  const [to, toDb2] = points[next]!;
  const share = Number(at - BigInt(from)) / Number(BigInt(to) - BigInt(from));
  if (curve === "hold" || share === 0) return [String(at), fromDb, curve];
  if (curve === "linear") return [String(at), rounded(fromDb + (toDb2 - fromDb) * share), curve];
  return [String(at), rounded(toDb(toGain(fromDb) * (1 - share) + toGain(toDb2) * share)), curve];
};

/** A stretch of the old timeline that moved as one, from the start of its first clip to the end of its last. */
type Block = { start: bigint; end: bigint; readonly shift: bigint };

const newStart = ({ start, shift }: Block): bigint => start + shift;
const newEnd = ({ end, shift }: Block): bigint => end + shift;

/** In the new order; neighbours with one shift are one block, since what lay between them moved too. In a cross-fade the later one counts. */
const blocksOf = (pieces: readonly Piece[]): Block[] => {
  const blocks: Block[] = [];
  const inNewOrder = [...pieces].sort((a, b) => compare(a.start + a.shift, b.start + b.shift));
  for (const { start, end, shift } of inNewOrder) {
    const last = blocks.at(-1);
    if (last?.shift === shift) last.end = most(end, last.end);
    else blocks.push({ start, end, shift });
  }
  for (const [index, block] of blocks.entries()) {
    const next = blocks[index + 1];
    if (next) block.end = least(block.end, newStart(next) - block.shift);
  }
  return blocks;
};

type Region = {
  readonly block: Block;
  /** Neighbours in the new order. */
  readonly previous: Block | undefined;
  readonly next: Block | undefined;
  readonly isFirst: boolean;
  readonly isLast: boolean;
};

const regionsOf = (blocks: readonly Block[]): Region[] => {
  const inOldOrder = [...blocks].sort((a, b) => compare(a.start, b.start));
  return blocks.map((block, index) => {
    const [previous, next] = [blocks[index - 1], blocks[index + 1]];
    const isFirst = previous === undefined && inOldOrder[0] === block;
    return { block, previous, next, isFirst, isLast: next === undefined && inOldOrder.at(-1) === block };
  });
};

/** What lies under no clip goes with the clips before it, or at the start with those behind it. */
const ownerOf = (blocks: readonly Block[], at: bigint): Block | undefined => {
  const before = blocks.filter(({ start }) => start <= at);
  const nearest = (a: Block, b: Block) => (b.start > a.start ? b : a);
  const first = (a: Block, b: Block) => (b.start < a.start ? b : a);
  return before.length > 0 ? before.reduce(nearest) : blocks.reduce(first);
};

/** True when a point of a region still lies between the neighbours' clips where it goes. */
const hasRoom = ({ block, previous, next }: Region, at: bigint): boolean => {
  const now = at + block.shift;
  return (previous === undefined || now >= newEnd(previous)) && (next === undefined || now <= newStart(next));
};

const moved = ([ticks, value, curve]: AutomationPoint, shift: bigint): AutomationPoint => [
  String(BigInt(ticks) + shift),
  value,
  curve,
];

/** The points of one region as they stand in the old lane, with points on the curve where another curve will begin. */
const regionPoints = (points: Points, region: Region, owners: readonly (Block | undefined)[]): Points => {
  const { start, end } = region.block;
  const own = points.filter(([ticks], index) => {
    const at = BigInt(ticks);
    const isUnder = at >= start && at <= end;
    return (isUnder || owners[index] === region.block) && hasRoom(region, at);
  });
  const hasPoint = (at: bigint) => own.some(([ticks]) => BigInt(ticks) === at);
  const first = region.isFirst || hasPoint(start) ? null : pointAt(points, start);
  const last = region.isLast || hasPoint(end) ? null : pointAt(points, end);
  const all = [...own, ...(first ? [first] : []), ...(last ? [last] : [])];
  return all.sort(([a], [b]) => compare(BigInt(a), BigInt(b)));
};

/** A ride whose points followed the clips under them, and the points that have no place any more. */
export type ShiftedLane = { readonly lane: Automation; readonly dropped: readonly AutomationPoint[] };

/**
 * A ride on a track's time, carried onto the new cut: each stretch of clips takes its part of the curve along, and between stretches
 * that moved differently the level goes on to the next. Where nothing moved differently every point moves alike.
 */
export const shiftLane = (lane: Automation, pieces: readonly Piece[]): ShiftedLane => {
  const blocks = blocksOf(pieces);
  if (blocks.length === 0) return { lane, dropped: [] };
  const owners = lane.points.map(([ticks]) => ownerOf(blocks, BigInt(ticks)));
  const used = new Set<AutomationPoint>();
  const points = regionsOf(blocks).flatMap((region) =>
    regionPoints(lane.points, region, owners).map((point) => {
      used.add(point);
      return moved(point, region.block.shift);
    }),
  );
  return { lane: { ...lane, points }, dropped: lane.points.filter((point) => !used.has(point)) };
};
