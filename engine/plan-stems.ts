import { channelCount } from "../schema/channel-layout.ts";
import type { MixDocument } from "../schema/generated/mix-document.ts";
import type { Problem } from "../schema/problem.ts";
import type { StemPlan } from "./render-plan.ts";

/** Stems that this version does not write. */
export const stemProblems = ({ stems, sequence }: MixDocument): Problem[] =>
  stems
    .filter(({ sampleRate }) => sampleRate !== sequence.sampleRate)
    .map(
      ({ id, sampleRate }): Problem => ({
        code: "unsupported",
        message: `Stem ${id} asks for ${sampleRate} Hz; stems are rendered at the sequence's ${sequence.sampleRate} Hz.`,
        allowed: [String(sequence.sampleRate)],
      }),
    );

export const planStems = ({ stems }: MixDocument, busIndex: (id: string) => number): StemPlan[] =>
  stems.map(({ id, name, from, layout, bitDepth }) => ({
    id,
    name,
    bus: busIndex(from),
    channels: channelCount(layout),
    layout,
    bitDepth,
  }));
