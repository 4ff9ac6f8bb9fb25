import type { FilePort } from "../../engine/files.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { isMembers, type LayerSource, type Members, omit, pick, sharedKeys } from "../../schema/layers/layer.ts";
import { resolveDocument } from "../../schema/layers/resolve.ts";
import { type Problem, ProblemError } from "../../schema/problem.ts";
import { masterLimiterId } from "./document-frame.ts";
import { documentSource } from "./open-document.ts";
import { placeNotes } from "./project/layer-places.ts";
import { loadLayers } from "./project/load-layers.ts";

/** How layers take part in a mix that is being made. */
export type MixLayers = {
  /** A document fresh from its sequence: its buses, rules, targets and stems are what stands where no layer says otherwise. */
  readonly under: (built: MixDocument) => MixDocument;
  /** A document that the mix has changed since: what a house locks stands again. */
  readonly over: (changed: MixDocument) => MixDocument;
};

export type MixLayersRequest = {
  /** Where the document will be written. */
  readonly documentFile: string;
  /** Names of houses that the document extends. */
  readonly houses: readonly string[];
  /** True when the target was asked for: it goes over what the layers say. */
  readonly isProfileChosen: boolean;
};

const frameSource = (layer: Members): LayerSource => ({
  kind: "defaults",
  name: "mix",
  layer,
  file: null,
  inFile: (pointer) => pointer,
  locked: [],
});

const programmeOf = ({ layer }: LayerSource): Members => {
  const targets = layer["targets"];
  const programme = isMembers(targets) ? targets["programme"] : undefined;
  return isMembers(programme) ? programme : {};
};

/** Layers with figures of their own but no profile's name leave none: the mix's would not describe them. */
const unnamed = (targets: MixDocument["targets"], layers: readonly LayerSource[]): MixDocument["targets"] => {
  const said = layers.map(programmeOf).filter((programme) => Object.keys(programme).length > 0);
  const isNamed = said.length === 0 || said.some((programme) => "profile" in programme);
  return isNamed ? targets : { ...targets, programme: { ...targets.programme, profile: null } };
};

/** The master's limiter holds the peak that the target allows, unless a layer gives it another ceiling. */
const withCeiling = (buses: MixDocument["buses"], ceilingDbtp: number): MixDocument["buses"] =>
  buses.map((bus) => ({
    ...bus,
    processors: bus.processors.map((one) => (one.id === masterLimiterId ? { ...one, ceilingDbtp } : one)),
  }));

/** The document is not there yet: what is wrong with its houses is wrong with what was asked for. */
const aboutHouses = ({ problems }: ProblemError, documentFile: string): ProblemError =>
  new ProblemError(
    ...problems.map((problem): Problem => {
      if (problem.file !== documentFile) return problem;
      const { code, message, didYouMean } = problem;
      const asked = message.replace(/^\/extends\/\d+/, "--house");
      return { code, message: asked, ...(didYouMean === undefined ? {} : { didYouMean }) };
    }),
  );

/** Reads the layers around the place where a mix will be written. Throws ProblemErrors; hints go to `warnings`. */
export const mixLayers = async (
  files: FilePort,
  { documentFile, houses, isProfileChosen }: MixLayersRequest,
  warnings: Problem[],
): Promise<MixLayers> => {
  const file = { path: documentFile, text: null, value: { extends: houses } };
  const layers = await loadLayers(files, file).catch((error: unknown) => {
    throw error instanceof ProblemError ? aboutHouses(error, documentFile) : error;
  });
  const { sources } = layers;
  warnings.push(...layers.warnings);
  const resolve = (lowest: readonly LayerSource[], own: Members): MixDocument => {
    const { document, notes } = resolveDocument([...lowest, ...sources, documentSource({ ...file, value: own })]);
    warnings.push(...placeNotes(notes, file, layers.reader));
    return document as MixDocument;
  };
  const withHouses = houses.length === 0 ? {} : { extends: houses };
  const under = (built: MixDocument): MixDocument => {
    const own = { ...omit(built, sharedKeys), ...withHouses, ...(isProfileChosen ? { targets: built.targets } : {}) };
    const frame = { ...pick(built, sharedKeys), targets: unnamed(built.targets, sources) };
    const { targets } = resolve([frameSource(frame)], own);
    const buses = withCeiling(built.buses, targets.programme.truePeakDbtp);
    return resolve([frameSource({ ...frame, buses })], own);
  };
  if (sources.length === 0) return { under: (built) => built, over: (changed) => changed };
  return { under, over: (changed) => resolve([], changed) };
};
