import type { Engine, MediaPaths, RenderOptions } from "../../engine/engine.ts";
import { documentHash } from "../../schema/canonical.ts";
import type { Decision, MixDocument } from "../../schema/generated/mix-document.ts";
import { stableId } from "../../schema/ids.ts";
import type { NumberParam, ProcessorDefinition } from "../../schema/param.ts";
import { ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import { findProcessor, processors } from "../../schema/processors/index.ts";
import { decide } from "./decide.ts";
import { documentMedia } from "./document-media.ts";
import { openLayered } from "./open-document.ts";
import type { SessionPorts } from "./ports.ts";
import {
  changeInsert,
  findInsert,
  type InsertPlace,
  type InsertRequest,
  insertAt,
  probeInsert,
} from "./probe-insert.ts";
import { settle, take } from "./settle.ts";
import { writeChanged } from "./write-document.ts";

export type MatchReport = {
  readonly ok: true;
  readonly exitCode: 0;
  readonly file: string;
  readonly hash: string;
  readonly insert: string;
  readonly makeupDb: number;
  /** Integrated loudness in front of the insert, and behind it with the new makeup. */
  readonly beforeLufs: number;
  readonly afterLufs: number;
  readonly warnings: readonly string[];
};

type Ports = Pick<SessionPorts, "host" | "files" | "engine" | "onProgress" | "signal">;

/** A wholly wet insert takes two looks; a dry share makes the loudness follow the makeup less than one to one, which takes some more. */
const mostLooks = 8;
const leastSlope = 0.1;
const closeEnoughLu = 0.02;
/** What is left is said from here on. */
const audibleLu = 0.1;
const roundDb = (db: number) => Math.round(db * 100) / 100;

const makeupOf = (type: string): NumberParam | null => {
  const param = findProcessor(type)?.params["makeupDb"];
  return param?.kind === "number" ? param : null;
};

const noMakeup = (insertId: string, type: string): ProblemError => {
  const all: readonly ProcessorDefinition[] = processors;
  const allowed = all.filter((one) => makeupOf(one.type)).map((one) => one.type);
  const message = `Insert ${insertId} is of the type ${type}, which has no makeup gain; ${allowed.join(" and ")} have one.`;
  return new ProblemError({ code: "usage", message, allowed });
};

type Look = { readonly beforeLufs: number; readonly afterLufs: number };

const lookAt = async (
  engine: Engine,
  document: MixDocument,
  media: MediaPaths,
  options: Pick<RenderOptions, "onProgress" | "signal">,
): Promise<Look> => {
  const { files } = take(await engine.render(document, media, { outputFolder: "", write: false, ...options }));
  const [beforeLufs, afterLufs] = files.map(({ measures }) => measures.integratedLufs);
  if (typeof beforeLufs === "number" && typeof afterLufs === "number") return { beforeLufs, afterLufs };
  const where = typeof beforeLufs === "number" ? "leaves" : "enters";
  const message = `Nothing ${where} the insert that is loud enough to be measured, so there is no loudness to match.`;
  throw new ProblemError({ code: "meaning", message });
};

/** The makeup with which the insert gives the loudness that it gets, looked for on renders that write nothing. */
const findMakeup = async (
  document: MixDocument,
  place: InsertPlace,
  { min, max }: NumberParam,
  look: (probe: MixDocument) => Promise<Look>,
): Promise<Look & { readonly makeupDb: number }> => {
  const { id } = insertAt(place);
  let makeupDb = 0;
  let last: { readonly makeupDb: number; readonly leftLu: number } | null = null;
  for (let looks = 1; ; looks += 1) {
    const [at] = findInsert(changeInsert(document, id, settingsOf(place, makeupDb)), id);
    const found = await look(probeInsert(document, at!));
    const leftLu = found.afterLufs - found.beforeLufs;
    const slope = last === null ? 1 : (leftLu - last.leftLu) / (makeupDb - last.makeupDb);
    const wanted = Math.min(max, Math.max(min, roundDb(makeupDb - leftLu / Math.max(slope, leastSlope))));
    if (Math.abs(leftLu) <= closeEnoughLu || wanted === makeupDb || looks === mostLooks) return { ...found, makeupDb };
    last = { makeupDb, leftLu };
    makeupDb = wanted;
  }
};

/** A makeup that is measured takes the place of one that is guessed from the curve. */
const settingsOf = (place: InsertPlace, makeupDb: number) => {
  const guessed = findProcessor(String(insertAt(place)["type"]))?.params["autoMakeup"];
  return { makeupDb, ...(guessed ? { autoMakeup: false } : {}) };
};

const ownerOf = (place: InsertPlace): string =>
  place.on === "clip" ? place.clip.id : place.on === "track" ? place.track.id : place.bus.id;

const explain = (place: InsertPlace, { makeupDb, beforeLufs, afterLufs }: Look & { makeupDb: number }): Decision => {
  const { id } = insertAt(place);
  return {
    id: stableId("dec", "matched-makeup", id),
    rule: "matched-makeup",
    subject: ownerOf(place),
    measured: roundDb(afterLufs),
    threshold: roundDb(beforeLufs),
    unit: "LUFS",
    change: `makeup ${makeupDb >= 0 ? "+" : "-"}${Math.abs(makeupDb).toFixed(2)} dB: as loud behind insert ${id} as in front of it`,
  };
};

const leftOver = ({ beforeLufs, afterLufs, makeupDb }: Look & { makeupDb: number }): Problem[] => {
  const left = afterLufs - beforeLufs;
  if (Math.abs(left) <= audibleLu) return [];
  const message = `With a makeup of ${makeupDb} dB the insert still gives ${left.toFixed(1)} LU more than it gets: its range ends there, or too much of its input passes dry.`;
  return [{ code: "outside-target", message }];
};

/**
 * Sets the makeup of a compressor so that it gives the loudness that it gets (BS.1770, over the whole sequence): a constant, measured
 * on what really enters the insert and stored in the document.
 */
export const matchLoudness = (ports: Ports, request: InsertRequest): Promise<Result<MatchReport>> =>
  settle(async () => {
    const { files, engine, onProgress, signal } = ports;
    const { documentFile, insertId, mediaFolders } = request;
    const warnings: Problem[] = [];
    const opened = take(await openLayered(files, documentFile), warnings);
    const { document } = opened;
    const [place] = findInsert(document, insertId);
    const type = String(insertAt(place!)["type"] ?? "ducker");
    const param = makeupOf(type);
    if (!param) throw noMakeup(insertId, type);
    const probe = probeInsert(document, place!);
    const media = take(await documentMedia(ports, probe, documentFile, mediaFolders), warnings);
    const options = { ...(onProgress ? { onProgress } : {}), ...(signal ? { signal } : {}) };
    const found = await findMakeup(document, place!, param, (one) => lookAt(engine, one, media, options));
    const changed = decide(
      changeInsert(document, insertId, settingsOf(place!, found.makeupDb)),
      explain(place!, found),
    );
    await writeChanged(files, opened, changed);
    const said = [...warnings, ...leftOver(found)].map(({ message }) => message);
    return ok({
      ok: true,
      exitCode: 0,
      file: documentFile,
      hash: documentHash(changed),
      insert: insertId,
      ...found,
      warnings: [...new Set(said)],
    });
  });
