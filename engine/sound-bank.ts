import type { ByteSource } from "./files.ts";
import type { EngineInstance } from "./instance.ts";
import { decodePcm } from "./media/pcm/decode.ts";
import { scatterPair } from "./pair-decoder.ts";
import type { PlanMedia, SlotPlan } from "./render-plan.ts";

/** A short sound that a processor works with, whole: interleaved frames x channels. */
type Sound = { readonly media: PlanMedia; readonly samples: Float32Array; readonly isSilent: boolean };

/** The sounds of all inserts, by path. */
export type SoundBank = ReadonlyMap<string, Sound>;

const readSound = async (open: (path: string) => Promise<ByteSource>, media: PlanMedia): Promise<Sound> => {
  const source = await open(media.path);
  try {
    const bytes = new Uint8Array(media.frames * media.pcm.bytesPerFrame);
    await source.read(media.pcm.dataOffset, bytes);
    const samples = new Float32Array(media.frames * media.channels);
    decodePcm(media.pcm, bytes, media.frames, samples);
    return { media, samples, isSilent: samples.every((sample) => sample === 0 || !Number.isFinite(sample)) };
  } finally {
    await source.close();
  }
};

/** Reads every file that the inserts work with; planning has seen to it that they are short. */
export const loadSounds = async (
  open: (path: string) => Promise<ByteSource>,
  slots: readonly SlotPlan[],
): Promise<SoundBank> => {
  const bank = new Map<string, Sound>();
  for (const { resource } of slots) {
    if (resource && !bank.has(resource.path)) bank.set(resource.path, await readSound(open, resource));
  }
  return bank;
};

const soundOf = ({ path }: PlanMedia, sounds: SoundBank): Sound => {
  const sound = sounds.get(path);
  if (!sound) throw new TypeError(`${path} was not loaded`);
  return sound;
};

/** Whether a slot's file has nothing to work with. */
export const hasSilentSound = ({ resource }: SlotPlan, sounds: SoundBank): boolean =>
  resource !== null && soundOf(resource, sounds).isSilent;

/** Hands a slot the sound that its plan names. */
export const giveSound = (
  instance: EngineInstance,
  handle: number,
  { resource }: SlotPlan,
  sounds: SoundBank,
): void => {
  if (!resource) return;
  const sound = soundOf(resource, sounds);
  const { frames, channels, sampleRate } = sound.media;
  const at = instance.exports.slotResource(handle, 0, frames, channels, sampleRate);
  if (at === 0) throw new TypeError(`the engine refused ${resource.path}, which planning took`);
  for (let pair = 0; pair * 2 < channels; pair += 1) {
    const right = Math.min(pair * 2 + 1, channels - 1);
    scatterPair(instance, sound.samples, channels, [pair * 2, right], frames, at + pair * frames * 8);
  }
  instance.exports.slotResourceReady(handle);
};
