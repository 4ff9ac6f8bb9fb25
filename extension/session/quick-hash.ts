import type { FilePort } from "../../engine/files.ts";
import { Sha256 } from "../../schema/sha256.ts";

const EDGE_BYTES = 1024 * 1024;

/** Fingerprint of a medium: "sha256:" over its first and last MiB and its size (as decimal text). A file of at most 2 MiB is hashed whole. */
export const quickHash = async (files: FilePort, path: string): Promise<string> => {
  const source = await files.open(path);
  try {
    const hash = files.createSha256?.() ?? new Sha256();
    const { sizeBytes } = source;
    const head = new Uint8Array(Math.min(EDGE_BYTES, sizeBytes));
    await source.read(0, head);
    hash.update(head);
    const tail = new Uint8Array(Math.min(EDGE_BYTES, sizeBytes - head.length));
    await source.read(sizeBytes - tail.length, tail);
    hash.update(tail);
    hash.update(new TextEncoder().encode(String(sizeBytes)));
    return `sha256:${hash.digestHex()}`;
  } finally {
    await source.close();
  }
};
