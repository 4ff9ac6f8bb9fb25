import { fillDefaults, fillDocument } from "./defaults.ts";
import { type Folded, fold, hasId, type NoteOf, nothingFolded, withCopiedIds } from "./fold.ts";
import {
  busRungs,
  clipTemplates,
  documentRungs,
  ownClipRung,
  ownTrackRung,
  type Rung,
  trackTemplates,
} from "./ladder.ts";
import { type LayerSource, type Members, roleOf } from "./layer.ts";
import type { MergeNote } from "./merge.ts";

/** A layer's wish that was not done. */
export type LayerNote = MergeNote & { readonly rung: Rung };

export type Resolved = {
  /** Complete as far as the layers go; not checked yet. */
  readonly document: Members;
  readonly notes: readonly LayerNote[];
};

/** More notes help nobody. */
const LISTED_NOTES = 50;

/** Lays the layers on each other; the last source is the document itself. Holds what many clips share. */
export class Resolver {
  readonly notes: LayerNote[] = [];
  private readonly sources: readonly LayerSource[];
  private readonly noted = new Set<string>();
  private readonly templates = new Map<string, Folded>();

  constructor(sources: readonly LayerSource[]) {
    this.sources = sources;
  }

  get own(): LayerSource {
    return this.sources.at(-1)!;
  }

  /** The document-level keys, buses without what role blocks say. */
  document(): Folded {
    return fold(nothingFolded, documentRungs(this.sources), "", this.note);
  }

  track(track: Members): Folded {
    const role = roleOf(track);
    const template = this.template(`track ${role}`, () => trackTemplates(this.sources, role));
    return fold(template, ownTrackRung(this.own, track), String(track["id"]), this.note);
  }

  clip(track: Members, clip: Members): Folded {
    const role = roleOf(clip) ?? roleOf(track);
    const key = track["clip"] === undefined ? `clip ${role}` : `clip ${role} ${track["id"]}`;
    const template = this.template(key, () => clipTemplates(this.sources, track, role));
    return fold(template, ownClipRung(this.own, track, clip), String(clip["id"]), this.note);
  }

  bus(bus: Members & { readonly id: string }): Folded {
    return fold(nothingFolded, busRungs(this.sources, bus.id, roleOf(bus)), bus.id, this.note);
  }

  private template(key: string, rungs: () => readonly Rung[]): Folded {
    const known = this.templates.get(key) ?? fold(nothingFolded, rungs(), "", this.note);
    this.templates.set(key, known);
    return known;
  }

  private readonly note: NoteOf = (rung, note) => {
    const key = JSON.stringify([note.kind, rung.source.file, rung.source.name, ...rung.path, ...note.path]);
    if (this.noted.has(key) || this.notes.length === LISTED_NOTES) return;
    this.noted.add(key);
    this.notes.push({ ...note, rung });
  };
}

const resolveTrack = (resolver: Resolver, track: unknown): unknown => {
  if (!hasId(track)) return track;
  const value = fillDefaults("track", withCopiedIds(resolver.track(track), track.id));
  return { ...value, ...mapped(track, "clips", (clip) => resolveClip(resolver, track, clip)) };
};

const resolveClip = (resolver: Resolver, track: Members, clip: unknown): unknown =>
  hasId(clip) ? fillDefaults("clip", withCopiedIds(resolver.clip(track, clip), clip.id)) : clip;

const resolveBus = (resolver: Resolver, bus: unknown): unknown =>
  hasId(bus) ? fillDefaults("bus", withCopiedIds(resolver.bus(bus), bus.id)) : bus;

const mapped = (value: Members, key: string, change: (item: unknown) => unknown): Members => {
  const list = value[key];
  return list === undefined ? {} : { [key]: Array.isArray(list) ? list.map(change) : list };
};

/**
 * The document that its layers make: `sources` from the lowest to the document itself. Every track, clip and bus gets what the layers
 * say of its kind and role, then what it says itself; what nobody says stands at the engine's default. The result is still to be checked.
 */
export const resolveDocument = (sources: readonly LayerSource[]): Resolved => {
  const resolver = new Resolver(sources);
  const { layer } = resolver.own;
  const { value } = resolver.document();
  const document: Members = {
    ...fillDocument(value),
    ...mapped(layer, "tracks", (track) => resolveTrack(resolver, track)),
    ...mapped(value, "buses", (bus) => resolveBus(resolver, bus)),
  };
  return { document, notes: resolver.notes };
};
