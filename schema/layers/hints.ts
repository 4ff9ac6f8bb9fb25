import { didYouMean } from "../did-you-mean.ts";
import { definitions } from "../entities/index.ts";
import { pointerOf, pointerSegments } from "../pointer.ts";
import type { Problem } from "../problem.ts";
import { guessSentence, printable } from "../shown.ts";
import { saidAt } from "./explain.ts";
import {
  isMembers,
  type LayerSource,
  type Members,
  rolesOfKey,
  sharedKeys,
  type TemplateKind,
  templateKeys,
} from "./layer.ts";

const roles = (definitions["Role"]?.enum ?? []).map(String);
const blockKeys: readonly TemplateKind[] = ["track", "clip", "bus"];
const topKeys: readonly string[] = [...sharedKeys, "track", "clip", ...roles.map((role) => `[${role}]`)];

const strange = (path: readonly string[], allowed: readonly string[]): Problem => {
  const guess = didYouMean(path.at(-1)!, allowed);
  return {
    code: "schema",
    message: `${printable(pointerOf(path))} is not known here: it is kept but has no effect. Known are ${allowed.join(", ")}.${guessSentence(guess)}`,
    pointer: pointerOf(path),
    allowed,
    ...(guess === undefined ? {} : { didYouMean: guess }),
  };
};

const strangeIn = (value: unknown, path: readonly string[], allowed: readonly string[]): readonly Problem[] =>
  isMembers(value)
    ? Object.keys(value)
        .filter((key) => !allowed.includes(key))
        .map((key) => strange([...path, key], allowed))
    : [];

const templateHints = (value: unknown, path: readonly string[], kind: TemplateKind): readonly Problem[] =>
  strangeIn(value, path, templateKeys[kind]);

const blockHints = (key: string, block: unknown): readonly Problem[] => {
  const wrong = rolesOfKey(key)?.filter((role) => !roles.includes(role)) ?? [];
  if (wrong.length > 0) return [strange([key], topKeys)];
  const kinds = isMembers(block) ? blockKeys.filter((kind) => Object.hasOwn(block, kind)) : [];
  const inside = kinds.flatMap((kind) => templateHints((block as Members)[kind], [key, kind], kind));
  return [...strangeIn(block, [key], blockKeys), ...inside];
};

const lockHints = ({ layer, locked }: LayerSource): readonly Problem[] =>
  locked
    .filter((pointer) => !pointer.startsWith("/") || saidAt(layer, pointerSegments(pointer)) === undefined)
    .map((pointer) => ({
      code: "meaning",
      message: `The locked pointer ${printable(pointer)} names nothing that the house says, so it locks nothing.`,
    }));

/** What stands in a layer without effect, with pointers into the layer's file. */
export const layerHints = (source: LayerSource): readonly Problem[] => {
  const { layer, inFile } = source;
  const hints = Object.entries(layer).flatMap(([key, value]) => {
    if (rolesOfKey(key) !== undefined) return blockHints(key, value);
    if (key === "track" || key === "clip") return templateHints(value, [key], key);
    return topKeys.includes(key) || source.kind === "document" ? [] : [strange([key], topKeys)];
  });
  return [...hints.map((hint) => ({ ...hint, pointer: inFile(hint.pointer ?? "") })), ...lockHints(source)];
};
