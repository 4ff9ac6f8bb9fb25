import type { StemHops } from "./stem-hops.ts";

/** How far a stem lies under the dialogue while somebody speaks. */
export type SpeechDifference = {
  /** Over all speech in which the stem sounds, in LU; null when the two never sound together. */
  readonly differenceLu: number | null;
  /** Share of the speech in which the stem sounds, 0..1. */
  readonly coverage: number;
  /** Stretches of at least 1 s whose difference is below the wanted one, in time order. */
  readonly critical: readonly {
    readonly startSeconds: number;
    readonly endSeconds: number;
    readonly differenceLu: number;
  }[];
};

/** Blocks of 400 ms; gates as in BS.1770: -70 LUFS, then 10 LU under what passes. */
const BLOCK_HOPS = 4;
const WINDOW_HOPS = 30;
const lufs = (energy: number) => (energy > 0 ? -0.691 + 10 * Math.log10(energy) : Number.NEGATIVE_INFINITY);
const energyOfLufs = (level: number) => 10 ** ((level + 0.691) / 10);
const silenceEnergy = energyOfLufs(-70);

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / Math.max(values.length, 1);

/** Mean energy of the 400 ms around each hop. */
const blockEnergies = (energies: Float64Array): Float64Array =>
  energies.map((_, hop) => {
    const from = Math.max(0, hop - 1);
    const part = energies.subarray(from, Math.min(energies.length, from + BLOCK_HOPS));
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  });

/** True for each hop in which the dialogue stem speaks: its 400 ms block passes both gates, and the hop itself is no edge of silence. */
export const speechHops = ({ energies }: StemHops): readonly boolean[] => {
  const blocks = blockEnergies(energies);
  const loud = [...blocks].filter((energy) => energy > silenceEnergy);
  const gate = energyOfLufs(lufs(mean(loud)) - 10);
  return Array.from(blocks, (energy, hop) => energy > silenceEnergy && energy > gate && energies[hop]! > gate / 10);
};

const differenceOver = (speech: StemHops, other: StemHops, hops: readonly number[]): number | null => {
  const own = mean(hops.map((hop) => speech.energies[hop] ?? 0));
  const under = mean(hops.map((hop) => other.energies[hop] ?? 0));
  return hops.length > 0 && own > 0 && under > 0 ? lufs(own) - lufs(under) : null;
};

/** Windows of 3 s, one a second, that are mostly speech and too close; neighbours are joined. */
const criticalPassages = (speech: StemHops, other: StemHops, together: ReadonlySet<number>, wantedLu: number) => {
  const passages: { startSeconds: number; endSeconds: number; differenceLu: number }[] = [];
  const { hopSeconds } = speech;
  for (let start = 0; start < speech.energies.length; start += 10) {
    const window = Array.from({ length: WINDOW_HOPS }, (_, hop) => start + hop).filter((hop) => together.has(hop));
    if (window.length < 10) continue;
    const difference = differenceOver(speech, other, window);
    if (difference === null || difference >= wantedLu) continue;
    const startSeconds = window[0]! * hopSeconds;
    const endSeconds = (window.at(-1)! + 1) * hopSeconds;
    const last = passages.at(-1);
    if (last && startSeconds <= last.endSeconds) {
      last.endSeconds = endSeconds;
      last.differenceLu = Math.min(last.differenceLu, difference);
    } else passages.push({ startSeconds, endSeconds, differenceLu: difference });
  }
  return passages;
};

/** Compares a stem with the dialogue stem where somebody speaks. Torcoli et al., JAES 67(12), 2019: 10 LU for music, 15 for ambience. */
export const speechDifference = (speech: StemHops, other: StemHops, wantedLu: number): SpeechDifference => {
  const speaks = speechHops(speech);
  const spoken = speaks.flatMap((marked, hop) => (marked ? [hop] : []));
  const together = spoken.filter((hop) => (other.energies[hop] ?? 0) > silenceEnergy);
  const difference = differenceOver(speech, other, together);
  return {
    differenceLu: difference === null ? null : Math.round(difference * 100) / 100,
    coverage: spoken.length === 0 ? 0 : together.length / spoken.length,
    critical: criticalPassages(speech, other, new Set(together), wantedLu),
  };
};
