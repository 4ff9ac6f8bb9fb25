import { findProcessor } from "../processors/index.ts";
import type { Entity } from "./entity-table.ts";

/** One difference between two documents, in the direction from the first to the second. */
export type Change = {
  /** move: to another place in time, in its list, or into another list. */
  readonly op: "add" | "remove" | "change" | "move";
  /** RFC 6901, into the second document; of what is removed, into the first. */
  readonly pointer: string;
  /** The same way by ids, parameters and times instead of positions. */
  readonly path: string;
  /** "Clip", "Bus", "Processor" ...; "MixDocument" for the document's own fields. */
  readonly kind: string;
  /** null for the document's own fields. */
  readonly id: string | null;
  /** What people call the entity. */
  readonly name: string | null;
  /** Way from the entity to what changed ("fadeIn/durationTicks"); "" for the entity itself. */
  readonly field: string;
  /** null: was not there. */
  readonly before: unknown;
  /** null: is not there any more. */
  readonly after: unknown;
  /** Unit of before and after: "dB", "ticks" ...; "position" and "owner" for moves in and between lists. */
  readonly unit: string | null;
};

const textOf = (value: unknown): string | null => (typeof value === "string" && value !== "" ? value : null);

/** What people call an entity: its own name, the title of a processor, the rule of a decision. */
export const nameOfEntity = ({ kind, value }: Pick<Entity, "kind" | "value">): string | null => {
  if (kind !== "Processor") return textOf(value["name"]) ?? textOf(value["rule"]);
  return textOf(value["hostMatchName"]) ?? findProcessor(String(value["type"]))?.title ?? textOf(value["type"]);
};
