import type { FidelityCounts } from "../interchange/fidelity.ts";
import type { FidelityEntry } from "../interchange/timeline.ts";
import { columns } from "./text.ts";

/** A fidelity report for people: a row a property, then the sums. */
export const fidelityText = (properties: readonly FidelityEntry[], counts: FidelityCounts): string =>
  [
    columns([
      ["property", "outcome", "count", "note"],
      ...properties.map(({ property, outcome, count, note }) => [property, outcome, String(count), note ?? ""]),
    ]),
    `\nmapped ${counts.mapped}, carried ${counts.carried}, dropped ${counts.dropped}\n`,
  ].join("");
