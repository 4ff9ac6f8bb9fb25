import type { FilePort } from "../../engine/files.ts";
import { explain, type Saying } from "../../schema/layers/explain.ts";
import type { LayerKind } from "../../schema/layers/layer.ts";
import { unitAt } from "../../schema/layers/unit.ts";
import { ok, type Problem, type Result } from "../../schema/problem.ts";
import { openLayered } from "./open-document.ts";
import { locatePlaces } from "./project/layer-places.ts";
import { settle, take } from "./settle.ts";

/** What one layer says about a value, and where. */
export type ExplainedLayer = {
  readonly layer: LayerKind;
  /** How people know the layer: "@acme/mix-house@2.1.0", "project". */
  readonly name: string;
  /** null for the engine's defaults. */
  readonly file: string | null;
  /** 1-based; null where there is no text. */
  readonly line: number | null;
  readonly column: number | null;
  readonly value: unknown;
  /** True when the layer lets no later one change it. */
  readonly locked: boolean;
  readonly wins: boolean;
};

export type ExplainedValue = {
  /** Into the resolved document. */
  readonly pointer: string;
  readonly value: unknown;
  /** "" where a value has none. */
  readonly unit: string;
  readonly winner: ExplainedLayer;
  /** From the lowest up. */
  readonly layers: readonly ExplainedLayer[];
};

/** Who says what about one value of a document, from the engine's defaults up, and whose word stands; what the panel and the command line show. */
export const explainValue = (files: FilePort, documentFile: string, pointer: string): Promise<Result<ExplainedValue>> =>
  settle(async () => {
    const warnings: Problem[] = [];
    const { file, layers, sources, document } = take(await openLayered(files, documentFile), warnings);
    const explained = take(explain(sources, document, pointer));
    const places = locatePlaces(
      explained.sayings.map(({ source, pointer: at }) => ({ file: source.file ?? "", pointer: source.inFile(at) })),
      file,
      layers.reader,
    );
    const rows = explained.sayings.map((saying: Saying, index): ExplainedLayer => {
      const { line = null, column = null } = places[index]!;
      const { source, value, locked } = saying;
      const wins = saying === explained.winner;
      return { layer: source.kind, name: source.name, file: source.file, line, column, value, locked, wins };
    });
    const winner = rows.find(({ wins }) => wins)!;
    const unit = unitAt(document, explained.pointer);
    return ok({ pointer: explained.pointer, value: explained.value ?? null, unit, winner, layers: rows }, warnings);
  });
