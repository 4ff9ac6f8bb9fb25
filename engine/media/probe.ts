import { fail, ok, type Problem, ProblemError, type Result } from "../../schema/problem.ts";
import type { ByteSource } from "../files.ts";
import { HeaderWindow } from "./header-window.ts";
import type { DecodedStream, ExternalDecoder, MediaInfo } from "./media.ts";
import { needsFfmpeg, notAudio, unsupportedEncoding } from "./media-problem.ts";
import { readAiffHeader } from "./pcm/aiff.ts";
import { readAuHeader } from "./pcm/au.ts";
import { readCafHeader } from "./pcm/caf.ts";
import type { ParsedHeader } from "./pcm/layout.ts";
import { createPcmReader, type PcmReader } from "./pcm/pcm-reader.ts";
import { readW64Header } from "./pcm/w64.ts";
import { readWaveHeader } from "./pcm/wave.ts";
import { type PackagedContainer, sniff } from "./sniff.ts";

/** A file with sound: exactly one of `pcm` (random access) and `stream` (forward decoding) is present. */
export type OpenedMedia = {
  readonly info: MediaInfo;
  readonly pcm?: PcmReader;
  /** A new decoding from the first frame; rejects with a ProblemError when the stream is damaged. */
  readonly stream?: () => Promise<DecodedStream>;
};

type ReadHeader = (window: HeaderWindow, start: number) => Promise<ParsedHeader>;

const PCM_HEADERS: Readonly<Record<Exclude<PackagedContainer, StreamKind>, ReadHeader>> = {
  wave: readWaveHeader,
  w64: readW64Header,
  aiff: readAiffHeader,
  caf: readCafHeader,
  au: readAuHeader,
};

/** Opens a file by what its bytes say. `path` names it in problems and is what an external decoder is given. */
export const openMedia = async (
  source: ByteSource,
  path: string,
  external?: ExternalDecoder,
): Promise<Result<OpenedMedia>> => {
  const window = new HeaderWindow(source);
  const sniffed = await sniff(window);
  if (sniffed.kind === "unknown") return fail(notAudio(path, sniffed.reason));
  if (sniffed.kind === "foreign") return openExternally(path, external, needsFfmpeg(path, sniffed.name));
  if (isStream(sniffed.kind)) return openCompressed(source, path, sniffed.kind, sniffed.start, external);
  const header = await PCM_HEADERS[sniffed.kind](window, sniffed.start);
  if (header.kind === "pcm") {
    const warnings = header.warnings.map((text) => damagedHeader(path, text));
    return ok({ info: header.info, pcm: createPcmReader(source, header.info) }, warnings);
  }
  if (header.kind === "not-audio") return fail(notAudio(path, header.reason));
  return openExternally(path, external, unsupportedEncoding(path, header.reason));
};

const isStream = (kind: PackagedContainer): kind is StreamKind => kind in STREAM_READERS;

const damagedHeader = (file: string, text: string): Problem => ({
  code: "not-audio",
  message: `${file} ${text}. Premix reads what is there; export it again if sound is missing.`,
  file,
});

/** Asks the external decoder, or fails with the problem that names the remedies. */
const openExternally = async (
  path: string,
  external: ExternalDecoder | undefined,
  otherwise: Problem,
): Promise<Result<OpenedMedia>> => {
  if (external === undefined) return fail(otherwise);
  return catchProblems(async () => ({ info: await external.probe(path), stream: () => external.decode(path) }));
};

/** Turns a thrown ProblemError into a Result; other errors are our own bugs and pass. */
const catchProblems = async (open: () => Promise<OpenedMedia>): Promise<Result<OpenedMedia>> => {
  try {
    return ok(await open());
  } catch (error) {
    if (error instanceof ProblemError) return fail(...error.problems);
    throw error;
  }
};

/** Readers of the streams, loaded when the first file of their kind is opened. */
const STREAM_READERS = {
  flac: async () => {
    const { flacInfo, openFlacStream } = await import("./compressed/flac-stream.ts");
    return { info: flacInfo, open: openFlacStream };
  },
  mpeg: async () => {
    const { mpegInfo, openMpegStream } = await import("./compressed/mpeg-stream.ts");
    return { info: mpegInfo, open: openMpegStream };
  },
  ogg: async () => {
    const { oggInfo, openOggStream } = await import("./compressed/ogg-stream.ts");
    return { info: oggInfo, open: openOggStream };
  },
  isobmff: async () => {
    const { mp4Info, openMp4Stream } = await import("./compressed/mp4-stream.ts");
    return { info: mp4Info, open: openMp4Stream };
  },
  matroska: async () => {
    const { matroskaInfo, openMatroskaStream } = await import("./compressed/matroska-stream.ts");
    return { info: matroskaInfo, open: openMatroskaStream };
  },
};

type StreamKind = keyof typeof STREAM_READERS;

/** Opens with a packaged decoder; what only ffmpeg decodes goes to the external one. */
const openCompressed = async (
  source: ByteSource,
  path: string,
  kind: StreamKind,
  start: number,
  external: ExternalDecoder | undefined,
): Promise<Result<OpenedMedia>> => {
  const opened = await catchProblems(async () => {
    const reader = await STREAM_READERS[kind]();
    return { info: await reader.info(source, start, path), stream: () => reader.open(source, start, path) };
  });
  if (opened.ok) return opened;
  const needed = opened.problems.find(({ code }) => code === "needs-ffmpeg");
  return needed === undefined ? opened : openExternally(path, external, needed);
};
