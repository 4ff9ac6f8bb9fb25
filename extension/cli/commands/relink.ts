import type { ExitCode } from "../../../schema/problem.ts";
import { type RelinkEntry, type RelinkReport, relinkDocument } from "../../session/relink-document.ts";
import { take } from "../../session/settle.ts";
import { absolute, mediaFolders } from "../arguments.ts";
import { type CliCall, type Command, mediaOption } from "../command.ts";
import { createGround } from "../ports.ts";
import { columns, printable } from "../text.ts";

/** "name" takes the file that lies there, "name=file" another one. */
const acceptedOf = (call: CliCall) =>
  (call.lists["accept"] ?? []).map((word) => {
    const equals = word.indexOf("=");
    if (equals < 0) return { media: word, file: null };
    return { media: word.slice(0, equals), file: absolute(call, word.slice(equals + 1)) };
  });

const placeOf = ({ state, path, newPath, candidates }: RelinkEntry): string => {
  if (state === "ambiguous") return candidates.join(" or ");
  return path === newPath ? path : `${path} -> ${newPath}`;
};

const relinkText = ({ media, counts, written, errors }: RelinkReport): string => {
  const rows = media.map((entry) => [entry.state, entry.name, placeOf(entry)]);
  const sum = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  const isNew = media.some(({ path, newPath, state }) => path !== newPath || state === "accepted");
  const end = written ? "written" : isNew ? "nothing was written; --write stores it" : "nothing to write";
  const said = errors.map(({ message }) => `${printable(message)}\n`).join("");
  return `${columns(rows)}\n${sum.join(", ") || "no media"}; ${end}\n${said}`;
};

export const relinkCommand: Command = {
  name: "relink",
  summary: "finds a document's media again: found, moved, changed, missing or ambiguous",
  usage: "<doc> [--media <dir> ...] [--accept <media>[=<file>] ...] [--write]",
  options: [
    mediaOption,
    {
      name: "accept",
      kind: "list",
      shown: "<media>[=<file>]",
      doc: "takes a changed medium (by id or name) as it is now, or the file behind = in its place; may be repeated",
    },
    { name: "write", kind: "flag", doc: "store the new paths in the document, relative or behind a path variable" },
  ],
  examples: [
    "premix relink mix/documents/episode.mix.json --media /Volumes/Rushes --write",
    "premix relink reel.mix.json --accept A012_boom.wav --write --json",
  ],
  positionals: [1, 1],
  run: async (call) => {
    const report = take(
      await relinkDocument(
        { ...createGround(), signal: call.io.signal },
        {
          documentFile: absolute(call, call.positionals[0]!),
          mediaFolders: mediaFolders(call),
          accepted: acceptedOf(call),
          write: call.flags.has("write"),
        },
      ),
    );
    const { exitCode, warnings } = report;
    return { exitCode: exitCode as ExitCode, json: report, text: relinkText(report), warnings };
  },
};
