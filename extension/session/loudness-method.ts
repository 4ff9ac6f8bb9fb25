import type { Targets } from "../../schema/generated/mix-document.ts";
import { targetProfiles } from "../../schema/target-profiles.ts";

/** What the loudness of a target is measured on. */
export type LoudnessMethod = "programme" | "dialogue-stem";

/** The label that reports carry for each method. */
export const methodLabels: Readonly<Record<LoudnessMethod, string>> = {
  programme: "programme gated (ITU-R BS.1770-5)",
  "dialogue-stem": "dialogue-stem gated (not Dolby DI)",
};

/** How the target of a document is to be measured, and what a miss means; free targets are judged on the programme and fail. */
export const methodOf = ({
  programme,
}: Targets): { readonly method: LoudnessMethod; readonly severity: "fail" | "warn" } => {
  const profile = targetProfiles.find(({ name }) => name === programme.profile);
  return {
    method: profile?.gating === "dialogue" ? "dialogue-stem" : "programme",
    severity: profile?.severity ?? "fail",
  };
};
