import type { Decision } from "../../../schema/generated/mix-document.ts";
import { stableId } from "../../../schema/ids.ts";
import type { Carry } from "./carry-plan.ts";
import type { CutItem } from "./cut-item.ts";

export const newClipRule = "conform-new";

const middle = (values: readonly number[]): number | null => {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2;
};

export type NewGain = { readonly gainDb: number; readonly decision: Decision };

/**
 * The gain of a clip that the mix does not know: the editor's own, changed as the mix changed the rest of its recording, else its role.
 * Nothing is listened to, so a decision marks the clip for the next balance.
 */
export const newClipGain = (carries: readonly Carry[]): ((now: CutItem, id: string) => NewGain) => {
  const known = carries.flatMap(({ now, match, isHeir }) =>
    match && isHeir ? [{ old: match.old, changeDb: match.old.clip.gainDb - now.clip.gainDb }] : [],
  );
  const changeAmong = (fits: (old: CutItem) => boolean) =>
    middle(known.filter(({ old }) => fits(old)).map(({ changeDb }) => changeDb));
  return (now, id) => {
    const ofRecording = changeAmong((old) => old.material === now.material && old.role === now.role);
    const ofRole = ofRecording ?? changeAmong((old) => old.role === now.role);
    const changeDb = Math.round((ofRole ?? 0) * 100) / 100;
    const like = ofRecording !== null ? "the rest of its recording" : ofRole !== null ? "the clips of its role" : null;
    const why = like === null ? "the mix has nothing like it: the gain is the editor's" : `moved like ${like}`;
    const signed = `${changeDb >= 0 ? "+" : "-"}${Math.abs(changeDb).toFixed(1)} dB`;
    const change = `clip gain ${signed}: new in this cut, ${why}; the next balance measures it`;
    const decision = { id: stableId("dec", newClipRule, id), rule: newClipRule, subject: id };
    return {
      gainDb: Math.round((now.clip.gainDb + changeDb) * 100) / 100,
      decision: { ...decision, measured: null, threshold: null, unit: "dB", change },
    };
  };
};
