import { getAt, pointerOf, pointerSegments } from "../pointer.ts";
import { unitSuffix } from "../processor-schema.ts";
import { findProcessor } from "../processors/index.ts";
import { isMembers } from "./layer.ts";

/** Units by the end of a key, the longest ends first. */
const endings: readonly (readonly [string, string])[] = [
  ["Dbfs", "dBFS"],
  ["Dbtp", "dBTP"],
  ["Lufs", "LUFS"],
  ["Percent", "%"],
  ["Degrees", "°"],
  ["Seconds", "s"],
  ["Ticks", "ticks"],
  ["Bytes", "bytes"],
  ["Db", "dB"],
  ["Lu", "LU"],
  ["Ms", "ms"],
  ["Hz", "Hz"],
];

/** The unit of a value of a document: the registry's for a parameter, else what its name ends in; "" for none. */
export const unitAt = (document: unknown, pointer: string): string => {
  const segments = pointerSegments(pointer);
  const key = segments.at(-1) ?? "";
  const owner = getAt(document, pointerOf(segments.slice(0, -1)));
  const type = owner.ok && isMembers(owner.value) ? owner.value["type"] : undefined;
  const param = typeof type === "string" ? findProcessor(type)?.params[key] : undefined;
  if (param?.kind === "number") return unitSuffix[param.unit].trim();
  return endings.find(([ending]) => key.endsWith(ending))?.[1] ?? "";
};
