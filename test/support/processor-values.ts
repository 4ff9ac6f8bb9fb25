import fc from "fast-check";
import type { ListParam, Param, ProcessorDefinition } from "../../schema/processor.ts";
import type { ProcessorValues } from "./open-processor.ts";

const anyValue = (param: Param): fc.Arbitrary<unknown> => {
  if (param.kind === "number") return fc.double({ min: param.min, max: param.max, noNaN: true });
  if (param.kind === "choice") return fc.constantFrom(...param.options);
  if (param.kind === "flag") return fc.boolean();
  return fc.array(anyValues(param.item), { maxLength: Math.min(param.maxItems, 5) });
};

/** Any values within the ranges of some parameters. */
export const anyValues = (params: Readonly<Record<string, Param>>): fc.Arbitrary<Record<string, unknown>> =>
  fc.record(Object.fromEntries(Object.entries(params).map(([name, param]) => [name, anyValue(param)])));

/** The ends of a range, or every choice. */
const extremes = (param: Param): unknown[] => {
  if (param.kind === "number") return [param.min, param.max];
  if (param.kind === "choice") return [...param.options];
  return param.kind === "flag" ? [true, false] : [];
};

/** A group of a list that does something: numbers a third of the way up. */
const busyGroup = ({ item }: ListParam): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(item).map(([name, param]) => [
      name,
      param.kind === "number" ? param.min + (param.max - param.min) / 3 : param.default,
    ]),
  );

const listJumps = (
  name: string,
  param: ListParam,
): { name: string; before: ProcessorValues; after: ProcessorValues }[] => {
  const group = busyGroup(param);
  const fields = Object.entries(param.item).flatMap(([field, scalar]) =>
    extremes(scalar).map((value) => ({
      name: `${name}.${field} to ${String(value)}`,
      before: { [name]: [group] },
      after: { [name]: [{ ...group, [field]: value }] },
    })),
  );
  return [...fields, { name: `${name} appear`, before: { [name]: [] }, after: { [name]: [group, group] } }];
};

/** Every parameter of a processor, jumping from where it stands to each end of its range. */
export const parameterJumps = (
  definition: ProcessorDefinition,
): { name: string; before: ProcessorValues; after: ProcessorValues }[] =>
  Object.entries(definition.params).flatMap(([name, param]) =>
    param.kind === "list"
      ? listJumps(name, param)
      : extremes(param).map((value) => ({ name: `${name} to ${String(value)}`, before: {}, after: { [name]: value } })),
  );
