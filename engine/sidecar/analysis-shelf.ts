import { type Problem, ProblemError } from "../../schema/problem.ts";
import type { FileFacts, FilePort } from "../files.ts";
import { covers, cutPeaks, type HopRange, type Peaks } from "../media-peaks.ts";
import { openSidecar, type Sidecar } from "./open-sidecar.ts";
import type { Hearing } from "./sidecar-index.ts";
import { SidecarWriter } from "./sidecar-writer.ts";

/** A medium as its sidecar knows it. */
export type SidecarMedium = {
  /** "sha256:" and the digest, as in documents. */
  readonly quickHash: string;
  readonly name: string;
  /** The time of its last change: the fingerprint of a long file does not see its middle. */
  readonly state: string;
};

export const mediumState = ({ modifiedMs }: Pick<FileFacts, "modifiedMs">): string => String(modifiedMs);

/** Where analyses are kept, and which engine makes them. */
export type ShelfPlace = { readonly folder: string; readonly engine: string };

/** What was just heard of a stretch, with its hops. */
export type Heard = {
  readonly hearing: Hearing;
  readonly meanSquares: Float64Array;
  readonly speech: Uint8Array;
};

const HASH_CHARACTERS = 16;

/** `analysis/<hash16>.mixa`. */
export const sidecarPath = (files: Pick<FilePort, "join">, folder: string, quickHash: string): string =>
  files.join(folder, `${quickHash.split(":").at(-1)!.slice(0, HASH_CHARACTERS)}.mixa`);

/** Peaks that a sidecar has of a stretch; null when it has none. */
export const shelvedPeaks = async (sidecar: Sidecar, state: string, range: HopRange): Promise<Peaks | null> => {
  const entry = sidecar.index.peaks.find((one) => one.state === state && covers(one, range));
  const array = entry ? await sidecar.array(entry.values) : null;
  if (!entry || !(array?.values instanceof Float32Array)) return null;
  if (array.values.length !== entry.hops * entry.channels * 2) return null;
  return cutPeaks({ ...entry, values: array.values }, range);
};

/** The sidecar of one medium while its clips are looked up and listened to. */
export class MediumShelf {
  private readonly files: FilePort;
  private readonly path: string;
  private readonly identity: { readonly medium: string; readonly engine: string };
  private readonly state: string;
  private readonly old: Sidecar | null;
  private readonly refuse: (problem: ProblemError) => void;
  private readonly peakRanges: HopRange[];
  /** What was heard since, by stretch: clips that play the same need one listening. */
  private readonly fresh = new Map<string, Hearing>();
  private writer: SidecarWriter | null = null;
  private canWrite = true;

  constructor(
    files: FilePort,
    { folder, engine }: ShelfPlace,
    { quickHash, state }: SidecarMedium,
    old: Sidecar | null,
    refuse: (problem: ProblemError) => void,
  ) {
    this.files = files;
    this.path = sidecarPath(files, folder, quickHash);
    this.identity = { medium: quickHash, engine };
    this.state = state;
    this.old = old;
    this.refuse = refuse;
    this.peakRanges = old?.index.peaks.filter((one) => one.state === state) ?? [];
  }

  find(stretch: string): Hearing | null {
    const key = this.keyOf(stretch);
    const old = this.old?.index.hearings.find((entry) => entry.stretch === key)?.hearing;
    return this.fresh.get(key) ?? old ?? null;
  }

  wantsPeaks(range: HopRange): boolean {
    return this.canWrite && !this.peakRanges.some((one) => covers(one, range));
  }

  keep(stretch: string, { hearing, meanSquares, speech }: Heard): Promise<void> {
    const key = this.keyOf(stretch);
    this.fresh.set(key, hearing);
    const squares = { values: meanSquares, shape: [meanSquares.length] };
    const decisions = { values: speech, shape: [speech.length] };
    return this.write((writer) => writer.addHearing(key, hearing, squares, decisions));
  }

  keepPeaks(peaks: Peaks): Promise<void> {
    this.peakRanges.push(peaks);
    return this.write((writer) => writer.addPeaks(this.state, peaks));
  }

  /** Writes the sidecar anew when something was kept. */
  async finish(): Promise<void> {
    if (this.writer === null) return void (await this.old?.close());
    await this.write(async (writer) => {
      if (this.old) await writer.addAll(this.old);
      await this.old?.close();
      await writer.finish();
    });
  }

  async abort(): Promise<void> {
    await this.writer?.abort();
    await this.old?.close();
  }

  /** Another state of the same content (a copy, a mended middle) is another stretch. */
  private keyOf(stretch: string): string {
    return `${stretch} @${this.state}`;
  }

  /** A folder that takes no sidecar costs the next mix its time, and this one nothing. */
  private async write(work: (writer: SidecarWriter) => Promise<void>): Promise<void> {
    if (!this.canWrite) return;
    try {
      this.writer ??= new SidecarWriter(this.files, await this.createSink(), this.identity);
      await work(this.writer);
    } catch (error) {
      if (!(error instanceof ProblemError)) throw error;
      this.canWrite = false;
      await this.writer?.abort();
      this.writer = null;
      this.refuse(error);
    }
  }

  private async createSink() {
    await this.files.makeFolder(this.files.folderOf(this.path));
    return this.files.create(this.path);
  }
}

const LISTED_NAMES = 3;

const listed = (names: readonly string[]): string => {
  const shown = names.slice(0, LISTED_NAMES).map((name) => `"${name}"`);
  return names.length > LISTED_NAMES
    ? `${shown.join(", ")} and ${names.length - LISTED_NAMES} more`
    : shown.join(" and ");
};

/** The analyses of a mix folder: one sidecar a medium. */
export class AnalysisShelf {
  private readonly files: FilePort;
  private readonly place: ShelfPlace;
  private readonly rebuilt = { stale: [] as string[], damaged: [] as string[] };
  private refusal: Problem | null = null;

  constructor(files: FilePort, place: ShelfPlace) {
    this.files = files;
    this.place = place;
  }

  async open(medium: SidecarMedium): Promise<MediumShelf> {
    const old = await this.openWhole(medium);
    return new MediumShelf(this.files, this.place, medium, old, (error) => {
      this.refusal ??= error.problems[0] ?? null;
    });
  }

  /** What is said of sidecars that were made anew, and of a folder that takes none. */
  warnings(): Problem[] {
    const { folder } = this.place;
    const { stale, damaged } = this.rebuilt;
    const said = (names: readonly string[], what: string): Problem[] =>
      names.length === 0
        ? []
        : [{ code: "io", message: `The analysis of ${listed(names)} in ${folder} ${what}; it was made again.` }];
    const refused = this.refusal
      ? [{ ...this.refusal, message: `The analyses were not kept for the next mix: ${this.refusal.message}` }]
      : [];
    return [...said(stale, "is of another version of Premix"), ...said(damaged, "was damaged"), ...refused];
  }

  /** A sidecar of which every array is as it was written; null when there is none to be had. */
  private async openWhole({ quickHash, name }: SidecarMedium): Promise<Sidecar | null> {
    const { folder, engine } = this.place;
    const expected = { medium: quickHash, engine };
    const found = await openSidecar(this.files, sidecarPath(this.files, folder, quickHash), expected);
    if (found === "absent") return null;
    if (typeof found !== "string" && (await isWhole(found))) return found;
    if (typeof found !== "string") await found.close();
    this.rebuilt[found === "stale" ? "stale" : "damaged"].push(name);
    return null;
  }
}

const isWhole = async ({ index, array }: Sidecar): Promise<boolean> => {
  for (const number of index.arrays.keys()) if ((await array(number)) === null) return false;
  return true;
};
