import { channelCount } from "../schema/channel-layout.ts";
import type { MixDocument } from "../schema/generated/mix-document.ts";
import type { Problem } from "../schema/problem.ts";

/** Stereo signals that lead to a mono bus. */
const widerInputs = (document: MixDocument): { from: string; to: string }[] => {
  const mono = new Set(document.buses.filter(({ layout }) => layout === "mono").map(({ id }) => id));
  return [...document.tracks, ...document.buses]
    .filter(({ layout }) => layout !== "mono")
    .flatMap(({ id, output, sends }) => [output, ...sends.map(({ to }) => to)].map((to) => ({ from: id, to })))
    .flatMap(({ from, to }) => (to !== null && mono.has(to) ? [{ from, to }] : []));
};

/** Layouts that this version does not mix. */
export const layoutProblems = (document: MixDocument): Problem[] => [
  ...document.tracks
    .filter(({ layout }) => channelCount(layout) > 2)
    .map(
      ({ name, layout }): Problem => ({
        code: "unsupported",
        message: `Track "${name}" is ${layout}; this version mixes mono and stereo tracks.`,
        allowed: ["mono", "stereo"],
      }),
    ),
  ...document.buses
    .filter(({ layout }) => channelCount(layout) > 2)
    .map(
      ({ id, layout }): Problem => ({
        code: "unsupported",
        message: `${id} is ${layout}; this version renders mono and stereo buses.`,
        allowed: ["mono", "stereo"],
      }),
    ),
  ...widerInputs(document).map(
    ({ from, to }): Problem => ({
      code: "unsupported",
      message: `${from} is stereo and leads to the mono bus ${to}; this version does not mix down. Make the bus stereo.`,
      allowed: ["stereo"],
    }),
  ),
  ...document.stems
    .filter(({ from, layout }) => document.buses.some((bus) => bus.id === from && bus.layout !== layout))
    .map(
      ({ id, from, layout }): Problem => ({
        code: "unsupported",
        message: `Stem ${id} is ${layout}, but its bus ${from} is not; this version writes a bus in its own layout.`,
      }),
    ),
  ...document.stems
    .filter(({ sampleRate }) => sampleRate !== document.sequence.sampleRate)
    .map(
      ({ id, sampleRate }): Problem => ({
        code: "unsupported",
        message: `Stem ${id} asks for ${sampleRate} Hz; stems are rendered at the sequence's ${document.sequence.sampleRate} Hz.`,
        allowed: [String(document.sequence.sampleRate)],
      }),
    ),
];
