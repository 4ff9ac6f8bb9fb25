/** A draft-07 JSON Schema node, as far as Premix writes them. */
export type JsonSchema = {
  readonly $ref?: string;
  readonly title?: string;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly description?: string;
  readonly markdownDescription?: string;
  /** What an editor says of a value that does not fit. */
  readonly errorMessage?: string;
  /** What an editor says of a value that stands but does nothing. */
  readonly deprecationMessage?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly items?: JsonSchema | readonly JsonSchema[];
  readonly additionalItems?: false;
  readonly properties?: { readonly [name: string]: JsonSchema };
  readonly patternProperties?: { readonly [pattern: string]: JsonSchema };
  /** What an object must match as soon as it has a key. */
  readonly dependencies?: { readonly [name: string]: JsonSchema };
  readonly required?: readonly string[];
  readonly additionalProperties?: true | JsonSchema;
  readonly discriminator?: { readonly propertyName: string };
  readonly oneOf?: readonly JsonSchema[];
};

/** Schemas by name, referred to as `#/definitions/<name>`. */
export type Definitions = { readonly [name: string]: JsonSchema };
