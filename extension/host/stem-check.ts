import type { ReadBackReply, StemPlacement } from "../../schema/host-protocol.ts";
import type { Ticks } from "../../schema/ticks.ts";

/** How far a placed stem's level may be off 0 dB. */
const LEVEL_TOLERANCE_DB = 0.01;

const channelsOfType = { 0: 1, 1: 2, 2: 6 } as const;

const comparable = (path: string): string =>
  path
    .normalize("NFC")
    .replaceAll("\\", "/")
    .replace(/^\/\/\?\//, "")
    .toLowerCase();

/** Whether two paths name one file: builds differ in slashes, Windows' long-path prefix, case and Unicode form. */
export const samePath = (left: string, right: string): boolean => comparable(left) === comparable(right);

/** Whether a placed stem plays at 0 dB; one without a volume does. */
export const atUnity = ({ volumeDb }: ReadBackReply): boolean =>
  volumeDb === null || Math.abs(volumeDb) <= LEVEL_TOLERANCE_DB;

const withinHalfFrame = (at: Ticks, wanted: bigint, timebaseTicks: Ticks): boolean => {
  const off = BigInt(at) - wanted;
  return (off < 0n ? -off : off) * 2n <= BigInt(timebaseTicks);
};

/** What is wrong with a placed stem; null when it lies where it should (half a picture frame), whole, alone and at unity. */
export const misplacement = (
  stem: StemPlacement,
  at: ReadBackReply,
  startTicks: Ticks,
  timebaseTicks: Ticks,
): string | null => {
  const start = BigInt(startTicks);
  const end = start + BigInt(stem.durationTicks);
  const channels = channelsOfType[stem.channelType];
  if (!withinHalfFrame(at.startTicks, start, timebaseTicks)) return `it starts at tick ${at.startTicks}, not ${start}`;
  if (!withinHalfFrame(at.endTicks, end, timebaseTicks)) return `it ends at tick ${at.endTicks}, not ${end}`;
  if (!withinHalfFrame(at.inTicks, 0n, timebaseTicks)) return `it begins ${at.inTicks} ticks inside its file`;
  if (!samePath(at.mediaPath, stem.file)) return `its file is ${at.mediaPath}, not ${stem.file}`;
  if (at.clipCount !== 1) return `its track has ${at.clipCount} clips`;
  if (at.channelCount !== 0 && at.channelCount !== channels) {
    return `Premiere made it ${at.channelCount} channels wide, not ${channels} (check its import preferences)`;
  }
  if (at.disabled || at.speed !== 1) return "it is disabled or runs at another speed";
  return atUnity(at) ? null : `it plays at ${at.volumeDb} dB`;
};
