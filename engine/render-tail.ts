import type { EngineInstance } from "./instance.ts";
import type { RenderPlan, SlotPlan } from "./render-plan.ts";
import { createSlotChain } from "./slot-chain.ts";
import type { SoundBank } from "./sound-bank.ts";

/** What a slot listens to has no part in how long it rings. */
const deaf = (slots: readonly SlotPlan[]): SlotPlan[] => slots.map((slot) => ({ ...slot, keys: [] }));

/** Frames for which the stems still sound after all input has ended: the longest way through the inserts. Latency is no part of it. */
export const tailFrames = (instance: EngineInstance, plan: RenderPlan, sounds: SoundBank): number => {
  const ringing = (slots: readonly SlotPlan[]): number => {
    const chain = createSlotChain(instance, deaf(slots), { sampleRate: plan.sampleRate, sounds });
    return chain.tailFrames - chain.latencyFrames;
  };
  const tracks = plan.tracks.map(({ slots, clips }) => {
    const inClips = clips.map((clip) => ringing(clip.slots));
    return ringing(slots) + Math.max(0, ...inClips);
  });
  const buses: number[] = [];
  for (const index of plan.busOrder) {
    const feeds = ({ bus, sends }: { bus: number | null; sends: readonly { readonly bus: number }[] }) =>
      bus === index || sends.some((send) => send.bus === index);
    const inputs = [
      ...plan.tracks.flatMap((track, at) => (feeds(track) ? [tracks[at]!] : [])),
      ...plan.buses.flatMap(({ output, sends }, at) => (feeds({ bus: output, sends }) ? [buses[at]!] : [])),
    ];
    buses[index] = ringing(plan.buses[index]!.slots) + Math.max(0, ...inputs);
  }
  return plan.stems.reduce((most, { bus }) => Math.max(most, buses[bus]!), 0);
};
