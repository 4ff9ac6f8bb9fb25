import type { FidelityEntry } from "./timeline.ts";

type Outcome = FidelityEntry["outcome"];

/** Counts what became of each named property of a foreign file, so that nothing is dropped without being named. */
export class FidelityTally {
  private readonly counts = new Map<string, { outcome: Outcome; count: number; note: string | undefined }>();

  add(property: string, outcome: Outcome, count = 1, note?: string): void {
    const key = `${outcome} ${property}`;
    const entry = this.counts.get(key) ?? { outcome, count: 0, note };
    entry.count += count;
    entry.note ??= note;
    this.counts.set(key, entry);
  }

  /** In the order of the property names, so that the same bytes give the same report. */
  entries(): FidelityEntry[] {
    return [...this.counts]
      .map(([key, { outcome, count, note }]) => {
        const property = key.slice(outcome.length + 1);
        return note === undefined ? { property, outcome, count } : { property, outcome, count, note };
      })
      .sort((a, b) => (a.property < b.property ? -1 : a.property > b.property ? 1 : a.outcome < b.outcome ? -1 : 1));
  }
}
