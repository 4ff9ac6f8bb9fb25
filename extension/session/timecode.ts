import { TICKS_PER_SECOND, type Ticks } from "../../schema/ticks.ts";

/** What a sequence's timecode counts in. */
export type TimecodeBase = {
  /** "25", "30000/1001". */
  readonly frameRate: string;
  readonly dropFrame: boolean;
  /** Ticks of the first frame's timecode. */
  readonly startTicks: Ticks;
};

const two = (value: bigint) => String(value).padStart(2, "0");

const rateOf = (frameRate: string): { readonly over: bigint; readonly under: bigint } => {
  const [over, under] = frameRate.split("/");
  return { over: BigInt(over ?? "25"), under: BigInt(under ?? "1") };
};

/** Frame numbers left out so far in drop-frame counting: 2 a minute (4 at 59.94), but not in each tenth. */
const droppedBefore = (frame: bigint, perMinute: bigint, dropped: bigint): bigint => {
  const perTenMinutes = perMinute * 10n - dropped * 9n;
  const tens = frame / perTenMinutes;
  const rest = frame % perTenMinutes;
  const minutes = rest < perMinute ? 0n : (rest - perMinute) / (perMinute - dropped) + 1n;
  return tens * dropped * 9n + minutes * dropped;
};

/** Timecode of the frame in which `ticks` (from the sequence start) lies: "01:02:03:04", with ";" before the frames in drop-frame. */
export const formatTimecode = (ticks: Ticks, base: TimecodeBase): string => {
  const { over, under } = rateOf(base.frameRate);
  const total = BigInt(ticks) + BigInt(base.startTicks);
  const sign = total < 0n ? "-" : "";
  const magnitude = total < 0n ? -total : total;
  const perSecond = (over + under - 1n) / under;
  const frame = (magnitude * over) / (TICKS_PER_SECOND * under);
  const isDrop = base.dropFrame && under === 1001n && perSecond % 30n === 0n;
  const shown = isDrop ? frame + droppedBefore(frame, perSecond * 60n, perSecond / 15n) : frame;
  const seconds = shown / perSecond;
  const time = `${two(seconds / 3600n)}:${two((seconds / 60n) % 60n)}:${two(seconds % 60n)}`;
  return `${sign}${time}${isDrop ? ";" : ":"}${two(shown % perSecond)}`;
};
