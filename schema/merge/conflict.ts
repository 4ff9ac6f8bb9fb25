import { nameOfEntity } from "../diff/change.ts";
import type { Entity } from "../diff/entity-table.ts";
import { unitOfName } from "../diff/units.ts";
import type { Side, Three } from "./policy.ts";

/** One thing that both sides changed, each in its own way, or that does not fit together after the merge. */
export type Conflict = {
  /** owner: into different tracks or chains; meaning: each side is right alone, both together are not. */
  readonly reason: "value" | "removed" | "order" | "owner" | "meaning";
  /** Way by ids, as a policy names it. */
  readonly path: string;
  /** RFC 6901, into the merged document: the value, or the entity when the value is not there; null when that is gone too. */
  readonly pointer: string | null;
  readonly kind: string;
  /** null for the document's own fields. */
  readonly id: string | null;
  readonly name: string | null;
  /** Way from the entity to the value; "" for the whole entity. */
  readonly field: string;
  readonly unit: string | null;
  /** null: absent. */
  readonly base: unknown;
  readonly ours: unknown;
  readonly theirs: unknown;
  /** What stands in the merged document. */
  readonly taken: Side;
  /** Whether a policy chose that. */
  readonly isResolved: boolean;
  /** What does not fit together, in a sentence. */
  readonly message?: string;
};

/** The reason, the way and the values of a conflict. */
export type Clash = Pick<Conflict, "reason" | "path" | "message"> & {
  readonly fields: readonly string[];
  readonly values: Three<unknown>;
};

/** A conflict of one entity, given as any side knows it. */
export const conflictOf = (entity: Entity, clash: Clash, taken: Side, isResolved: boolean): Conflict => {
  const { reason, path, fields, values, message } = clash;
  const named = fields[0] === "automation" && fields[2] === "points" ? fields[1] : fields.at(-1);
  return {
    reason,
    path,
    pointer: null,
    kind: entity.kind,
    id: entity.id === "" ? null : entity.id,
    name: nameOfEntity(entity),
    field: fields.join("/"),
    unit: reason === "order" ? null : unitOfName(named ?? ""),
    base: values.base ?? null,
    ours: values.ours ?? null,
    theirs: values.theirs ?? null,
    taken,
    isResolved,
    ...(message === undefined ? {} : { message }),
  };
};
