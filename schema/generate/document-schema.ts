import { definitions } from "../entities/index.ts";
import type { JsonSchema } from "../json-schema.ts";

/** The whole draft-07 schema of a mix document, as editors and the validator read it. */
export const documentSchema = (): JsonSchema & { readonly [keyword: string]: unknown } => {
  const { MixDocument, ...others } = definitions;
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    $id: "premix:mix-document",
    title: "Premix mix document",
    ...MixDocument,
    definitions: others,
  };
};

/** The schema file's text. */
export const documentSchemaText = (): string => `${JSON.stringify(documentSchema(), null, 2)}\n`;
