import type { Problem } from "../../schema/problem.ts";

const READABLE =
  "Premix reads WAV, BWF, RF64, W64, AIFF, AIFC, CAF, AU, FLAC, MP3, Ogg Vorbis, Opus, and these inside MP4, MOV, Matroska and WebM";
const PCM_READABLE = "8, 16, 24, 32 and 64 bit integers, 32 and 64 bit floats, A-law and mu-law";
const REMEDIES =
  "Either install ffmpeg (on the PATH, or named by PREMIX_FFMPEG), or bounce the clip to WAV in Premiere (Clip > Render and Replace)";

/** The file holds no audio at all, or is too broken to tell what it holds. `why` is a clause. */
export const notAudio = (file: string, why: string): Problem => ({
  code: "not-audio",
  message: `${file} is not a readable audio file: ${why}. ${READABLE}.`,
  file,
});

/** A PCM container with an encoding that has no reader. `what` names the encoding. */
export const unsupportedEncoding = (file: string, what: string): Problem => ({
  code: "unsupported",
  message: `${file} holds ${what}. In this container Premix reads ${PCM_READABLE}. ${REMEDIES}.`,
  file,
});

/** Sound audio that only an external decoder opens. `what` names format and codec. */
export const needsFfmpeg = (file: string, what: string): Problem => ({
  code: "needs-ffmpeg",
  message: `${file} holds ${what}, which the packaged decoders cannot decode. ${REMEDIES}.`,
  file,
});

/** A compressed stream that breaks off or contradicts itself. `what` is a clause. */
export const damagedMedia = (file: string, what: string): Problem => ({
  code: "not-audio",
  message: `${file} is damaged: ${what}. Copy it again from its source, or bounce the clip to WAV in Premiere (Clip > Render and Replace).`,
  file,
});
