import { lowestTerms } from "../../schema/fraction.ts";
import type { Clip, Media } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import { TICKS_PER_SECOND } from "../../schema/ticks.ts";
import { automationOf } from "./clip-automation.ts";
import type { Cut, SoundingRange } from "./clip-ranges.ts";
import type { ClipFacts, TrackFacts } from "./read-sequence.ts";
import { hasOwnMedia, unsupportedReasons } from "./unsupported.ts";

/** One medium of the document with its id. */
export type ClipMedia = { readonly id: string; readonly media: Media };

/** Ids of a track's clips in their order: as an export carried them, from the project file's GUID, else from source, range and occurrence. */
export const clipIds = (track: TrackFacts, taken: ReadonlySet<string> = new Set()): readonly string[] => {
  const seen = new Map<string, number>();
  return track.clips.map(({ reply, saved }) => {
    if (saved?.carried?.id !== undefined) return saved.carried.id;
    if (saved && isGuid(saved.id)) return stableId("clp", saved.id);
    const anchor = [String(track.reply.index), reply.mediaPath, reply.name, reply.inTicks, reply.startTicks].join("\n");
    for (let occurrence = seen.get(anchor) ?? 0; ; occurrence += 1) {
      const id = stableId("clp", anchor, String(occurrence));
      seen.set(anchor, occurrence + 1);
      if (!taken.has(id)) return id;
    }
  });
};

const isGuid = (id: string) => /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i.test(id);

/** Length of a medium in ticks; null when it is not known. */
export const mediaTicks = ({ frames, sampleRate }: Media): string | null =>
  frames === null || sampleRate === null ? null : String((BigInt(frames) * TICKS_PER_SECOND) / BigInt(sampleRate));

/** A clip's cut and how far its media would allow handles. */
export const cutOf = ({ reply }: ClipFacts, medium: ClipMedia | undefined): Cut => {
  const length = medium ? mediaTicks(medium.media) : null;
  return {
    name: reply.name,
    start: BigInt(reply.startTicks),
    end: BigInt(reply.endTicks),
    sourceIn: BigInt(reply.inTicks),
    speed: reply.speed,
    sourceLength: length === null ? null : BigInt(length),
  };
};

/** Source channels of a clip: as the host told, else as the saved file has it, else the first ones of the media. */
const channelsOf = ({ reply, saved }: ClipFacts, medium: ClipMedia | undefined): number[] => {
  const inMedia = medium?.media.channels ?? saved?.mediaChannels ?? null;
  const last = Math.max((inMedia ?? 256) - 1, 0);
  const told = reply.channels.length > 0 ? reply.channels : (saved?.channels ?? []);
  if (told.length > 0) return told.map((channel) => Math.min(Math.max(channel, 0), last));
  const carried = reply.channelCount > 0 ? reply.channelCount : Math.min(inMedia ?? 2, 2);
  return Array.from({ length: carried }, (_, channel) => Math.min(channel, last));
};

/** Speed as a fraction in thousandths, in lowest terms: 1 = "1/1", 1.5 = "3/2". */
const speedText = (speed: number): string => {
  const { numerator, denominator } = lowestTerms(Math.max(0, Math.round(speed * 1000)), 1000);
  return `${numerator}/${denominator}`;
};

/** Speed of a clip as a number. */
export const speedOf = ({ speed }: Pick<Clip, "speed">): number => {
  const [over, under] = speed.split("/").map(Number);
  return (over ?? 1) / (under ?? 1);
};

type ClipParts = {
  readonly id: string;
  readonly facts: ClipFacts;
  readonly media: ClipMedia | undefined;
  readonly range: SoundingRange;
  readonly roleSource: string;
};

/** One clip of the document. What cannot be rendered keeps its facts, is silent, and says why in its note. */
export const buildClip = ({ id, facts, media, range, roleSource }: ClipParts): Clip => {
  const { reply, saved } = facts;
  const reasons = unsupportedReasons(facts);
  const sourceInTicks = String(range.sourceIn);
  const durationTicks = String(range.end - range.start);
  // Keys count as the timeline does, also where the source runs at another speed.
  const keysFrom = BigInt(reply.inTicks) - (BigInt(reply.startTicks) - range.start);
  const silenced = reasons.length > 0 && !reply.disabled;
  const note = saved?.carried?.note ?? (silenced ? `Silent: it ${reasons.join(" and ")}.` : undefined);
  const anchor = {
    clipIndex: reply.clipIndex,
    ...(saved && isGuid(saved.id) ? { itemGuid: saved.id } : {}),
    // Heard in the host: whoever takes the clip back there leaves it on.
    ...(silenced ? { silenced } : {}),
  };
  return {
    id,
    name: reply.name,
    media: hasOwnMedia(facts) ? (media?.id ?? null) : null,
    enabled: !reply.disabled && reasons.length === 0,
    startTicks: String(range.start),
    durationTicks,
    sourceInTicks,
    speed: speedText(reply.speed),
    reversed: reply.reversed,
    role: null,
    roleSource,
    channels: channelsOf(facts, media),
    gainDb: saved?.gainDb ?? 0,
    volumeDb: reply.volumeKeys.length > 0 ? 0 : (reply.volumeDb ?? 0),
    ...(reply.channelGainsDb.some((gainDb) => gainDb !== 0) ? { channelGainsDb: [...reply.channelGainsDb] } : {}),
    fadeIn: range.fadeIn,
    fadeOut: range.fadeOut,
    processors: [],
    automation: automationOf(reply.volumeKeys, String(keysFrom), durationTicks),
    host: { premiere: anchor },
    ...(note === undefined ? {} : { note }),
  };
};
