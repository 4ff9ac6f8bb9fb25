import type { Bus, MixDocument, Role } from "./generated/mix-document.ts";

/** The bus into which the cues of a role go: the first one of that role that is not fed by sends; undefined when there is none. */
export const cueBus = ({ buses }: Pick<MixDocument, "buses">, role: Role): Bus | undefined =>
  buses.find((bus) => bus.role === role && bus.kind !== "effect");
