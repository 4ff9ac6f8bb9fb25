import type { HeaderWindow } from "../header-window.ts";
import { type Element, floatNumber, readElement, unsignedNumber } from "./matroska-elements.ts";

/** The audio track that is read. */
export type MatroskaTrack = {
  readonly number: number;
  readonly codecId: string;
  readonly codecPrivate: Uint8Array;
  readonly sampleRate: number;
  readonly channels: number;
  readonly bitDepth: number;
  /** Its packets are compressed or encrypted once more. */
  readonly isEncoded: boolean;
};

export const SEGMENT = 0x1853_8067;
export const CLUSTER = 0x1f43_b675;
const TRACKS = 0x1654_ae6b;
const TRACK_ENTRY = 0xae;
const AUDIO = 0xe1;
const AUDIO_TYPE = 2;
const MAX_ELEMENTS = 100_000;
/** Setup headers of Vorbis reach some 10 KiB. */
const MAX_FIELD_BYTES = 65_536;

type Draft = { -readonly [Key in keyof MatroskaTrack]: MatroskaTrack[Key] } & { type: number };

const FIELDS: Readonly<Record<number, (draft: Draft, bytes: Uint8Array) => void>> = {
  215: (draft, bytes) => {
    draft.number = unsignedNumber(bytes);
  },
  131: (draft, bytes) => {
    draft.type = unsignedNumber(bytes);
  },
  134: (draft, bytes) => {
    draft.codecId = String.fromCharCode(...bytes.subarray(0, 64)).replace(/\0+$/, "");
  },
  25506: (draft, bytes) => {
    draft.codecPrivate = bytes.slice();
  },
  181: (draft, bytes) => {
    draft.sampleRate = floatNumber(bytes);
  },
  159: (draft, bytes) => {
    draft.channels = unsignedNumber(bytes);
  },
  25188: (draft, bytes) => {
    draft.bitDepth = unsignedNumber(bytes);
  },
  28032: (draft) => {
    draft.isEncoded = true;
  },
};

/** Defaults of RFC 9559 5.1.4. */
const emptyDraft = (): Draft => ({
  type: 0,
  number: 0,
  codecId: "",
  codecPrivate: new Uint8Array(0),
  sampleRate: 8000,
  channels: 1,
  bitDepth: 0,
  isEncoded: false,
});

/** The first audio track of Matroska or WebM; null when there is none. */
export const findMatroskaTrack = async (window: HeaderWindow): Promise<MatroskaTrack | null> => {
  let draft = emptyDraft();
  let at = 0;
  for (let count = 0; count < MAX_ELEMENTS; ++count) {
    const element = await readElement(window, at);
    // Blocks follow: no track was described before them.
    if (element === null || element.id === CLUSTER) break;
    if (element.id === TRACK_ENTRY) {
      if (draft.type === AUDIO_TYPE) return draft;
      draft = emptyDraft();
    }
    await takeField(window, element, draft);
    at = element.dataOffset + (isEntered(element) ? 0 : element.dataBytes);
  }
  return draft.type === AUDIO_TYPE ? draft : null;
};

const isEntered = ({ id }: Element): boolean => id === SEGMENT || id === TRACKS || id === TRACK_ENTRY || id === AUDIO;

const takeField = async (window: HeaderWindow, { id, dataOffset, dataBytes }: Element, draft: Draft) => {
  const take = FIELDS[id];
  if (take !== undefined) take(draft, await window.bytes(dataOffset, Math.min(dataBytes, MAX_FIELD_BYTES)));
};
