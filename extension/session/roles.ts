import type { ClipAnalysis } from "../../engine/measures.ts";
import type { Role } from "../../schema/generated/mix-document.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import type { Carried } from "../interchange/timeline.ts";
import { type FoundWord, findRoleWords } from "./role-words.ts";

/** What is known of one clip before its role is. Seconds are those on the sequence. */
export type RoleFacts = {
  readonly essentialSound: Role | null;
  /** What an export of Premix left with the clip. */
  readonly carried?: Carried;
  readonly trackName: string;
  readonly clipName: string;
  readonly mediaPath: string;
  readonly durationSeconds: number;
  /** Null while the clip has not been listened to (import, missing media). */
  readonly analysis: ClipAnalysis | null;
};

/** A role with the sentences that led to it, most telling first; `source` is premiere.essentialSound, name, analysis, default, or what an export carried. */
export type RoleVerdict = { readonly role: Role; readonly source: string; readonly evidence: readonly string[] };

type Scores = Record<Role, number>;

const noScores = (): Scores => ({ dialogue: 0, music: 0, effects: 0, ambience: 0 });
const roleOrder: readonly Role[] = ["dialogue", "music", "effects", "ambience"];
const cameraFile = /\.(mp4|mov|mxf|mts|m2ts|avi|mkv)$/i;
const cameraName = /^(?:[A-Z]\d{3}_?C\d{3}|MVI_|DSC|IMG_|GOPR|GH\d|GX\d|DJI_|C\d{4})/i;

/** The earlier word of a name counts more: the prefix is the convention ("AMB_door" is an ambience). */
const scoreWords = (words: readonly FoundWord[], share: number): Scores => {
  const scores = noScores();
  words.forEach(({ role, weight }, index) => {
    scores[role] = Math.max(scores[role], (weight + 0.5 / (index + 1)) * share);
  });
  return scores;
};

/** Role by what was heard: speech share, how music-like, length and steadiness; dsp facts, auto-mix rules. */
const hear = ({ analysis, durationSeconds }: RoleFacts): { role: Role; why: string } | null => {
  if (!analysis) return null;
  const speech = Math.round(analysis.speechRatio * 100);
  const music = Math.round(analysis.musicLikelihood * 100);
  const heard = `heard: ${speech} % speech, ${music} % music-like, ${durationSeconds.toFixed(1)} s`;
  if (analysis.musicLikelihood >= 0.6 && analysis.musicLikelihood > analysis.speechRatio)
    return { role: "music", why: heard };
  if (analysis.speechRatio >= 0.2) return { role: "dialogue", why: heard };
  return { role: durationSeconds < 6 ? "effects" : "ambience", why: heard };
};

const quote = (words: readonly FoundWord[], where: string): string[] =>
  words.map(({ word, role }) => `${where} has "${word}" (${role})`);

const best = (scores: Scores): Role =>
  roleOrder.reduce((winner, role) => (scores[role] > scores[winner] ? role : winner), roleOrder[0]!);

/** File container and camera numbering, when no word tells: production sound that came with the picture. */
const cameraHint = (fileName: string): string | null => {
  if (cameraName.test(fileName)) return `file name "${fileName}" is a camera's numbering (dialogue)`;
  return cameraFile.test(fileName) ? `"${fileName}" is a camera file, so production sound (dialogue)` : null;
};

/** Decides one clip's role: what an export left with it, Essential Sound tag, then names of clip, file and track, then what was heard. Never without a reason. */
export const decideRole = (facts: RoleFacts): RoleVerdict => {
  if (facts.carried?.role !== undefined) {
    const { role, roleSource: source = "default" } = facts.carried;
    return { role, source, evidence: [`an export of Premix left the role with the clip (${role})`] };
  }
  if (facts.essentialSound) {
    const evidence = [`Essential Sound type is ${facts.essentialSound}`];
    return { role: facts.essentialSound, source: "premiere.essentialSound", evidence };
  }
  const fileName = mediaNameOf(facts.mediaPath);
  const own = findRoleWords(facts.clipName);
  const file = fileName === facts.clipName ? [] : findRoleWords(fileName);
  const track = findRoleWords(facts.trackName);
  const parts = [scoreWords(own, 1), scoreWords(file, 0.95), scoreWords(track, 0.75)];
  const heard = hear(facts);
  const scores = noScores();
  for (const role of roleOrder) {
    scores[role] = Math.max(parts[0]![role], parts[1]![role]) + parts[2]![role];
    if (heard?.role === role) scores[role] += 0.25;
  }
  const role = best(scores);
  if (scores[role] >= 1) {
    const evidence = [
      ...quote(own, `clip name "${facts.clipName}"`),
      ...quote(file, `file name "${fileName}"`),
      ...quote(track, `track name "${facts.trackName}"`),
      ...(heard ? [heard.why] : []),
    ];
    const telling = (line: string) => (line.endsWith(`(${role})`) ? 0 : 1);
    return { role, source: "name", evidence: evidence.sort((a, b) => telling(a) - telling(b)) };
  }
  return withoutWords(heard, cameraHint(fileName || facts.clipName));
};

const withoutWords = (heard: ReturnType<typeof hear>, camera: string | null): RoleVerdict => {
  if (camera && heard?.role !== "music") {
    return { role: "dialogue", source: "name", evidence: [camera, ...(heard ? [heard.why] : [])] };
  }
  if (heard) return { role: heard.role, source: "analysis", evidence: [heard.why, "no name tells the role"] };
  return {
    role: "dialogue",
    source: "default",
    evidence: ["neither tag nor name nor sound tells the role; taken as dialogue, which nothing turns down"],
  };
};
