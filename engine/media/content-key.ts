import { Sha256 } from "../../schema/sha256.ts";
import type { ByteSource, RunningSha256 } from "../files.ts";

const EDGE_BYTES = 1 << 20;

/** Identity of a file's content, not of its name or times: SHA-256 of its first and last MiB and its size, in hex. */
export const contentKey = async (source: ByteSource, hash: RunningSha256 = new Sha256()): Promise<string> => {
  const first = new Uint8Array(Math.min(EDGE_BYTES, source.sizeBytes));
  hash.update(first.subarray(0, await source.read(0, first)));
  const lastStart = Math.max(first.length, source.sizeBytes - EDGE_BYTES);
  const last = new Uint8Array(source.sizeBytes - lastStart);
  if (last.length > 0) hash.update(last.subarray(0, await source.read(lastStart, last)));
  hash.update(Uint8Array.from(String(source.sizeBytes), (digit) => digit.charCodeAt(0)));
  return hash.digestHex();
};
