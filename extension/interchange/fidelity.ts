import type { FidelityEntry } from "./timeline.ts";

type Outcome = FidelityEntry["outcome"];

type Counted = { readonly outcome: Outcome; count: number; note: string | undefined; readonly names: string[] };

/** So many names stand in a report; the others are counted. */
const MAX_NAMES = 8;

const noteOf = ({ note, names }: Counted): string | undefined => {
  if (names.length === 0) return note;
  const more = names.length - MAX_NAMES;
  const shown = names.slice(0, MAX_NAMES).join(", ") + (more > 0 ? ` and ${more} more` : "");
  return note === undefined ? shown : `${shown}; ${note}`;
};

/** Counts what became of each named property of a foreign file, so that nothing is dropped without being named. */
export class FidelityTally {
  private readonly counts = new Map<string, Counted>();

  add(property: string, outcome: Outcome, count = 1, note?: string): void {
    this.count(property, outcome, count, note);
  }

  /** One thing with a name of its own that has no place at all. */
  dropNamed(property: string, name: string, note?: string): void {
    this.count(property, "dropped", 1, note).names.push(name);
  }

  private count(property: string, outcome: Outcome, count: number, note: string | undefined): Counted {
    const key = `${outcome} ${property}`;
    const entry = this.counts.get(key) ?? { outcome, count: 0, note, names: [] };
    entry.count += count;
    entry.note ??= note;
    this.counts.set(key, entry);
    return entry;
  }

  /** In the order of the property names, so that the same bytes give the same report. */
  entries(): FidelityEntry[] {
    return [...this.counts]
      .map(([key, counted]) => {
        const { outcome, count } = counted;
        const property = key.slice(outcome.length + 1);
        const note = noteOf(counted);
        return note === undefined ? { property, outcome, count } : { property, outcome, count, note };
      })
      .sort((a, b) => (a.property < b.property ? -1 : a.property > b.property ? 1 : a.outcome < b.outcome ? -1 : 1));
  }
}

/** Number of properties of each outcome, every one as often as it stands in the file. */
export type FidelityCounts = Readonly<Record<Outcome, number>>;

export const fidelityCounts = (entries: readonly FidelityEntry[]): FidelityCounts => {
  const counts = { mapped: 0, carried: 0, dropped: 0 };
  for (const { outcome, count } of entries) counts[outcome] += count;
  return counts;
};
