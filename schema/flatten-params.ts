import type { ListParam, Param, ProcessorDefinition, ScalarParam } from "./param.ts";

/** Values as a document holds them; what is absent stands at its default. */
export type LooseValues = { readonly [name: string]: unknown };

const refuse = (name: string, allowed: string, value: unknown): never => {
  throw new TypeError(`${name} must be ${allowed}, not ${JSON.stringify(value) ?? String(value)}.`);
};

const engineNumber = (name: string, param: ScalarParam, value: unknown): number => {
  if (param.kind === "flag") return typeof value === "boolean" ? Number(value) : refuse(name, "true or false", value);
  if (param.kind === "choice") {
    const index = param.options.indexOf(String(value));
    return index >= 0 ? index : refuse(name, `one of ${param.options.join(", ")}`, value);
  }
  const inRange = typeof value === "number" && value >= param.min && value <= param.max;
  return inRange ? value : refuse(name, `a number from ${param.min} to ${param.max} ${param.unit}`, value);
};

const flattenGroup = (item: ListParam["item"], values: LooseValues, path: string): number[] =>
  Object.entries(item).map(([name, param]) => engineNumber(`${path}.${name}`, param, values[name] ?? param.default));

const flattenList = (name: string, param: ListParam, value: unknown): number[] => {
  const groups = Array.isArray(value) ? value : refuse(name, "a list", value);
  if (groups.length > param.maxItems) refuse(name, `a list of at most ${param.maxItems}`, `${groups.length} items`);
  const used = groups.flatMap((group: LooseValues, index) => flattenGroup(param.item, group, `${name}[${index}]`));
  const unused = flattenGroup(param.item, {}, name);
  const free = Array.from({ length: param.maxItems - groups.length }, () => unused).flat();
  return [groups.length, ...used, ...free];
};

const flattenParam = (name: string, param: Param, value: unknown): number[] =>
  param.kind === "list" ? flattenList(name, param, value ?? []) : [engineNumber(name, param, value ?? param.default)];

/**
 * The numbers that the engine's `setParam` sees, by index: scalars in declaration order (flags 0 or 1, choices their position),
 * a list as its count followed by `maxItems` groups. Values outside their range are a TypeError: documents are validated before.
 */
export const flattenParams = (definition: ProcessorDefinition, values: LooseValues): number[] =>
  Object.entries(definition.params).flatMap(([name, param]) => flattenParam(name, param, values[name]));

/** How many engine slots one parameter takes. */
export const slotCount = (param: Param): number =>
  param.kind === "list" ? 1 + param.maxItems * Object.keys(param.item).length : 1;
