import { cueBus } from "../cue-bus.ts";
import type { Cue, MixDocument } from "../generated/mix-document.ts";
import type { Problem } from "../problem.ts";
import { type Placed, wrong } from "./places.ts";
import { empty, fadeProblems, negative } from "./time.ts";

const homeless = (document: MixDocument, { item, pointer }: Placed<Cue>): readonly Problem[] => {
  if (cueBus(document, item.role)) return [];
  const allowed = [...new Set(document.buses.flatMap(({ role }) => (role === null ? [] : [role])))];
  const choice = allowed.length === 0 ? "no bus has a role" : `there are buses for ${allowed.join(", ")}`;
  const message = `Cue ${item.id} is for ${item.role}, but no bus has that role; ${choice}.`;
  return [wrong(`${pointer}/role`, message, { allowed })];
};

const tooHigh = (document: MixDocument, { item, pointer }: Placed<Cue>): readonly Problem[] => {
  const halfRate = document.sequence.sampleRate / 2;
  const { source } = item;
  if (source.kind !== "tone" && source.kind !== "sweep") return [];
  const named = {
    frequencyHz: source.frequencyHz,
    ...(source.kind === "sweep" ? { toFrequencyHz: source.toFrequencyHz } : {}),
  };
  return Object.entries(named)
    .filter(([, hz]) => hz >= halfRate)
    .map(([name, hz]) =>
      wrong(
        `${pointer}/source/${name}`,
        `Cue ${item.id} asks for ${hz} Hz; at ${document.sequence.sampleRate} Hz only what is below ${halfRate} Hz can sound.`,
        { allowed: [`below ${halfRate}`] },
      ),
    );
};

const cueTimes = ({ item, pointer }: Placed<Cue>): readonly Problem[] => {
  const { id, startTicks, fadeIn, fadeOut, source } = item;
  return [
    ...negative(`${pointer}/startTicks`, startTicks),
    ...empty(`${pointer}/source/durationTicks`, source.durationTicks),
    ...(source.kind === "file" ? negative(`${pointer}/source/sourceInTicks`, source.sourceInTicks) : []),
    ...fadeProblems(`${pointer}/fadeIn`, fadeIn, `cue ${id}`, source.durationTicks),
    ...fadeProblems(`${pointer}/fadeOut`, fadeOut, `cue ${id}`, source.durationTicks),
  ];
};

/** Cues without a bus, at impossible times, or with frequencies that cannot sound. */
export const checkCues = (document: MixDocument): readonly Problem[] =>
  (document.cues ?? [])
    .map((item, index) => ({ item, pointer: `/cues/${index}` }))
    .flatMap((placed) => [...cueTimes(placed), ...homeless(document, placed), ...tooHigh(document, placed)]);
