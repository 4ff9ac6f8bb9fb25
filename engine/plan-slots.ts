import { type ChannelLayout, channelCount } from "../schema/channel-layout.ts";
import type { Processor } from "../schema/generated/mix-document.ts";
import { isForeign } from "../schema/later-processors.ts";
import type { Problem } from "../schema/problem.ts";
import { defaultsOf, flattenParams } from "../schema/processor.ts";
import { findProcessor, processorTypeId } from "../schema/processors/index.ts";
import type { PlanMedia, SlotPlan } from "./render-plan.ts";

/** What planning works on and collects. */
export type PlanGround = {
  readonly media: ReadonlyMap<string, PlanMedia>;
  /** Why a media could not be opened, by id: only inserts may do without. */
  readonly refusals: ReadonlyMap<string, string>;
  /** The name of a media file, for people. */
  readonly mediaName: (id: string) => string;
  readonly busIndex: (id: string) => number;
  readonly warnings: string[];
  readonly problems: Problem[];
};

const LONGEST_RESOURCE_SECONDS = 10;
const MOST_RESOURCE_CHANNELS = 16;

type Insert = { readonly [key: string]: unknown };

const refusalOf = (file: string, resource: PlanMedia | undefined, refusals: PlanGround["refusals"]): string | null => {
  if (!resource) return `cannot be opened (${refusals.get(file) ?? "no file was found for it"})`;
  if (resource.frames === 0) return "holds no sound";
  if (resource.frames > LONGEST_RESOURCE_SECONDS * resource.sampleRate)
    return `is longer than ${LONGEST_RESOURCE_SECONDS} s`;
  return resource.channels > MOST_RESOURCE_CHANNELS ? `has more than ${MOST_RESOURCE_CHANNELS} channels` : null;
};

/** The file an insert works with; one that cannot serve switches the insert off and is named, the rest of the mix goes on. */
const resourceOf = (
  insert: Insert,
  { media, refusals, mediaName, warnings }: PlanGround,
): { resource: PlanMedia | null; usable: boolean } => {
  const file = insert["file"];
  if (typeof file !== "string") return { resource: null, usable: true };
  const resource = media.get(file);
  const refusal = refusalOf(file, resource, refusals);
  if (refusal === null) return { resource: resource ?? null, usable: true };
  const name = JSON.stringify(mediaName(file));
  warnings.push(`Media ${name} of insert ${String(insert["id"])} ${refusal}: the insert is off in this mix.`);
  return { resource: null, usable: false };
};

/** The layout in which sound arrives at an insert and the one of the blocks that it works on. */
type SlotLayouts = { readonly from: ChannelLayout; readonly to: ChannelLayout };

/** One insert or rule as numbers; `keys` are the buses that it listens to. */
export const slotPlan = (
  insert: Insert,
  type: string,
  keys: readonly number[],
  { from, to }: SlotLayouts,
  ground: PlanGround,
): SlotPlan => {
  const definition = findProcessor(type);
  if (!definition) throw new TypeError(`no processor "${type}": the document was not validated`);
  const { resource, usable } =
    definition.file === undefined ? { resource: null, usable: true } : resourceOf(insert, ground);
  return {
    id: String(insert["id"]),
    typeId: processorTypeId(type),
    values: flattenParams(definition, { ...defaultsOf(definition), ...insert }),
    enabled: usable && insert["enabled"] !== false,
    mixPercent: typeof insert["mixPercent"] === "number" ? insert["mixPercent"] : 100,
    neural: definition.neural === true,
    resource,
    inputChannels: channelCount(from),
    channels: channelCount(to),
    keys,
  };
};

const sidechainOf = (insert: Insert): string | null =>
  typeof insert["sidechain"] === "string" ? insert["sidechain"] : null;

/** Inserts of another program or of a later version are kept in the document and bypassed here. */
const ours = (list: readonly Processor[]) => list.filter(({ type }) => !isForeign(type));

/** Inserts of a bus; each may listen to another bus. */
export const busSlotPlans = (list: readonly Processor[], layout: ChannelLayout, ground: PlanGround): SlotPlan[] =>
  ours(list).map((insert) => {
    const sidechain = sidechainOf(insert);
    const keys = sidechain === null ? [] : [ground.busIndex(sidechain)];
    return slotPlan(insert, insert.type, keys, { from: layout, to: layout }, ground);
  });

/** Inserts in order, and the layout behind them. */
export type ChainPlan = { readonly slots: readonly SlotPlan[]; readonly outputLayout: ChannelLayout };

const layoutBehind = ({ type, enabled }: Processor, layout: ChannelLayout, target: ChannelLayout): ChannelLayout => {
  const widens = enabled && findProcessor(type)?.widens === true;
  return widens && channelCount(target) > channelCount(layout) ? target : layout;
};

/** Inserts of a clip or track of `layout` on its way to `target`; they sound before any bus does and so can hear none. */
export const ownChainPlan = (
  list: readonly Processor[],
  layout: ChannelLayout,
  target: ChannelLayout,
  ground: PlanGround,
): ChainPlan => {
  const slots: SlotPlan[] = [];
  let from = layout;
  for (const insert of ours(list)) {
    if (sidechainOf(insert) !== null)
      ground.warnings.push(
        `Insert ${insert.id} names a side-chain, which only inserts of buses can hear: it listens to itself. Move it to the track's bus.`,
      );
    const to = layoutBehind(insert, from, target);
    slots.push(slotPlan(insert, insert.type, [], { from, to }, ground));
    from = to;
  }
  return { slots, outputLayout: from };
};
