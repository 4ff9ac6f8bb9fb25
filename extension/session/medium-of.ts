import type { Media } from "../../schema/generated/mix-document.ts";
import { ok, type Result } from "../../schema/problem.ts";
import { mediaNameOf } from "../interchange/media-path.ts";
import { audioFactsOf } from "./fingerprint.ts";
import type { SessionPorts } from "./ports.ts";
import { quickHash } from "./quick-hash.ts";

/** A sound file as a document describes it, under the path by which the document will name it. */
export const mediumOf = async (
  { files, engine }: Pick<SessionPorts, "files" | "engine">,
  native: string,
  path: string,
): Promise<Result<Media>> => {
  const probed = await engine.probe(native);
  if (!probed.ok) return probed;
  const facts = await files.facts(native);
  return ok({
    path,
    name: mediaNameOf(native),
    sizeBytes: facts?.sizeBytes ?? null,
    quickHash: await quickHash(files, native),
    ...audioFactsOf(probed.value),
  });
};
