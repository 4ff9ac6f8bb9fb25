import { fourCharacters, type HeaderWindow } from "../header-window.ts";
import { type ChunkForm, walkChunks } from "./chunks.ts";
import { type ParsedHeader, pcmHeader } from "./layout.ts";
import { type ParsedFormat, parseWaveFormat } from "./wave-format.ts";

const HEADER_BYTES = 24;
/** The last 12 bytes of the GUIDs of `wave`, `fmt ` and `data`. */
const GUID_TAIL = "f3acd3118cd100c04f8edb8a";

/** Chunks of Sony Wave64: a GUID and a 64-bit size that counts its own 24 bytes, on 8-byte boundaries. */
const w64Form: ChunkForm = {
  headerBytes: HEADER_BYTES,
  alignBytes: 8,
  parse: (header, bytes) => ({
    id: hex(bytes.subarray(4, 16)) === GUID_TAIL ? fourCharacters(bytes, 0) : "",
    declaredBytes: Math.max(0, Number(header.getBigUint64(16, true)) - HEADER_BYTES),
  }),
};

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** Reads the header of a Sony Wave64 file. Sony "Wave64 file format", 2003. */
export const readW64Header = async (window: HeaderWindow, start: number): Promise<ParsedHeader> => {
  let format: ParsedFormat | null = null;
  let data: { offset: number; bytes: number } | null = null;
  await walkChunks(window, start + HEADER_BYTES + 16, w64Form, async (chunk) => {
    if (chunk.id === "fmt ") {
      format ??= parseWaveFormat(await window.view(chunk.dataOffset, Math.min(chunk.dataBytes, 40)), true);
    }
    if (chunk.id === "data") {
      const rest = window.sizeBytes - chunk.dataOffset;
      data ??= { offset: chunk.dataOffset, bytes: chunk.declaredBytes === 0 ? rest : chunk.dataBytes };
    }
    return format !== null && data !== null ? "stop" : chunk.declaredBytes;
  });
  return w64Facts(format, data);
};

const w64Facts = (
  format: ParsedFormat | null,
  data: { readonly offset: number; readonly bytes: number } | null,
): ParsedHeader => {
  if (format === null) return { kind: "not-audio", reason: "its W64 header has no fmt chunk" };
  if (format.kind !== "format") return { kind: format.kind, reason: format.reason };
  if (data === null) return { kind: "not-audio", reason: "its W64 header has no data chunk" };
  return pcmHeader({
    container: "w64",
    ...format.format,
    bigEndian: false,
    dataOffset: data.offset,
    dataBytes: data.bytes,
  });
};
