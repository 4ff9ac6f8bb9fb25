import { explain } from "../../../schema/layers/explain.ts";
import type { LayerSource, Members } from "../../../schema/layers/layer.ts";
import type { LayerNote } from "../../../schema/layers/resolve.ts";
import { positionsIn } from "../../../schema/layers/subject.ts";
import { locatePointers } from "../../../schema/locate-problems.ts";
import { pointerOf } from "../../../schema/pointer.ts";
import type { Problem } from "../../../schema/problem.ts";
import { printable } from "../../../schema/shown.ts";
import type { LayeredFile, Layers } from "./load-layers.ts";

/** Where in a file something stands. */
export type Place = { readonly file: string; readonly pointer?: string };
export type LocatedPlace = Place & { readonly line?: number; readonly column?: number };

/** Line and column of places, each text walked once; what was no text has none. */
export const locatePlaces = (
  places: readonly Place[],
  document: LayeredFile,
  reader: Layers["reader"],
): readonly LocatedPlace[] => {
  const byFile = new Map<string, string[]>();
  for (const { file, pointer } of places) byFile.set(file, [...(byFile.get(file) ?? []), pointer ?? ""]);
  const found = new Map(
    [...byFile].map(([file, pointers]) => {
      const text = file === document.path ? document.text : reader.read.get(file)?.text;
      return [file, text ? locatePointers(text, pointers) : undefined] as const;
    }),
  );
  return places.map((place) => ({
    ...place,
    ...(place.pointer === undefined ? {} : found.get(place.file)?.get(place.pointer)),
  }));
};

/** Which file causes a problem of the resolved document: the one whose word stands there. */
const causeOf = (sources: readonly LayerSource[], resolved: Members, document: LayeredFile, pointer: string): Place => {
  const own = { file: document.path, pointer };
  const explained = explain(sources, resolved, pointer);
  if (!explained.ok) return own;
  const { source, pointer: inLayer } = explained.value.winner;
  return source.file === null ? own : { file: source.file, pointer: source.inFile(inLayer) };
};

/** Problems of the resolved document as problems of the files that cause them; one that many clips share is told once. */
export const placeProblems = (
  problems: readonly Problem[],
  sources: readonly LayerSource[],
  resolved: Members,
  document: LayeredFile,
  reader: Layers["reader"],
): readonly Problem[] => {
  const places = problems.map(({ pointer }): Place => {
    if (pointer === undefined || sources.length === 1)
      return { file: document.path, ...(pointer === undefined ? {} : { pointer }) };
    return causeOf(sources, resolved, document, pointer);
  });
  const located = locatePlaces(places, document, reader);
  const seen = new Set<string>();
  return problems.flatMap((problem, index) => {
    const place = located[index]!;
    const key = `${problem.code} ${place.file} ${place.pointer}`;
    if (place.file !== document.path && seen.has(key)) return [];
    seen.add(key);
    return [{ ...problem, ...place }];
  });
};

const noteText = ({ kind, id, rung }: LayerNote, what: string): string => {
  const where = `${what} of the ${rung.source.kind} layer`;
  if (kind === "locked") return `${where} has no effect: a house locks this value. premix explain shows which.`;
  if (kind === "nothing-to-remove") return `${where} removes nothing: no lower layer has an item of this id.`;
  return `${where} stands at the end: there is no item ${printable(JSON.stringify(id))} that it could follow.`;
};

/** What layers wished in vain, as hints with file, line and column. */
export const placeNotes = (
  notes: readonly LayerNote[],
  document: LayeredFile,
  reader: Layers["reader"],
): readonly Problem[] => {
  const places = notes.map(({ rung, path }): Place => {
    const { source } = rung;
    const pointer = source.inFile(pointerOf(positionsIn(source.layer, [...rung.path, ...path])));
    return { file: source.file ?? document.path, pointer };
  });
  return locatePlaces(places, document, reader).map((place, index) => ({
    code: "meaning" as const,
    message: noteText(notes[index]!, printable(place.pointer ?? "")),
    ...place,
  }));
};
