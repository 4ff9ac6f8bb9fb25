import { promises as fs } from "node:fs";
import type { FileHandle } from "node:fs/promises";
import { tmpdir } from "node:os";
import { sep } from "node:path";
import type { Page } from "playwright-core";

/** One fs.promises call of the page; bytes travel as base64. */
type FileCall = { readonly op: string; readonly args: readonly unknown[] };
type FileAnswer = { readonly value?: unknown; readonly error?: { readonly code: string; readonly message: string } };

const factsOf = ({
  size,
  mtimeMs,
  isFile,
  isDirectory,
}: {
  size: number;
  mtimeMs: number;
  isFile: boolean;
  isDirectory: boolean;
}) => ({ size, mtimeMs, isFile, isDirectory });

/** Carries out the page's file calls on this machine's disk. */
const createFileServer = () => {
  const handles = new Map<number, FileHandle>();
  let last = 0;
  const handle = (id: unknown) => {
    const open = handles.get(Number(id));
    if (!open) throw new TypeError(`no open file ${id}`);
    return open;
  };
  const plain = async (stat: ReturnType<typeof fs.stat>) => {
    const facts = await stat;
    return factsOf({
      size: Number(facts.size),
      mtimeMs: Number(facts.mtimeMs),
      isFile: facts.isFile(),
      isDirectory: facts.isDirectory(),
    });
  };
  const operations: Readonly<Record<string, (...args: never[]) => Promise<unknown>>> = {
    open: async (path: string, flags: string) => {
      last += 1;
      handles.set(last, await fs.open(path, flags));
      return last;
    },
    stat: (path: string) => plain(fs.stat(path)),
    rename: (from: string, to: string) => fs.rename(from, to),
    unlink: (path: string) => fs.unlink(path),
    readdir: (path: string) => fs.readdir(path),
    mkdir: (path: string) => fs.mkdir(path, { recursive: true }),
    "handle.stat": (id: number) => plain(handle(id).stat()),
    "handle.read": async (id: number, length: number, position: number) => {
      const buffer = Buffer.alloc(length);
      const { bytesRead } = await handle(id).read(buffer, 0, length, position);
      return buffer.subarray(0, bytesRead).toString("base64");
    },
    "handle.write": (id: number, base64: string, position: number) => {
      const bytes = Buffer.from(base64, "base64");
      return handle(id)
        .write(bytes, 0, bytes.length, position)
        .then(() => null);
    },
    "handle.sync": (id: number) => handle(id).sync(),
    "handle.close": async (id: number) => {
      await handle(id).close();
      handles.delete(id);
    },
  };
  return async ({ op, args }: FileCall): Promise<FileAnswer> => {
    const operation = operations[op];
    if (!operation) return { error: { code: "ENOSYS", message: `the shim has no ${op}` } };
    try {
      return { value: await operation(...(args as never[])) };
    } catch (error) {
      const { code = "", message } = error as NodeJS.ErrnoException;
      return { error: { code, message } };
    }
  };
};

/** Runs in the page before its own scripts: what CEP would have put there, over two bindings of the test driver. */
const installShim = ({ separator, temporary }: { separator: string; temporary: string }) => {
  type Bindings = {
    premixEvalScript(script: string): Promise<string>;
    premixFileCall(call: {
      op: string;
      args: unknown[];
    }): Promise<{ value?: unknown; error?: { code: string; message: string } }>;
  };
  const page = window as unknown as Bindings & Record<string, unknown>;
  const call = async (op: string, ...args: unknown[]) => {
    const { value, error } = await page.premixFileCall({ op, args });
    if (error) throw Object.assign(new Error(error.message), { code: error.code });
    return value;
  };
  const toBase64 = (bytes: Uint8Array) => {
    let text = "";
    for (let at = 0; at < bytes.length; at += 0x8000) text += String.fromCharCode(...bytes.subarray(at, at + 0x8000));
    return btoa(text);
  };
  const facts = async (answer: Promise<unknown>) => {
    const plain = (await answer) as { size: number; mtimeMs: number; isFile: boolean; isDirectory: boolean };
    return { ...plain, isFile: () => plain.isFile, isDirectory: () => plain.isDirectory };
  };
  const openFile = (id: unknown) => ({
    stat: () => facts(call("handle.stat", id)),
    read: async (into: Uint8Array, offset: number, length: number, position: number) => {
      const text = atob(String(await call("handle.read", id, length, position)));
      for (let index = 0; index < text.length; index += 1) into[offset + index] = text.charCodeAt(index);
      return { bytesRead: text.length };
    },
    write: (bytes: Uint8Array, offset: number, length: number, position: number) =>
      call("handle.write", id, toBase64(bytes.subarray(offset, offset + length)), position),
    sync: () => call("handle.sync", id),
    close: () => call("handle.close", id),
  });
  const promises = {
    open: async (path: string, flags: string) => openFile(await call("open", path, flags)),
    stat: (path: string) => facts(call("stat", path)),
    rename: (from: string, to: string) => call("rename", from, to),
    unlink: (path: string) => call("unlink", path),
    readdir: (path: string) => call("readdir", path),
    mkdir: (path: string) => call("mkdir", path),
  };
  const modules: Record<string, unknown> = {
    fs: { promises },
    path: { sep: separator },
    os: { tmpdir: () => temporary },
  };
  page["cep_node"] = { require: (name: string) => modules[name] };
  page["__adobe_cep__"] = {
    evalScript: (script: string, answer: (result: string) => void) => void page.premixEvalScript(script).then(answer),
  };
};

/** Makes `page` believe it runs inside Premiere: scripts go to `evalScript`, files to this machine's disk. */
export const shimCep = async (
  page: Page,
  evalScript: (script: string) => Promise<string>,
  temporary = tmpdir(),
): Promise<void> => {
  await page.exposeFunction("premixEvalScript", evalScript);
  await page.exposeFunction("premixFileCall", createFileServer());
  await page.addInitScript(installShim, { separator: sep, temporary });
};
