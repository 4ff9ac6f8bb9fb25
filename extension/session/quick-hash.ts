import type { FilePort } from "../../engine/files.ts";
import { contentKey } from "../../engine/media/content-key.ts";

/** Fingerprint of a medium: "sha256:" over its first and last MiB and its size (as decimal text). A file of at most 2 MiB is hashed whole. */
export const quickHash = async (files: FilePort, path: string): Promise<string> => {
  const source = await files.open(path);
  try {
    return `sha256:${await contentKey(source, files.createSha256?.())}`;
  } finally {
    await source.close();
  }
};
