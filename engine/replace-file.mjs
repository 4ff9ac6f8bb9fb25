import { readFile, rename, stat, writeFile } from "node:fs/promises";

export const exists = (file) =>
  stat(file).then(
    () => true,
    (error) => (error.code === "ENOENT" ? false : Promise.reject(error)),
  );

/** Replaces a file in one step, and leaves it alone when its content would not change. */
export const replaceFile = async (file, content) => {
  const bytes = Buffer.from(content);
  if ((await exists(file)) && bytes.equals(await readFile(file))) return;
  const temporary = `${file}.tmp-${process.pid}`;
  await writeFile(temporary, bytes);
  await rename(temporary, file);
};
