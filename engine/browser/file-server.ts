import type { ByteSink, ByteSource, FilePort } from "../files.ts";
import type { FileRequest } from "./messages.ts";

/** The page's half of the worker's file port: carries out requests on the page's own files. */
export const createFileServer = (files: FilePort): ((request: FileRequest) => Promise<unknown>) => {
  const sources = new Map<number, ByteSource>();
  const sinks = new Map<number, ByteSink>();
  let lastHandle = 0;
  const keep = <T>(held: Map<number, T>, item: T): number => {
    lastHandle += 1;
    held.set(lastHandle, item);
    return lastHandle;
  };
  const held = <T>(from: Map<number, T>, handle: number): T => {
    const item = from.get(handle);
    if (!item) throw new TypeError(`file handle ${handle} is not open`);
    return item;
  };
  const read = async (source: ByteSource, position: number, length: number) => {
    const bytes = new Uint8Array(length);
    return bytes.subarray(0, await source.read(position, bytes));
  };
  return async (request) => {
    switch (request.op) {
      case "facts":
        return files.facts(request.path);
      case "list":
        return files.list(request.path);
      case "makeFolder":
        return files.makeFolder(request.path);
      case "remove":
        return files.remove(request.path);
      case "readBytes":
        return files.readBytes(request.path, request.maxBytes);
      case "writeAtomic":
        return files.writeAtomic(request.path, request.bytes);
      case "open": {
        const source = await files.open(request.path);
        return { handle: keep(sources, source), name: source.name, sizeBytes: source.sizeBytes };
      }
      case "create":
        return keep(sinks, await files.create(request.path));
      case "read":
        return read(held(sources, request.handle), request.position, request.length);
      case "write":
        return held(sinks, request.handle).write(request.position, request.bytes);
      case "close": {
        const source = held(sources, request.handle);
        sources.delete(request.handle);
        return source.close();
      }
      case "commit":
      case "abort": {
        const sink = held(sinks, request.handle);
        sinks.delete(request.handle);
        return request.op === "commit" ? sink.commit() : sink.abort();
      }
    }
  };
};
