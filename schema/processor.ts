import type { ChoiceParam, FlagParam, ListParam, NumberParam, Param, ProcessorDefinition } from "./param.ts";

export { flattenParams } from "./flatten-params.ts";
export * from "./param.ts";
export { toJsonSchema } from "./processor-schema.ts";

/** Declares a processor; the identity, so that option names and parameter names stay literal types. */
export const defineProcessor = <const Definition extends ProcessorDefinition>(definition: Definition): Definition =>
  definition;

type ScalarValue<P> = P extends NumberParam
  ? number
  : P extends FlagParam
    ? boolean
    : P extends ChoiceParam
      ? P["options"][number]
      : never;

type ParamValue<P> = P extends ListParam
  ? { readonly [K in keyof P["item"]]: ScalarValue<P["item"][K]> }[]
  : ScalarValue<P>;

/** The values of a definition's parameters, as they stand flat in a document. */
export type ParamValues<Definition extends ProcessorDefinition> = {
  [K in keyof Definition["params"]]: ParamValue<Definition["params"][K]>;
};

const defaultOf = (param: Param): unknown => (param.kind === "list" ? [] : param.default);

/** Every parameter at its default; lists are empty. */
export const defaultsOf = <Definition extends ProcessorDefinition>(definition: Definition): ParamValues<Definition> =>
  Object.fromEntries(
    Object.entries(definition.params).map(([name, param]) => [name, defaultOf(param)]),
  ) as ParamValues<Definition>;
