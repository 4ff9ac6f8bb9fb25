import type { EngineInstance } from "./instance.ts";
import type { GeneratorPlan, GeneratorSound } from "./render-plan.ts";

const colourCodes = { white: 0, pink: 1, brown: 2 } as const;

const createHandle = (
  { exports }: EngineInstance,
  sound: GeneratorSound,
  sampleRate: number,
  frames: number,
): number => {
  const { kind, levelDbfs } = sound;
  if (kind === "tone") return exports.createTone(sampleRate, sound.frequencyHz, levelDbfs);
  if (kind === "noise") return exports.createNoise(sampleRate, colourCodes[sound.colour], levelDbfs, sound.seed);
  return exports.createSweep(sampleRate, sound.frequencyHz, sound.toFrequencyHz, levelDbfs, frames);
};

/** A generator that plays its plan from beginning to end, in stretches of any length. */
export type GeneratorVoice = {
  readonly plan: GeneratorPlan;
  /** Writes the next frames as one pair; `offset` counts from the plan's start and must follow the last stretch. */
  next(offset: number, frames: number, at: number): void;
};

/** `channels` 1: both sides hold the left one. */
export const createGenerator = (
  instance: EngineInstance,
  plan: GeneratorPlan,
  sampleRate: number,
  channels: number,
): GeneratorVoice => {
  const { exports } = instance;
  const handle = createHandle(instance, plan.sound, sampleRate, plan.endFrame - plan.startFrame);
  let position = 0;
  return {
    plan,
    next: (offset, frames, at) => {
      if (offset !== position)
        throw new TypeError(`generator ${plan.id} is at ${position} and was asked for ${offset}`);
      exports.generate(handle, at, frames);
      if (channels === 1) exports.monoToStereo(at, frames);
      position += frames;
    },
  };
};
