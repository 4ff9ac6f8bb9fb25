import { Id } from "../entities/names.ts";
import type { MixDocument } from "../generated/mix-document.ts";
import type { Problem } from "../problem.ts";
import { shown } from "../shown.ts";
import { mediaPointer, type Placed, type Places, wrong } from "./places.ts";

type Named = Placed<{ readonly id: string }>;

const rows = (items: readonly { readonly id: string }[], pointer: string): Named[] =>
  items.map((item, index) => ({ item, pointer: `${pointer}/${index}` }));

const named = (document: MixDocument, places: Places): readonly Named[] => [
  { item: document.sequence, pointer: "/sequence" },
  ...places.tracks,
  ...places.clips,
  ...places.buses,
  ...places.sends,
  ...places.processors,
  ...rows(document.cues ?? [], "/cues"),
  ...rows(document.crossfades, "/crossfades"),
  ...rows(document.duckers, "/duckers"),
  ...rows(document.stems, "/stems"),
  ...rows(document.decisions, "/decisions"),
];

const repeatedIds = (document: MixDocument, places: Places): readonly Problem[] => {
  const first = new Map<string, string>();
  const problems: Problem[] = [];
  for (const { item, pointer } of named(document, places)) {
    const other = first.get(item.id);
    if (other === undefined) first.set(item.id, pointer);
    else
      problems.push(
        wrong(`${pointer}/id`, `The id ${item.id} of ${pointer} is taken by ${other}; ids are unique.`, {
          subjects: [item.id],
        }),
      );
  }
  return problems;
};

const badMediaIds = (document: MixDocument): readonly Problem[] =>
  Object.keys(document.media)
    .filter((id) => !new RegExp(Id.pattern ?? "", "u").test(id))
    .map((id) => wrong(mediaPointer(id), `The media id ${shown(id)} is not allowed. ${Id.description}`));

const stemNameClashes = (document: MixDocument): readonly Problem[] => {
  const first = new Map<string, number>();
  return document.stems.flatMap(({ name }, index) => {
    const key = name.normalize("NFC").toLowerCase();
    const other = first.get(key);
    if (other === undefined) first.set(key, index);
    return other === undefined
      ? []
      : [
          wrong(
            `/stems/${index}/name`,
            `The stem name ${shown(name)} is taken by /stems/${other}; stems are files, so names differ.`,
            { subjects: [document.stems[other]!.id] },
          ),
        ];
  });
};

/** Ids that are repeated or malformed, and stems that would write one file. */
export const checkIds = (document: MixDocument, places: Places): readonly Problem[] => [
  ...repeatedIds(document, places),
  ...badMediaIds(document),
  ...stemNameClashes(document),
];
