import type { FilePort } from "../../engine/files.ts";
import { statedFrames } from "../../engine/media/stated-frames.ts";
import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { indexMedia } from "./media-index.ts";
import { relativeTo } from "./media-path.ts";
import type { SessionPorts } from "./ports.ts";
import { settle, throwIfCancelled } from "./settle.ts";
import { searchScore, wordsOf } from "./sound-search.ts";

export type SoundQuery = {
  /** Absolute. */
  readonly folder: string;
  /** Words that must all be in a file's name or folders; small slips are forgiven. "" takes everything. */
  readonly query?: string;
  readonly minSeconds?: number;
  readonly maxSeconds?: number;
  /** Most sounds that are given; all are counted. */
  readonly limit?: number;
};

export type Sound = {
  readonly file: string;
  /** File name. */
  readonly name: string;
  /** Seen from the library's folder, with `/`. */
  readonly path: string;
  /** As the file states it; null when only decoding would tell. */
  readonly seconds: number | null;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number | null;
  readonly codec: string;
  readonly sizeBytes: number;
};

export type SoundList = {
  readonly folder: string;
  readonly sounds: readonly Sound[];
  /** How many fit the query, listed or not. */
  readonly total: number;
  /** Files with the name of a sound that could not be read, and why. */
  readonly unreadable: readonly { readonly file: string; readonly message: string }[];
  /** true: the folder holds more entries than are looked at. */
  readonly truncated: boolean;
};

type Ports = Pick<SessionPorts, "files" | "engine" | "onProgress" | "signal">;

const soundName = /\.(wav|bwf|wave|w64|rf64|aiff?|aifc|caf|au|flac|mp3|m4a|aac|ogg|oga|opus|mka)$/i;
const DEFAULT_LIMIT = 200;
/** Files that are opened for one answer; a library of more is narrowed by words first. */
const MAX_OPENED = 20_000;

type Candidate = { readonly file: string; readonly path: string; readonly score: number };

const requireFolder = async (files: FilePort, folder: string): Promise<void> => {
  const facts = await files.facts(folder);
  if (facts?.kind === "folder") return;
  const what = facts ? "is not a folder" : "is not there";
  throw new ProblemError({
    code: "missing-file",
    message: `${folder} ${what}. Name the folder that holds the sounds.`,
    file: folder,
  });
};

const candidatesOf = (paths: readonly string[], folder: string, query: string): readonly Candidate[] => {
  const wanted = wordsOf(query);
  const scored = paths
    .filter((file) => soundName.test(file))
    .map((file): Candidate => {
      const path = relativeTo(file, folder) ?? file;
      const parts = path.replace(soundName, "").split("/");
      const score = searchScore(wanted, wordsOf(parts.at(-1) ?? ""), wordsOf(parts.slice(0, -1).join(" ")));
      return { file, path, score };
    });
  return scored
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || (a.path < b.path ? -1 : Number(a.path > b.path)));
};

const statedLength = async (files: FilePort, file: string): Promise<number | null> => {
  const source = await files.open(file);
  try {
    return await statedFrames(source);
  } finally {
    await source.close();
  }
};

/** What a file says of itself; a problem when it is no sound. */
const describeSound = async ({ files, engine }: Ports, { file, path }: Candidate): Promise<Result<Sound>> => {
  const probed = await engine.probe(file);
  if (!probed.ok) return probed;
  const { sampleRate, channels, bitDepth, codec } = probed.value;
  const frames = probed.value.frames ?? (await statedLength(files, file));
  const sizeBytes = (await files.facts(file))?.sizeBytes ?? 0;
  const seconds = frames === null ? null : Math.round((frames / sampleRate) * 1000) / 1000;
  return ok({ file, name: files.baseName(file), path, seconds, sampleRate, channels, bitDepth, codec, sizeBytes });
};

const tooMany = (count: number, folder: string): Problem => ({
  code: "too-large",
  message: `${folder} holds ${count} sounds that fit; at most ${MAX_OPENED} are opened for one answer. Add words to the query, or name a narrower folder.`,
  file: folder,
});

/** Lists and searches the sounds of a folder and its sub-folders by name and length: best fit first, then by path. */
export const listSounds = (ports: Ports, request: SoundQuery): Promise<Result<SoundList>> =>
  settle(async () => {
    const { files, onProgress, signal } = ports;
    const {
      folder,
      query = "",
      minSeconds = 0,
      maxSeconds = Number.POSITIVE_INFINITY,
      limit = DEFAULT_LIMIT,
    } = request;
    await requireFolder(files, folder);
    const { byName, truncated } = await indexMedia(files, folder, signal);
    const candidates = candidatesOf([...byName.values()].flat(), folder, query);
    if (candidates.length > MAX_OPENED) throw new ProblemError(tooMany(candidates.length, folder));
    const isLimited = minSeconds > 0 || maxSeconds < Number.POSITIVE_INFINITY;
    const fits = ({ seconds }: Sound) =>
      seconds === null ? !isLimited : seconds >= minSeconds && seconds <= maxSeconds;
    const sounds: Sound[] = [];
    const unreadable: { file: string; message: string }[] = [];
    let total = 0;
    for (const [done, candidate] of candidates.entries()) {
      throwIfCancelled(signal);
      onProgress?.({ phase: "sounds", done, total: candidates.length });
      // Without a wish for a length the rest is counted by name alone.
      if (!isLimited && sounds.length >= limit) {
        total += candidates.length - done;
        break;
      }
      const sound = await describeSound(ports, candidate);
      if (!sound.ok) unreadable.push({ file: candidate.file, message: sound.problems[0]?.message ?? "" });
      else if (fits(sound.value)) {
        total += 1;
        if (sounds.length < limit) sounds.push(sound.value);
      }
    }
    return ok({ folder, sounds, total, unreadable, truncated });
  });
