import { fourCharacters, type HeaderWindow } from "./header-window.ts";

/** What the first bytes of a file announce. `start` is where the container begins (behind an ID3 tag). */
export type Sniffed =
  | { readonly kind: PackagedContainer; readonly start: number }
  /** Known audio that has no packaged reader; `name` for the message. */
  | { readonly kind: "foreign"; readonly name: string }
  | { readonly kind: "unknown"; readonly reason: string };

export type PackagedContainer =
  | "wave"
  | "w64"
  | "aiff"
  | "caf"
  | "au"
  | "flac"
  | "ogg"
  | "mpeg"
  | "isobmff"
  | "matroska";

const HEAD_BYTES = 64;

/** Recognises a container by its bytes, never by the file's extension. */
export const sniff = async (window: HeaderWindow): Promise<Sniffed> => {
  if (window.sizeBytes === 0) return { kind: "unknown", reason: "it is empty (0 bytes)" };
  const start = await skipId3(window);
  const head = (await window.bytes(start, HEAD_BYTES)).slice();
  const kind = packagedKind(head);
  if (kind !== null) return { kind, start };
  const name = foreignName(head, await isTransportStream(window, start));
  if (name !== null) return { kind: "foreign", name };
  // Taggers leave padding that the tag does not count: the frames are then looked for.
  if (start > 0) return { kind: "mpeg", start };
  return { kind: "unknown", reason: "its first bytes belong to no audio format known here" };
};

/** Length of the ID3v2 tags in front, as "start of what follows"; several may stand in a row. */
const skipId3 = async (window: HeaderWindow): Promise<number> => {
  let start = 0;
  for (let tags = 0; tags < 8; ++tags) {
    const head = await window.bytes(start, 10);
    if (head.length < 10 || fourCharacters(head, 0).slice(0, 3) !== "ID3") break;
    const sizes = head.subarray(6, 10);
    if (sizes.some((byte) => byte >= 0x80)) break;
    const footerBytes = (head[5]! & 0x10) !== 0 ? 10 : 0;
    start += 10 + sizes.reduce((size, byte) => (size << 7) | byte, 0) + footerBytes;
  }
  return start < window.sizeBytes ? start : 0;
};

const packagedKind = (head: Uint8Array): PackagedContainer | null => {
  const id = fourCharacters(head, 0);
  const form = fourCharacters(head, 8);
  if (["RIFF", "RIFX", "RF64", "BW64"].includes(id) && form === "WAVE") return "wave";
  if (id === "FORM" && (form === "AIFF" || form === "AIFC")) return "aiff";
  if (id === "riff" && fourCharacters(head, 24) === "wave") return "w64";
  if (id === "caff") return "caf";
  if (id === ".snd" || id === "dns.") return "au";
  if (id === "fLaC") return "flac";
  if (id === "OggS") return "ogg";
  if (id === "\x1aE\xdf\xa3") return "matroska";
  if (["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].includes(fourCharacters(head, 4))) return "isobmff";
  return isMpegAudio(head) ? "mpeg" : null;
};

/** Sync word, a layer (ADTS AAC has none), a bit rate and a sample rate. ISO 11172-3 2.4.1.3. */
const isMpegAudio = (head: Uint8Array): boolean => {
  const [first = 0, second = 0, third = 0] = head;
  const layer = (second >> 1) & 3;
  const version = (second >> 3) & 3;
  const bitRate = third >> 4;
  return first === 0xff && second >= 0xe0 && layer !== 0 && version !== 1 && bitRate !== 15 && ((third >> 2) & 3) !== 3;
};

const FOREIGN: readonly (readonly [offset: number, magic: string, name: string])[] = [
  [0, "wvpk", "WavPack"],
  [0, "MAC ", "Monkey's Audio"],
  [0, "TTA1", "True Audio"],
  [0, "DSD ", "DSD (DSF)"],
  [0, "FRM8", "DSD (DSDIFF)"],
  [0, "MPCK", "Musepack"],
  [0, "MP+", "Musepack"],
  [0, "#!AMR", "AMR"],
  [0, "Creative Voice File", "Creative Voice"],
  [0, "\x06\x0e\x2b\x34", "MXF"],
  [0, "\x30\x26\xb2\x75\x8e\x66\xcf\x11", "Windows Media"],
  [0, "\x0b\x77", "AC-3"],
  [0, "\x7f\xfe\x80\x01", "DTS"],
  [0, "FLV\x01", "Flash video"],
  [0, "\x00\x00\x01\xba", "an MPEG programme stream"],
  [0, "ADIF", "AAC (ADIF)"],
  [0, ".RMF", "RealMedia"],
  [8, "8SVX", "8SVX"],
  [8, "AVI ", "AVI"],
];

const foreignName = (head: Uint8Array, transportStream: boolean): string | null => {
  const text = String.fromCharCode(...head);
  const found = FOREIGN.find(([offset, magic]) => text.startsWith(magic, offset));
  if (found !== undefined) return found[2];
  if (head[0] === 0xff && (head[1]! & 0xf6) === 0xf0) return "AAC (ADTS)";
  return transportStream ? "an MPEG transport stream" : null;
};

const isTransportStream = async (window: HeaderWindow, start: number): Promise<boolean> => {
  for (const packet of [0, 188, 376]) {
    if ((await window.bytes(start + packet, 1))[0] !== 0x47) return false;
  }
  return true;
};
