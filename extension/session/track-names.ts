import type { Role } from "../../schema/generated/mix-document.ts";

/** Names of the stems, as files, tracks and reports show them. */
export const stemNames: Readonly<Record<Role, string>> = {
  dialogue: "DX",
  music: "MX",
  effects: "FX",
  ambience: "BG",
};

const prefix = "Premix ";

/** Name of the timeline track that carries a stem. */
export const trackNameOf = (stemName: string): string => `${prefix}${stemName}`;

const ours: ReadonlySet<string> = new Set(Object.values(stemNames).map(trackNameOf));

/** True for a track that an earlier mix placed; reading it back as a source would double the sound. */
export const isOurTrack = (name: string): boolean => ours.has(name);
