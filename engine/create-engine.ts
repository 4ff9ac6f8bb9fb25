import type { MixDocument } from "../schema/generated/mix-document.ts";
import { fail, ok, type Problem, ProblemError, type Result } from "../schema/problem.ts";
import { ANALYSIS_VERSION, analyseClips } from "./analyse.ts";
import type { Engine, MediaPaths, RenderOptions } from "./engine.ts";
import { readFilePeaks, shelvedFilePeaks } from "./file-peaks.ts";
import type { FileFacts, FilePort } from "./files.ts";
import { measureGainCurve } from "./gain-curve.ts";
import { createInstance } from "./instance.ts";
import { measureFile } from "./measure-file.ts";
import { type ConformedMedia, conformMedia } from "./media/conform.ts";
import type { ExternalDecoder } from "./media/media.ts";
import { openMedia } from "./media/probe.ts";
import { loadNetworks, type ReadNetwork } from "./neural/network-modules.ts";
import { insertMedia, planRender, soundingMedia } from "./plan-render.ts";
import { type RenderGround, renderPlan, worksWithNetworks } from "./render.ts";
import type { PlanMedia } from "./render-plan.ts";
import { AnalysisShelf, mediumState, type ShelfPlace, type SidecarMedium } from "./sidecar/analysis-shelf.ts";
import { digestHex } from "./sidecar/open-sidecar.ts";
import { spectrumOfFile } from "./spectrum-of-file.ts";
import { stemFileNames } from "./stem-output.ts";

export type EngineGround = {
  readonly files: FilePort;
  /** The bytes of engine.wasm; compiled once, on first use. */
  readonly loadWasm: () => Promise<Uint8Array<ArrayBuffer>>;
  readonly readNetwork: ReadNetwork;
  readonly findExternalDecoder: () => Promise<ExternalDecoder | null>;
  /** Folder for decoded copies of compressed media. */
  readonly cacheFolder: string;
  readonly startWorker?: RenderGround["startWorker"];
};

const planMedia = ({ path, info: { sampleRate, channels, frames, pcm } }: ConformedMedia): PlanMedia => ({
  path,
  sampleRate,
  channels,
  frames,
  pcm,
});

/** Runs work that throws ProblemErrors; anything else is a defect of ours and stays an exception. */
const settle = async <T>(work: () => Promise<T>): Promise<Result<T>> => {
  try {
    return ok(await work());
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

const unwrap = <T>(result: Result<T>): T => {
  if (!result.ok) throw new ProblemError(...result.problems);
  return result.value;
};

const once = <T>(make: () => Promise<T>): (() => Promise<T>) => {
  let made: Promise<T> | null = null;
  return () => {
    made ??= make();
    return made;
  };
};

/** What each media file was when the work began, by path. */
type MediaFacts = Map<string, FileFacts | null>;

/** The medium of each clip, where the document tells it by a fingerprint. */
const mediaByClip = ({ tracks, media: all }: MixDocument, media: MediaPaths, found: MediaFacts) => {
  const mediaOfClips = new Map(tracks.flatMap(({ clips }) => clips.map(({ id, media: of }) => [id, of] as const)));
  return (clipId: string): SidecarMedium | null => {
    const id = mediaOfClips.get(clipId) ?? "";
    const [medium, path] = [all[id], media[id]];
    const facts = path === undefined ? null : found.get(path);
    if (!medium?.quickHash || !facts) return null;
    return { quickHash: medium.quickHash, name: medium.name, state: mediumState(facts) };
  };
};

/** Names every file that is no longer what it was; sound of two states of a file never gets a final name. */
const requireUnchanged = async (files: FilePort, found: MediaFacts): Promise<void> => {
  const problems: Problem[] = [];
  for (const [file, before] of found) {
    const now = await files.facts(file);
    if (now && now.sizeBytes === before?.sizeBytes && now.modifiedMs === before.modifiedMs) continue;
    const what = now ? "was changed" : "was taken away";
    const message = `${file} ${what} while Premix worked with it, so nothing was kept of this render. Let the other program finish, then render again.`;
    problems.push({ code: "changed-media", message, file });
  }
  if (problems.length > 0) throw new ProblemError(...problems);
};

/** A stem under the name of a file that is played would take its place: originals are never written. */
const refuseOverMedia = (
  files: FilePort,
  document: MixDocument,
  media: MediaPaths,
  { outputFolder, fileNames }: Pick<RenderOptions, "outputFolder" | "fileNames">,
): void => {
  const played = new Map(Object.values(media).map((path) => [path.toLowerCase(), path]));
  const problems = stemFileNames(document.sequence.name, document.stems, fileNames).flatMap((name): Problem[] => {
    const path = files.join(outputFolder, name);
    const original = played.get(path.toLowerCase());
    if (original === undefined) return [];
    const message = `The stem ${path} would take the place of ${original}, which the document plays. Choose another folder for the stems.`;
    return [{ code: "path-refused", message, file: path }];
  });
  if (problems.length > 0) throw new ProblemError(...problems);
};

/** The engine over any platform's files, module and workers. */
export const createEngine = (ground: EngineGround): Engine => {
  const { files, cacheFolder } = ground;
  const loadWasm = once(ground.loadWasm);
  const loadModule = once(async () => WebAssembly.compile(await loadWasm()));
  /** What hears: another engine.wasm, or another reading of its hops, makes another engine. */
  const engineName = once(async () => `${ANALYSIS_VERSION}/${digestHex(files, await loadWasm())}`);
  const networks = once(() => loadNetworks(ground.readNetwork));
  const findExternalDecoder = once(ground.findExternalDecoder);

  /** Opens every sounding file, decoding compressed ones once; names all that cannot be opened, not only the first. */
  const openAll = async (document: MixDocument, media: MediaPaths, signal?: AbortSignal) => {
    const opened = new Map<string, PlanMedia>();
    const found: MediaFacts = new Map();
    const problems: Problem[] = [];
    const warnings: string[] = [];
    const external = await findExternalDecoder();
    const take = (id: string, { value, warnings: said }: { value: ConformedMedia; warnings: readonly Problem[] }) => {
      opened.set(id, planMedia(value));
      warnings.push(...said.map(({ message }) => message));
    };
    for (const id of soundingMedia(document)) {
      const path = media[id];
      if (path === undefined) throw new TypeError(`no path for media ${id}`);
      found.set(path, await files.facts(path));
      const conformed = await conformMedia(files, path, cacheFolder, external ?? undefined, signal);
      if (!conformed.ok) problems.push(...conformed.problems);
      else take(id, conformed);
    }
    if (problems.length > 0) throw new ProblemError(...problems);
    const refusals = new Map<string, string>();
    for (const id of insertMedia(document)) {
      const path = media[id];
      if (path === undefined || opened.has(id)) continue;
      const conformed = await conformMedia(files, path, cacheFolder, external ?? undefined, signal);
      if (!conformed.ok) refusals.set(id, conformed.problems.map(({ message }) => message).join(" "));
      else take(id, conformed);
    }
    return { opened, found, refusals, warnings };
  };

  const planOf = async (document: MixDocument, media: MediaPaths, signal?: AbortSignal) => {
    const { opened, found, refusals, warnings } = await openAll(document, media, signal);
    const plan = unwrap(planRender(document, opened, refusals));
    return { plan: { ...plan, warnings: [...warnings, ...plan.warnings] }, found };
  };

  const shelfPlace = async (folder: string): Promise<ShelfPlace> => ({ folder, engine: await engineName() });

  return {
    probe: (path) =>
      settle(async () => {
        const source = await files.open(path);
        try {
          return unwrap(await openMedia(source, path, (await findExternalDecoder()) ?? undefined)).info;
        } finally {
          await source.close();
        }
      }),
    analyse: async (document, media, options = {}) => {
      const { analysisFolder } = options;
      const shelf = analysisFolder ? new AnalysisShelf(files, await shelfPlace(analysisFolder)) : null;
      const analysed = await settle(async () => {
        // Cues are placed by people at their level: they are not listened to.
        const { plan, found } = await planOf({ ...document, cues: [] }, media, options.signal);
        const memory = shelf && { shelf, mediumOf: mediaByClip(document, media, found) };
        const instance = await createInstance(await loadModule());
        return analyseClips(instance, plan, (path) => files.open(path), options, memory);
      });
      return analysed.ok ? ok(analysed.value, shelf?.warnings()) : analysed;
    },
    peaks: (path, range, options = {}) =>
      settle(async () => {
        const { analysisFolder, signal } = options;
        const place = analysisFolder === undefined ? null : await shelfPlace(analysisFolder);
        const external = (await findExternalDecoder()) ?? undefined;
        const shelved = place && (await shelvedFilePeaks(files, path, range, place, external));
        if (shelved) return shelved;
        const conformed = unwrap(await conformMedia(files, path, cacheFolder, external, signal));
        const load = async () => createInstance(await loadModule());
        return readFilePeaks(files, planMedia(conformed), range, load, signal);
      }),
    render: (document, media, options) =>
      settle(async () => {
        if (options.write !== false) refuseOverMedia(files, document, media, options);
        const { plan, found } = await planOf(document, media, options.signal);
        const { startWorker } = ground;
        const checkMedia = () => requireUnchanged(files, found);
        return renderPlan(
          {
            files,
            module: await loadModule(),
            networks: worksWithNetworks(plan) ? await networks() : null,
            checkMedia,
            ...(startWorker ? { startWorker } : {}),
          },
          plan,
          document.sequence.name,
          options,
        );
      }),
    gainCurve: (document, media, options = {}) =>
      settle(async () => {
        const { plan } = await planOf(document, media, options.signal);
        return measureGainCurve(await createInstance(await loadModule()), plan, (path) => files.open(path), options);
      }),
    measure: async (path, signal) => {
      const external = await findExternalDecoder();
      return measureFile(files, await createInstance(await loadModule()), path, external ?? undefined, signal);
    },
    spectrum: async (path, signal) => {
      const external = await findExternalDecoder();
      const instance = await createInstance(await loadModule());
      return spectrumOfFile(files, instance, path, undefined, external ?? undefined, signal);
    },
  };
};
