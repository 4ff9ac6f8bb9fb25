import { templateKeys } from "../entities/layer.ts";
import { roles } from "../entities/names.ts";
import type { Role } from "../generated/mix-document.ts";
import { programmeTarget, targetProfiles } from "../target-profiles.ts";
import {
  blocksOf,
  isMembers,
  type LayerSource,
  type Members,
  omit,
  pick,
  rolesOfKey,
  sharedKeys,
  type TemplateKind,
} from "./layer.ts";

/** What one layer says about one thing. */
export type Rung = {
  readonly source: LayerSource;
  /** Where in the layer it says so; list items by id. */
  readonly path: readonly string[];
  readonly value: Members;
  /** True when the layer speaks of every track, clip or bus of a kind, not of this one. */
  readonly isTemplate: boolean;
};

const rung = (source: LayerSource, path: readonly string[], value: unknown, isTemplate = false): Rung[] =>
  isMembers(value) ? [{ source, path, value, isTemplate }] : [];

const blockRungs = (source: LayerSource, role: Role | null, kind: TemplateKind): Rung[] =>
  blocksOf(source.layer, role).flatMap((key) => {
    const block = source.layer[key];
    const value = isMembers(block) ? block[kind] : undefined;
    return rung(source, [key, kind], isMembers(value) ? pick(value, templateKeys[kind]) : undefined, true);
  });

const templateRungs = (sources: readonly LayerSource[], role: Role | null, kind: "track" | "clip"): Rung[] =>
  sources.flatMap((source) => {
    const plain = source.layer[kind];
    const value = isMembers(plain) ? pick(plain, templateKeys[kind]) : undefined;
    return [...rung(source, [kind], value, true), ...blockRungs(source, role, kind)];
  });

/** Keys of a document that speak of its tracks, clips and buses by kind: they are no part of the resolved document. */
export const isTemplateKey = (key: string): boolean =>
  key === "track" || key === "clip" || (rolesOfKey(key)?.every((role) => roles.includes(role)) ?? false);

const figureKeys = ["integratedLufs", "toleranceLu", "truePeakDbtp"];

/** A layer that names a profile says all its figures, except those that it gives itself; one that gives them all is left as it is. */
const withProfileFigures = (value: Members): Members => {
  const { targets } = value;
  const programme = isMembers(targets) ? targets["programme"] : undefined;
  const name = isMembers(programme) ? programme["profile"] : undefined;
  const profile = targetProfiles.find((one) => one.name === name);
  if (profile === undefined || figureKeys.every((key) => Object.hasOwn(programme as Members, key))) return value;
  const figures = { ...programmeTarget(profile), ...(programme as Members) };
  return { ...value, targets: { ...(targets as Members), programme: figures } };
};

/** What the layers say about the document itself; tracks and buses have ladders of their own. */
export const documentRungs = (sources: readonly LayerSource[]): readonly Rung[] =>
  sources.flatMap((source) => {
    if (source.kind !== "document") return rung(source, [], withProfileFigures(pick(source.layer, sharedKeys)));
    const templates = Object.keys(source.layer).filter(isTemplateKey);
    return rung(source, [], withProfileFigures(omit(source.layer, ["tracks", ...templates])));
  });

/** What the layers say about tracks of a role, without the tracks' own words. */
export const trackTemplates = (sources: readonly LayerSource[], role: Role | null): readonly Rung[] =>
  templateRungs(sources, role, "track");

/** What a track says of itself. */
export const ownTrackRung = (document: LayerSource, track: Members): readonly Rung[] =>
  rung(document, ["tracks", String(track["id"])], omit(track, ["clip", "clips"]));

/** What the layers and its track say about clips of a role. */
export const clipTemplates = (sources: readonly LayerSource[], track: Members, role: Role | null): readonly Rung[] => {
  const own = track["clip"];
  const value = isMembers(own) ? pick(own, templateKeys.clip) : undefined;
  const path = ["tracks", String(track["id"]), "clip"];
  return [...templateRungs(sources, role, "clip"), ...rung(sources.at(-1)!, path, value, true)];
};

/** What a clip says of itself. */
export const ownClipRung = (document: LayerSource, track: Members, clip: Members): readonly Rung[] =>
  rung(document, ["tracks", String(track["id"]), "clips", String(clip["id"])], clip);

const busItem = ({ layer }: LayerSource, id: string): Members | undefined => {
  const { buses } = layer;
  return Array.isArray(buses) ? buses.find((bus) => isMembers(bus) && bus["id"] === id) : undefined;
};

/** What the layers say about a bus: in each layer first for its role, then for this very bus. A removal ends what was said before. */
export const busRungs = (sources: readonly LayerSource[], id: string, role: Role | null): readonly Rung[] => {
  const removed = sources.map((source) => busItem(source, id)?.["$remove"]).lastIndexOf(true);
  return sources.flatMap((source, index) => {
    const item = index > removed ? busItem(source, id) : undefined;
    const value = item && omit(item, ["$remove", "$after"]);
    return [...blockRungs(source, role, "bus"), ...rung(source, ["buses", id], value)];
  });
};
