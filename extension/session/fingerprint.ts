import type { MediaInfo } from "../../engine/media/media.ts";
import type { Media } from "../../schema/generated/mix-document.ts";

/** What a sound file's header says. */
export type AudioFacts = Pick<Media, "sampleRate" | "channels" | "frames" | "bextTimeReference" | "umid">;

/** By what a medium is known again wherever it lies and whatever it is called; null = not known. */
export type Fingerprint = Pick<Media, "sizeBytes" | "quickHash"> & AudioFacts;

/** Of a host's path: nothing is known yet, so every file of the name will do. */
export const unknownFingerprint: Fingerprint = {
  sizeBytes: null,
  quickHash: null,
  sampleRate: null,
  channels: null,
  frames: null,
};

/** A probed file in the words of a document; what its header leaves out is left out. */
export const audioFactsOf = ({ sampleRate, channels, frames, timeReference, umid }: MediaInfo): AudioFacts => ({
  sampleRate,
  channels,
  frames,
  ...(timeReference === null ? {} : { bextTimeReference: timeReference }),
  ...(umid === undefined ? {} : { umid }),
});

const factNames = ["sampleRate", "channels", "frames", "bextTimeReference", "umid"] as const;

/** True when nothing that both know differs. */
export const sameAudio = (a: AudioFacts, b: AudioFacts): boolean =>
  factNames.every((name) => (a[name] ?? null) === null || (b[name] ?? null) === null || a[name] === b[name]);

/** True when a header can tell this medium from another. */
export const knowsAudio = (facts: AudioFacts): boolean => factNames.some((name) => (facts[name] ?? null) !== null);
