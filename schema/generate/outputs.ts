import { processors } from "../processors/index.ts";
import { engineFactory, engineIndices, kebabCase } from "./engine-indices.ts";

/** Every generated file: path in the checkout -> content. */
export const outputs = async (): Promise<ReadonlyMap<string, string>> => {
  const files = new Map<string, string>();
  for (const definition of processors) {
    files.set(`engine/assembly/generated/${kebabCase(definition.type)}-params.ts`, engineIndices(definition));
  }
  files.set("engine/assembly/generated/factory.ts", engineFactory(processors));
  return files;
};
