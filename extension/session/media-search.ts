import type { FilePort } from "../../engine/files.ts";
import { type AudioFacts, type Fingerprint, knowsAudio, sameAudio } from "./fingerprint.ts";
import { indexMedia, type MediaIndex } from "./media-index.ts";
import { quickHash } from "./quick-hash.ts";

/** What tells a file from the medium that is looked for; null = it is the medium. */
export type Difference = "size" | "content" | "audio" | null;

export type SearchOptions = {
  /** Searched in this order, with their sub-folders. */
  readonly folders: readonly string[];
  /** Reads a sound file's header; needed only where a document knows no hash. null = no sound file. */
  readonly probe?: (path: string) => Promise<AudioFacts | null>;
  readonly signal?: AbortSignal;
};

/** Looks into folders for media, by name and by content. Each folder is walked, and each file hashed, at most once. */
export class MediaSearch {
  private readonly files: FilePort;
  private readonly options: SearchOptions;
  private built: Promise<readonly MediaIndex[]> | null = null;
  private sized: Promise<ReadonlyMap<number, readonly string[]>> | null = null;
  private readonly hashes = new Map<string, Promise<string>>();

  constructor(files: FilePort, options: SearchOptions) {
    this.files = files;
    this.options = options;
  }

  /** How the file at a path differs from a medium; undefined when there is no file. */
  async compare(path: string, wanted: Fingerprint): Promise<Difference | undefined> {
    const facts = await this.files.facts(path);
    if (facts?.kind !== "file") return undefined;
    if (wanted.sizeBytes !== null && facts.sizeBytes !== wanted.sizeBytes) return "size";
    if (wanted.quickHash !== null) return (await this.hashOf(path)) === wanted.quickHash ? null : "content";
    if (!this.options.probe || !knowsAudio(wanted)) return null;
    const audio = await this.options.probe(path);
    return audio && sameAudio(audio, wanted) ? null : "audio";
  }

  /** Files of a folded name, in the first folder that holds any that is the medium. */
  async byName(foldedName: string, wanted: Fingerprint): Promise<readonly string[]> {
    for (const { byName } of await this.indexes()) {
      const fitting = await this.same(byName.get(foldedName) ?? [], wanted);
      if (fitting.length > 0) return fitting;
    }
    return [];
  }

  /** Files of any name whose content proves that they are the medium; none when its hash is not known. */
  async byContent(wanted: Fingerprint): Promise<readonly string[]> {
    if (wanted.quickHash === null || wanted.sizeBytes === null) return [];
    this.sized ??= this.sizes();
    return this.same((await this.sized).get(wanted.sizeBytes) ?? [], wanted);
  }

  private async same(paths: readonly string[], wanted: Fingerprint): Promise<readonly string[]> {
    const kept: string[] = [];
    for (const path of paths) if ((await this.compare(path, wanted)) === null) kept.push(path);
    return kept;
  }

  private hashOf(path: string): Promise<string> {
    const known = this.hashes.get(path) ?? quickHash(this.files, path);
    this.hashes.set(path, known);
    return known;
  }

  private indexes(): Promise<readonly MediaIndex[]> {
    this.built ??= this.walk();
    return this.built;
  }

  private async walk(): Promise<readonly MediaIndex[]> {
    const all: MediaIndex[] = [];
    for (const folder of this.options.folders) all.push(await indexMedia(this.files, folder, this.options.signal));
    return all;
  }

  private async sizes(): Promise<ReadonlyMap<number, readonly string[]>> {
    const bySize = new Map<number, string[]>();
    for (const { byName } of await this.indexes()) {
      for (const path of [...byName.values()].flat()) {
        this.options.signal?.throwIfAborted();
        const facts = await this.files.facts(path);
        if (facts?.kind !== "file") continue;
        const list = bySize.get(facts.sizeBytes);
        if (list) list.push(path);
        else bySize.set(facts.sizeBytes, [path]);
      }
    }
    return bySize;
  }
}
