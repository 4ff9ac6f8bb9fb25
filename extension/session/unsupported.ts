import type { AudioClipReply } from "../../schema/host-protocol.ts";
import type { ClipFacts } from "./read-sequence.ts";

/** Why a clip cannot be rendered from its media as it lies, in words; empty when it can. Nothing is guessed: such clips are silent. */
export const unsupportedReasons = ({ reply, saved }: ClipFacts): readonly string[] => [
  ...(reply.isMulticam || saved?.kind === "multicam" ? ["is a multicam clip"] : []),
  ...(isNested(reply, saved?.kind) ? ["is a nested sequence"] : []),
  ...(isSynthetic(reply, saved?.kind) ? ["has no media file"] : []),
  ...(reply.speed !== 1 ? [`plays at ${Math.round(reply.speed * 100)} % speed`] : []),
  ...(reply.reversed ? ["plays backwards"] : []),
  ...(reply.effects.length > 0 ? [`carries effects (${reply.effects.join(", ")})`] : []),
];

const isNested = (reply: AudioClipReply, kind: string | undefined) =>
  !reply.isMulticam && kind !== "multicam" && (reply.isSequence || kind === "sequence");

const isSynthetic = (reply: AudioClipReply, kind: string | undefined) =>
  !reply.isSequence && !reply.isMulticam && (reply.mediaPath === "" || kind === "synthetic");

/** True when the clip has a file of its own that can be opened. */
export const hasOwnMedia = (facts: ClipFacts): boolean =>
  facts.reply.mediaPath !== "" &&
  !facts.reply.isSequence &&
  !facts.reply.isMulticam &&
  (facts.saved === null || facts.saved.kind === "media");

/** True when the clip is to be heard and can be: its media must be here. */
export const mustSound = (facts: ClipFacts, trackMuted: boolean): boolean =>
  !trackMuted && !facts.reply.disabled && hasOwnMedia(facts) && unsupportedReasons(facts).length === 0;
