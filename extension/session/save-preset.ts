import { applyEdits, modify } from "jsonc-parser";
import type { FilePort } from "../../engine/files.ts";
import type { PresetProcessor } from "../../schema/generated/folder-files.ts";
import type { MixDocument, Processor } from "../../schema/generated/mix-document.ts";
import { MAX_BYTES } from "../../schema/input-limits.ts";
import { decodeUtf8 } from "../../schema/json-text.ts";
import { CURRENT_VERSION } from "../../schema/migrations.ts";
import { parsePreset, presetKeys } from "../../schema/preset.ts";
import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import { EXTERNAL_TYPE } from "../../schema/processors/index.ts";
import { shown } from "../../schema/shown.ts";
import type { ChainPlace } from "./apply-preset.ts";

export type SaveRequest = {
  readonly document: MixDocument;
  readonly place: ChainPlace;
  readonly name: string;
  readonly description: string;
  readonly file: string;
  /** true: the chain of a preset that is there already is written anew; its comments and knobs stay. */
  readonly replaces: boolean;
};

const chainOf = ({ tracks, buses }: MixDocument, { kind, id }: ChainPlace): readonly Processor[] => {
  const items = kind === "bus" ? buses : kind === "track" ? tracks : tracks.flatMap(({ clips }) => clips);
  return items.find((item) => item.id === id)?.processors ?? [];
};

const leftOut = (item: Processor): Problem => ({
  code: "meaning",
  message: `${item.id} belongs to another program and is left out: a preset holds Premix's own processors.`,
});

/** The insert without its id, its file and its side-chain: those belong to the document. */
const portable = (item: Processor): PresetProcessor => {
  const keys = presetKeys(item.type).filter((key) => key !== "id");
  return Object.fromEntries(
    keys.filter((key) => Object.hasOwn(item, key)).map((key) => [key, item[key]]),
  ) as PresetProcessor;
};

const newText = (
  { name, description, document, place }: SaveRequest,
  processors: readonly PresetProcessor[],
): string => {
  const role = document.tracks.find(({ id }) => id === place.id)?.role ?? null;
  const preset = {
    $schema: "../schema/preset.schema.json",
    format: "preset",
    formatVersion: CURRENT_VERSION,
    name,
    description,
    ...(role === null ? {} : { appliesTo: { roles: [role] } }),
    processors,
  };
  return `${JSON.stringify(preset, null, 2)}\n`;
};

const formattingOptions = { insertSpaces: true, tabSize: 2, eol: "\n" };

const presentText = async (files: FilePort, path: string): Promise<Result<string | null>> => {
  if ((await files.facts(path)) === null) return ok(null);
  return decodeUtf8(await files.readBytes(path, MAX_BYTES), path);
};

/** Writes the chain of a track, clip or bus as a preset file; gives the text that was written. */
export const savePreset = async (files: FilePort, request: SaveRequest): Promise<Result<string>> => {
  const { document, place, file, replaces } = request;
  const chain = chainOf(document, place);
  const own = chain.filter(({ type }) => type !== EXTERNAL_TYPE);
  if (own.length === 0) {
    return fail({ code: "usage", message: `The ${place.kind} ${shown(place.name)} has no processors to save.` });
  }
  const processors = own.map(portable);
  const fresh = newText(request, processors);
  const named = parsePreset(fresh, file);
  if (!named.ok) return named;
  const present = await presentText(files, file);
  if (!present.ok) return present;
  if (present.value !== null && !replaces) {
    return fail({ code: "usage", message: `"${file}" is there already; --force writes its chain anew.`, file });
  }
  const text =
    present.value === null
      ? fresh
      : applyEdits(present.value, modify(present.value, ["processors"], processors, { formattingOptions }));
  const checked = parsePreset(text, file);
  if (!checked.ok) return checked;
  await files.makeFolder(files.folderOf(file));
  await files.writeAtomic(file, new TextEncoder().encode(text));
  return ok(text, chain.filter(({ type }) => type === EXTERNAL_TYPE).map(leftOut));
};
