import { editorSchemas } from "../editor-schemas.ts";
import { typedDefinitions, typedFolderDefinitions } from "../entities/index.ts";
import { processors } from "../processors/index.ts";
import { engineFactory, engineIndices, kebabCase } from "./engine-indices.ts";
import { referenceText } from "./reference.ts";
import { typesText } from "./types.ts";
import { folderValidatorText, folderValidatorTypes, validatorText, validatorTypes } from "./validator.ts";

const mixTypes = { names: Object.keys(typedDefinitions), from: "./mix-document.ts" };

/** Every generated file: path in the checkout -> content. */
export const outputs = (): ReadonlyMap<string, string> =>
  new Map([
    ...processors.map((definition): [string, string] => [
      `engine/assembly/generated/${kebabCase(definition.type)}-params.ts`,
      engineIndices(definition),
    ]),
    ["engine/assembly/generated/factory.ts", engineFactory(processors)],
    ["schema/PROCESSORS.md", referenceText(processors)],
    ...[...editorSchemas()].map(([name, text]): [string, string] => [`schema/generated/${name}`, text]),
    ["schema/generated/mix-document.ts", typesText(typedDefinitions)],
    ["schema/generated/folder-files.ts", typesText(typedFolderDefinitions, mixTypes)],
    ["schema/generated/validate-mix.js", validatorText()],
    ["schema/generated/validate-mix.d.ts", validatorTypes],
    ["schema/generated/validate-folder.js", folderValidatorText()],
    ["schema/generated/validate-folder.d.ts", folderValidatorTypes()],
  ]);
