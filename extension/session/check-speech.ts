import type { RenderedFile } from "../../engine/engine.ts";
import type { Decision, Role } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import type { Problem } from "../../schema/problem.ts";
import { secondsToTicks } from "../../schema/ticks.ts";
import { ambienceUnderSpeechLu, busOfRole, musicUnderSpeechLu } from "./document-frame.ts";
import type { SessionPorts } from "./ports.ts";
import { take } from "./settle.ts";
import { type SpeechDifference, speechDifference } from "./speech-difference.ts";
import { readStemHops, type StemHops } from "./stem-hops.ts";
import { formatTimecode, type TimecodeBase } from "./timecode.ts";

/** What the finished stems say about speech: findings for the report, and by how many LU each role still comes too near. */
export type SpeechCheck = {
  readonly decisions: readonly Decision[];
  readonly warnings: readonly Problem[];
  readonly shortfallLu: Readonly<Partial<Record<Role, number>>>;
};

const wanted: readonly { readonly role: Role; readonly name: string; readonly differenceLu: number }[] = [
  { role: "music", name: "Music", differenceLu: musicUnderSpeechLu },
  { role: "ambience", name: "Ambience", differenceLu: ambienceUnderSpeechLu },
];

const finding = (role: Role, name: string, limitLu: number, found: SpeechDifference): Decision => {
  const { differenceLu, coverage, critical } = found;
  const share = `${Math.round(coverage * 100)} % of the speech has ${name.toLowerCase()} under it`;
  const passages =
    critical.length === 0 ? "no passage of 3 s is nearer" : `${critical.length} passage(s) of 3 s are nearer`;
  return {
    id: stableId("dec", "speech-difference", role),
    rule: "speech-difference",
    subject: busOfRole(role),
    measured: differenceLu,
    threshold: limitLu,
    unit: "LU",
    change:
      differenceLu === null
        ? `none: ${name.toLowerCase()} and speech never sound together`
        : `measured on the finished stems; ${share}; ${passages}`,
  };
};

const criticalWarnings = (
  name: string,
  limitLu: number,
  { critical }: SpeechDifference,
  base: TimecodeBase,
): Problem[] => {
  if (critical.length === 0) return [];
  const shown = critical.slice(0, 10).map(({ startSeconds, endSeconds, differenceLu }) => {
    const span = `${formatTimecode(secondsToTicks(startSeconds), base)}-${formatTimecode(secondsToTicks(endSeconds), base)}`;
    return `${span} (${differenceLu.toFixed(1)} LU)`;
  });
  const more = critical.length > shown.length ? ` and ${critical.length - shown.length} more` : "";
  const message = `${name} comes nearer than ${limitLu} LU to the speech at ${shown.join(", ")}${more}.`;
  return [{ code: "outside-target", message }];
};

/** Measures the finished role stems against the dialogue stem where somebody speaks. */
export const checkSpeech = async (
  ports: SessionPorts,
  files: readonly RenderedFile[],
  roleOfStem: (stemId: string) => Role | null,
  base: TimecodeBase,
): Promise<SpeechCheck> => {
  const hopsOf = async (role: Role): Promise<StemHops | null> => {
    const file = files.find(({ stemId }) => roleOfStem(stemId) === role);
    if (!file || file.measures.integratedLufs === null) return null;
    const info = take(await ports.engine.probe(file.file));
    return readStemHops(ports.files, file.file, info, ports.signal);
  };
  const decisions: Decision[] = [];
  const warnings: Problem[] = [];
  const shortfallLu: Partial<Record<Role, number>> = {};
  const speech = await hopsOf("dialogue");
  if (!speech) return { decisions, warnings, shortfallLu };
  for (const { role, name, differenceLu } of wanted) {
    const other = await hopsOf(role);
    if (!other) continue;
    const found = speechDifference(speech, other, differenceLu);
    decisions.push(finding(role, name, differenceLu, found));
    warnings.push(...criticalWarnings(name, differenceLu, found, base));
    if (found.differenceLu !== null && found.differenceLu < differenceLu) {
      shortfallLu[role] = differenceLu - found.differenceLu;
    }
  }
  return { decisions, warnings, shortfallLu };
};
