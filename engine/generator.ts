import type { ChannelLayout } from "../schema/channel-layout.ts";
import { createBreath } from "./cancel.ts";
import type { ClipReader } from "./clip-reader.ts";
import type { EngineInstance } from "./instance.ts";
import type { ClipPlan, GeneratorPlan, GeneratorSound } from "./render-plan.ts";

const colourCodes = { white: 0, pink: 1, brown: 2 } as const;
/** A room has been heard by then, or will not be. */
const LISTEN_SECONDS = 600;

const createHandle = (
  { exports }: EngineInstance,
  sound: GeneratorSound,
  sampleRate: number,
  frames: number,
): number => {
  if (sound.kind === "roomTone") return exports.createLearnedTone(sampleRate, sound.source.channels.length, sound.seed);
  const { kind, levelDbfs } = sound;
  if (kind === "tone") return exports.createTone(sampleRate, sound.frequencyHz, levelDbfs);
  if (kind === "noise") return exports.createNoise(sampleRate, colourCodes[sound.colour], levelDbfs, sound.seed);
  return exports.createSweep(sampleRate, sound.frequencyHz, sound.toFrequencyHz, levelDbfs, frames);
};

/** A generator that plays its plan from beginning to end, in stretches of any length. */
export type GeneratorVoice = {
  readonly plan: GeneratorPlan;
  /** Hears what it has to learn from, at most `frames` at once by way of the buffer `at`; comes before the first `next`. */
  listen(reader: ClipReader, at: number, frames: number): Promise<void>;
  /** Writes the next frames as one pair; `offset` counts from the plan's start and must follow the last stretch. */
  next(offset: number, frames: number, at: number): void;
  /** Why it is silent, if it is. */
  warnings(): string[];
};

/** The sources that generators learn from. */
export const generatorSources = (plans: readonly GeneratorPlan[]): ClipPlan[] =>
  plans.flatMap(({ sound }) => (sound.kind === "roomTone" ? [sound.source] : []));

const noPause = ({ name }: GeneratorPlan): string =>
  `Cue "${name}" found no pause of half a second without speech in its clip to learn the room tone from: the cue is silent. Name a clip with a pause.`;

/** `layout` mono: both sides hold the left one. */
export const createGenerator = (
  instance: EngineInstance,
  plan: GeneratorPlan,
  sampleRate: number,
  layout: ChannelLayout,
): GeneratorVoice => {
  const { exports } = instance;
  const { sound } = plan;
  const handle = createHandle(instance, sound, sampleRate, plan.endFrame - plan.startFrame);
  let position = 0;
  return {
    plan,
    listen: async (reader, at, frames) => {
      if (sound.kind !== "roomTone") return;
      const { source } = sound;
      const breathe = createBreath(undefined);
      const total = Math.min(source.endFrame - source.startFrame, LISTEN_SECONDS * sampleRate);
      for (let done = 0; done < total && exports.isRoomSettled(handle) === 0; done += frames) {
        const count = Math.min(frames, total - done);
        await breathe();
        await reader.read(source, done, count, at);
        exports.hearRoom(handle, at, count);
      }
    },
    next: (offset, frames, at) => {
      if (offset !== position)
        throw new TypeError(`generator ${plan.id} is at ${position} and was asked for ${offset}`);
      exports.generate(handle, at, frames);
      if (layout === "mono") exports.monoToStereo(at, frames);
      position += frames;
    },
    warnings: () => (sound.kind === "roomTone" && exports.isRoomKnown(handle) === 0 ? [noPause(plan)] : []),
  };
};
