import { isMembers } from "../../schema/diff/same.ts";
import { wordsOfName } from "../../schema/diff/units.ts";
import type { Sequence } from "../../schema/generated/mix-document.ts";
import type { Conflict } from "../../schema/merge/conflict.ts";
import { formatTimecode } from "./timecode.ts";
import { withUnit } from "./value-words.ts";

const nameOfField = ({ field }: Conflict): string => {
  const parts = field.split("/");
  return parts[0] === "automation" && parts[2] === "points" ? (parts[1] ?? "") : (parts.at(-1) ?? "");
};

/** An entity as a conflict tells it: the fields by which its versions differ, or that it is there. */
const entityWords = (value: unknown, others: readonly unknown[], sequence: Sequence): string => {
  if (!isMembers(value)) return "not there";
  const differing = Object.entries(value).filter(([name, member]) =>
    others.some((other) => isMembers(other) && JSON.stringify(other[name]) !== JSON.stringify(member)),
  );
  const start = typeof value["startTicks"] === "string" ? ` at ${formatTimecode(value["startTicks"], sequence)}` : "";
  const told = differing
    .filter(([name]) => name !== "startTicks")
    .map(
      ([name, member]) =>
        `${wordsOfName(name)} ${Array.isArray(member) ? `(${member.length})` : withUnit(name, member, sequence)}`,
    );
  return [`there${start}`, ...told].join(", ");
};

const sideWords = (conflict: Conflict, value: unknown, sequence: Sequence): string => {
  const { reason, field, base, ours, theirs } = conflict;
  if (reason === "order") return (value as readonly string[] | null)?.join(", ") ?? "none";
  if (reason === "owner") return value === null ? "none" : `in ${String(value)}`;
  if (field === "") return entityWords(value, [base, ours, theirs], sequence);
  return value === null ? "none" : withUnit(nameOfField(conflict), value, sequence);
};

const headline = ({ kind, id, name, field, reason, message }: Conflict): string => {
  const who =
    `${kind === "MixDocument" ? "document" : kind.toLowerCase()} ${name === null ? (id ?? "") : `"${name}"`}`.trim();
  if (message !== undefined) return `${who}: ${message}`;
  const what = field === "" ? "" : ` ${field.split("/").map(wordsOfName).join(" ")}`;
  const how = {
    value: "changed by both",
    removed: "removed by one, changed by the other",
    order: "put into two orders",
    owner: "moved to two places",
    meaning: "",
  };
  return `${who}${what}: ${how[reason]}`;
};

/** A conflict in lines: what it is, its three versions with units, and which was taken. */
export const conflictLines = (conflict: Conflict, sequence: Sequence): readonly string[] => {
  const { base, ours, theirs, taken, isResolved, path } = conflict;
  const say = (value: unknown) => sideWords(conflict, value, sequence);
  return [
    headline(conflict),
    `  base    ${say(base)}`,
    `  ours    ${say(ours)}`,
    `  theirs  ${say(theirs)}`,
    `  ${isResolved ? `taken: ${taken}` : `kept: ${taken}; decide with --policy ${path === "" ? "" : `${path}=`}theirs, or edit the result`}`,
  ];
};
