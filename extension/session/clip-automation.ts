import type { Automation, AutomationPoint } from "../../schema/generated/mix-document.ts";
import type { KeyframeReply } from "../../schema/host-protocol.ts";
import type { Ticks } from "../../schema/ticks.ts";

/** Level that stands for "off", in dB. */
const OFF_DB = -120;

const toGain = (db: number) => (db <= OFF_DB ? 0 : 10 ** (db / 20));
const toDb = (gain: number) => (gain <= 1e-6 ? OFF_DB : Math.round(20 * Math.log10(gain) * 1e4) / 1e4);

/** Level in dB at `at`: straight in linear gain between keys (as Premiere moves), constant outside them. */
const levelAt = (keys: readonly { readonly at: bigint; readonly levelDb: number }[], at: bigint): number => {
  const after = keys.findIndex((key) => key.at >= at);
  if (after === -1) return keys.at(-1)!.levelDb;
  const next = keys[after]!;
  const previous = keys[after - 1];
  if (!previous || next.at === at) return next.levelDb;
  const share = Number(at - previous.at) / Number(next.at - previous.at);
  return toDb(toGain(previous.levelDb) * (1 - share) + toGain(next.levelDb) * share);
};

/**
 * Volume keys (media time) as automation of a clip whose sounding range starts at `sourceIn`; keys outside the range are
 * replaced by the level at its edge, so that the curve inside stays exactly the editor's.
 */
export const automationOf = (keys: readonly KeyframeReply[], sourceIn: Ticks, duration: Ticks): Automation[] => {
  if (keys.length === 0) return [];
  const length = BigInt(duration);
  const shifted = keys.map(({ mediaTicks, levelDb }) => ({ at: BigInt(mediaTicks) - BigInt(sourceIn), levelDb }));
  const inside = shifted.filter(({ at }) => at > 0n && at < length);
  const edges = [0n, ...inside.map(({ at }) => at), ...(length > 0n ? [length] : [])];
  const points = edges.map((at): AutomationPoint => [String(at), levelAt(shifted, at), "amplitude"]);
  return [{ param: "volumeDb", timebase: "clip", points }];
};

/** Mean level of a clip's automation over its duration, in dB, by power: what a listener's loudness changes by. */
export const meanLevelDb = (automation: readonly Automation[], duration: Ticks): number => {
  const keys = (automation[0]?.points ?? []).map(([mediaTicks, levelDb]) => ({ mediaTicks, levelDb }));
  const points = automationOf(keys, "0", duration)[0]?.points ?? [];
  let power = 0;
  let span = 0;
  for (let index = 1; index < points.length; index += 1) {
    const [from, fromDb] = points[index - 1]!;
    const [to, toDb2] = points[index]!;
    const seconds = Number(BigInt(to) - BigInt(from));
    const a = toGain(fromDb);
    const b = toGain(toDb2);
    power += ((a * a + a * b + b * b) / 3) * seconds;
    span += seconds;
  }
  if (span === 0) return points[0]?.[1] ?? 0;
  return power <= 1e-12 * span ? OFF_DB : 10 * Math.log10(power / span);
};
