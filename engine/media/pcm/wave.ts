import { fourCharacters, type HeaderWindow } from "../header-window.ts";
import { type Chunk, type ChunkForm, isChunkHeader, riffForm, type Step, walkChunks } from "./chunks.ts";
import { type ParsedHeader, pcmHeader } from "./layout.ts";
import { type ParsedFormat, parseWaveFormat } from "./wave-format.ts";

const UNKNOWN_SIZE = 0xffff_ffff;
const FORMAT_BYTES = 40;
/** EBU Tech 3285: TimeReference follows description, originator, reference, date and time. */
const TIME_REFERENCE_OFFSET = 338;
/** After the time reference and the version; since version 1. */
const UMID_OFFSET = 348;
const UMID_BYTES = 32;

type Found = {
  format: ParsedFormat | null;
  data: { readonly offset: number; readonly bytes: number } | null;
  ds64DataBytes: number | null;
  timeReference: string | null;
  umid: string | null;
  readonly warnings: string[];
};

/** Reads the header of WAV, BWF, RF64, BW64 and RIFX that starts at `start`. EBU Tech 3285 and 3306, ITU-R BS.2088. */
export const readWaveHeader = async (window: HeaderWindow, start: number): Promise<ParsedHeader> => {
  const form = fourCharacters(await window.bytes(start, 4), 0);
  const bigEndian = form === "RIFX";
  const is64 = form === "RF64" || form === "BW64";
  const found: Found = {
    format: null,
    data: null,
    ds64DataBytes: null,
    timeReference: null,
    umid: null,
    warnings: [],
  };
  await walkChunks(window, start + 12, riffForm(bigEndian), (chunk) => visit(window, chunk, found, bigEndian, is64));
  if (found.format === null) return { kind: "not-audio", reason: "its WAV header has no fmt chunk" };
  if (is64 && found.ds64DataBytes === null) return { kind: "not-audio", reason: "its RF64 header has no ds64 chunk" };
  if (found.format.kind !== "format") return { kind: found.format.kind, reason: found.format.reason };
  if (found.data === null) return { kind: "not-audio", reason: "its WAV header has no data chunk" };
  return pcmHeader({
    container: is64 ? "rf64" : "wav",
    ...found.format.format,
    bigEndian,
    dataOffset: found.data.offset,
    dataBytes: found.data.bytes,
    timeReference: found.timeReference,
    umid: found.umid,
    warnings: found.warnings,
  });
};

const visit = async (
  window: HeaderWindow,
  chunk: Chunk,
  found: Found,
  bigEndian: boolean,
  is64: boolean,
): Promise<Step> => {
  switch (chunk.id) {
    case "ds64":
      if (is64) found.ds64DataBytes = await readDs64(window, chunk);
      return chunk.declaredBytes;
    case "fmt ":
      found.format ??= parseWaveFormat(
        await window.view(chunk.dataOffset, Math.min(chunk.dataBytes, FORMAT_BYTES)),
        !bigEndian,
      );
      return chunk.declaredBytes;
    case "bext":
      found.timeReference ??= await readTimeReference(window, chunk, bigEndian);
      found.umid ??= await readUmid(window, chunk);
      return chunk.declaredBytes;
    case "data":
      return takeData(window, chunk, found, riffForm(bigEndian));
    default:
      return chunk.declaredBytes;
  }
};

/**
 * A size of 0xFFFFFFFF, or of 0 with no other chunk behind it, was never filled in by its writer: the sound then runs
 * to the end of the file.
 */
const takeData = async (window: HeaderWindow, chunk: Chunk, found: Found, form: ChunkForm): Promise<Step> => {
  if (found.data !== null) {
    found.warnings.push("has a second data chunk, which is not read");
    return chunk.declaredBytes;
  }
  const rest = window.sizeBytes - chunk.dataOffset;
  const declared = found.ds64DataBytes ?? chunk.declaredBytes;
  const unfinished = declared === 0 && !(await isChunkHeader(window, chunk.dataOffset, form));
  const open = unfinished || (found.ds64DataBytes === null && declared === UNKNOWN_SIZE);
  if (!open && declared > rest) {
    found.warnings.push(`claims ${declared} bytes of sound and holds ${rest}; it may have been cut off`);
  }
  found.data = { offset: chunk.dataOffset, bytes: open ? rest : Math.min(declared, rest) };
  return open ? "stop" : declared;
};

const readDs64 = async (window: HeaderWindow, chunk: Chunk): Promise<number | null> => {
  const view = await window.view(chunk.dataOffset, Math.min(chunk.dataBytes, 16));
  return view.byteLength < 16 ? null : Number(view.getBigUint64(8, true));
};

const readTimeReference = async (window: HeaderWindow, chunk: Chunk, bigEndian: boolean): Promise<string | null> => {
  if (chunk.dataBytes < TIME_REFERENCE_OFFSET + 8) return null;
  const view = await window.view(chunk.dataOffset + TIME_REFERENCE_OFFSET, 8);
  const low = BigInt(view.getUint32(0, !bigEndian));
  const high = BigInt(view.getUint32(4, !bigEndian));
  return ((high << 32n) | low).toString();
};

/** null where the chunk ends before it or it was left empty. */
const readUmid = async (window: HeaderWindow, chunk: Chunk): Promise<string | null> => {
  if (chunk.dataBytes < UMID_OFFSET + UMID_BYTES) return null;
  const bytes = await window.bytes(chunk.dataOffset + UMID_OFFSET, UMID_BYTES);
  if (bytes.length < UMID_BYTES || bytes.every((byte) => byte === 0)) return null;
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
};
