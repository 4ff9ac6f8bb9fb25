import type { RenderResult } from "../../engine/engine.ts";
import type { ClipAnalysis } from "../../engine/measures.ts";
import { canonicalText, documentHash } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import type { TargetProfile } from "../../schema/target-profiles.ts";
import { balance, withDeeperDucking } from "./balance.ts";
import { type BuildInput, buildDocument } from "./build-document.ts";
import { checkSpeech, type SpeechCheck } from "./check-speech.ts";
import { documentTimecode, reportClips, reportSequence, reportStems, roleOfStem } from "./document-report.ts";
import { type GatheredMedia, gatherMedia, timecodeBaseOf } from "./gather-media.ts";
import { type MixLayers, mixLayers } from "./mix-layers.ts";
import { type MixPaths, mixPaths } from "./mix-paths.ts";
import type { MixReport } from "./mix-report.ts";
import { operationIdOf, placedTracks, placeStems } from "./place-stems.ts";
import type { SessionPorts } from "./ports.ts";
import { reachProgrammeLoudness } from "./programme-gain.ts";
import { readSequence, requireClips, type SequenceFacts } from "./read-sequence.ts";
import type { RoleVerdict } from "./roles.ts";
import { settle, take, throwIfCancelled } from "./settle.ts";
import { requireValid } from "./valid-document.ts";
import { judgeRender } from "./verdict.ts";
import { writeReport } from "./write-report.ts";

export type MixRequest = {
  /** The `mix/` folder that receives document, stems and report. */
  readonly outputFolder: string;
  /** The saved project; null = where the host says it is. */
  readonly projectFile: string | null;
  readonly mediaFolders: readonly string[];
  readonly profile: TargetProfile;
  /** True when the profile was asked for: it goes over what houses and settings say. */
  readonly isProfileChosen?: boolean;
  /** Names of house packages that the mix is built on. */
  readonly houses?: readonly string[];
  readonly threads?: number;
  readonly blockFrames?: number;
};

type Job = { readonly ports: SessionPorts; readonly request: MixRequest; readonly warnings: Problem[] };

const phase = ({ ports }: Job, name: string) => {
  throwIfCancelled(ports.signal);
  ports.onProgress?.({ phase: name, done: 0, total: 1 });
};

const engineOptions = ({ ports, request }: Job, outputFolder: string) => ({
  outputFolder,
  ...(request.threads === undefined ? {} : { threads: request.threads }),
  ...(request.blockFrames === undefined ? {} : { blockFrames: request.blockFrames }),
  ...(ports.onProgress ? { onProgress: ports.onProgress } : {}),
  ...(ports.signal ? { signal: ports.signal } : {}),
});

const analyse = async (job: Job, document: MixDocument, media: GatheredMedia, analysisFolder: string) => {
  phase(job, "analyse");
  const options = { ...engineOptions(job, ""), analysisFolder };
  const analyses = take(await job.ports.engine.analyse(document, media.paths, options), job.warnings);
  return new Map(analyses.map((analysis): [string, ClipAnalysis] => [analysis.clipId, analysis]));
};

/** Roles first by name, then again with what was heard. */
const writeDown = async (
  job: Job,
  facts: SequenceFacts,
  media: GatheredMedia,
  layers: MixLayers,
  analysisFolder: string,
) => {
  const input: BuildInput = { facts, media: media.byHostPath, profile: job.request.profile, analyses: new Map() };
  const byName = layers.under(buildDocument(input).document);
  requireValid(byName);
  const analyses = await analyse(job, byName, media, analysisFolder);
  const built = buildDocument({ ...input, analyses });
  job.warnings.push(...built.warnings);
  return { built: { ...built, document: layers.under(built.document) }, analyses };
};

type Rendered = { readonly document: MixDocument; readonly render: RenderResult; readonly speech: SpeechCheck };

const renderOnce = async (
  job: Job,
  document: MixDocument,
  media: GatheredMedia,
  paths: MixPaths,
): Promise<Rendered> => {
  phase(job, "render");
  const render = take(await job.ports.engine.render(document, media.paths, engineOptions(job, paths.renders)));
  const speech = await checkSpeech(job.ports, render.files, roleOfStem(document), documentTimecode(document));
  return { document, render, speech };
};

/** Renders, checks the finished stems under speech, and ducks deeper once when music or ambience still comes too near. */
const renderChecked = async (
  job: Job,
  document: MixDocument,
  media: GatheredMedia,
  paths: MixPaths,
  layers: MixLayers,
): Promise<Rendered> => {
  const first = await renderOnce(job, document, media, paths);
  if (Object.keys(first.speech.shortfallLu).length === 0) return first;
  phase(job, "balance");
  const deeper = withDeeperDucking(document, first.speech.shortfallLu);
  const options = engineOptions(job, "");
  const programme = take(await reachProgrammeLoudness(job.ports.engine, deeper, media.paths, options));
  const others = document.decisions.filter(({ rule }) => rule !== "programme-loudness");
  const decisions = [...others, ...programme.decisions];
  return renderOnce(job, layers.over({ ...programme.document, decisions }), media, paths);
};

const limiterNote = ({ render }: Rendered, document: MixDocument): Problem[] => {
  const limiters = document.buses.flatMap(({ kind, processors }) =>
    kind === "master" ? processors.filter(({ type }) => type === "limiter").map(({ id }) => id) : [],
  );
  const deepest = Math.min(0, ...limiters.map((id) => render.reductionsDb[id] ?? 0));
  if (deepest > -0.1) return [];
  const message = `The master limiter takes off up to ${(-deepest).toFixed(1)} dB; the placed stems are before it, so together they can pass the true-peak limit by as much. Deliver the MIX file, or keep a limiter on Premiere's master.`;
  return [{ code: "outside-target", message }];
};

const saveDocument = async ({ ports }: Job, document: MixDocument, paths: MixPaths): Promise<void> => {
  await ports.files.makeFolder(paths.documentFolder);
  await ports.files.writeAtomic(paths.document, new TextEncoder().encode(canonicalText(document)));
};

type Finished = Rendered & { readonly roles: ReadonlyMap<string, RoleVerdict>; readonly paths: MixPaths };

const report = async (job: Job, facts: SequenceFacts, finished: Finished): Promise<MixReport> => {
  const { document, render, speech, roles, paths } = finished;
  const hash = documentHash(document);
  phase(job, "place");
  const placed = take(await placeStems(job.ports, document, render.files, facts), job.warnings);
  phase(job, "report");
  const { findings, target } = judgeRender(document, render.files);
  const exitCode = target.verdict === "fail" ? 5 : 0;
  const said = [...findings, ...job.warnings.map(({ message }) => message), ...render.warnings, ...placed.warnings];
  const complete: MixReport = {
    ok: exitCode === 0,
    exitCode,
    document: { path: paths.document, hash },
    sequence: reportSequence(document),
    clips: reportClips(document, (id) => roles.get(id)?.evidence),
    ...reportStems(document, render.files),
    target,
    placed: placedTracks(placed),
    originalsUnchanged: placed.originalsUnchanged,
    decisions: [...document.decisions, ...speech.decisions],
    warnings: [...new Set(said)],
  };
  return writeReport(job.ports.files, paths.reports, paths.slug, complete, documentTimecode(document));
};

/** Reads the sequence as the editor left it: stems of an earlier mix are taken out first, and its mutes opened again. */
const readUnmixed = async ({ ports, request, warnings }: Job): Promise<SequenceFacts> => {
  const facts = take(await readSequence(ports, request.projectFile), warnings);
  if (!facts.mixedBefore) return facts;
  take(await ports.host.removePlaced(operationIdOf(facts.sequence.sequenceId)), warnings);
  const message = "The stems of the mix before were taken out, and the tracks that it had muted are open again.";
  warnings.push({ code: "host", message });
  return take(await readSequence(ports, request.projectFile));
};

/** The one-click job: read, write down, balance, render, place on new tracks, read back, report. The originals stay as they are. */
export const mixSequence = (ports: SessionPorts, request: MixRequest): Promise<Result<MixReport>> =>
  settle(async () => {
    const job: Job = { ports, request, warnings: [] };
    phase(job, "read");
    take(await ports.host.connect());
    const facts = take(requireClips(await readUnmixed(job)));
    const frame = buildDocument({ facts, media: new Map(), profile: request.profile, analyses: new Map() }).document;
    const paths = mixPaths(ports.files, request.outputFolder, frame);
    const { houses = [], isProfileChosen = false } = request;
    const wanted = { documentFile: paths.document, houses, isProfileChosen };
    const layers = await mixLayers(ports.files, wanted, job.warnings);
    phase(job, "media");
    const base = timecodeBaseOf(facts, frame.sequence.frameRate);
    const gather = { mediaFolders: request.mediaFolders, documentFolder: paths.documentFolder, required: true };
    const media = take(await gatherMedia(ports, facts, base, gather), job.warnings);
    const { built, analyses } = await writeDown(job, facts, media, layers, paths.analysis);
    phase(job, "balance");
    const options = engineOptions(job, "");
    const balanced = layers.over(
      take(await balance(ports, built.document, analyses, media.paths, options), job.warnings),
    );
    requireValid(balanced);
    const rendered = await renderChecked(job, balanced, media, paths, layers);
    job.warnings.push(...rendered.speech.warnings, ...limiterNote(rendered, rendered.document));
    await saveDocument(job, rendered.document, paths);
    return ok(await report(job, facts, { ...rendered, roles: built.roles, paths }));
  });
