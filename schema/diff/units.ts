/** Longest first: gainDb ends like targetDb, slopeDbPerOctave like neither. */
const endings: readonly (readonly [string, string])[] = [
  ["DbPerOctave", "dB/oct"],
  ["DbPerSecond", "dB/s"],
  ["Dbtp", "dBTP"],
  ["Dbfs", "dBFS"],
  ["Lufs", "LUFS"],
  ["Seconds", "s"],
  ["Percent", "%"],
  ["Degrees", "degrees"],
  ["Frames", "frames"],
  ["Bytes", "bytes"],
  ["Ticks", "ticks"],
  ["Db", "dB"],
  ["Lu", "LU"],
  ["Ms", "ms"],
  ["Hz", "Hz"],
];

const endingOf = (name: string) => endings.find(([ending]) => name.endsWith(ending));

/** The unit that a name holds ("dB" of thresholdDb), or null. */
export const unitOfName = (name: string): string | null => endingOf(name)?.[1] ?? (name === "sampleRate" ? "Hz" : null);

/** A name in words, without its unit: "threshold" of thresholdDb, "true peak" of truePeakDbtp. */
export const wordsOfName = (name: string): string => {
  const ending = endingOf(name)?.[0] ?? "";
  return name
    .slice(0, name.length - ending.length)
    .replace(/(\p{Ll})(\p{Lu})/gu, "$1 $2")
    .toLowerCase();
};
