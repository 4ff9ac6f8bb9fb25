import { entity, integer, note, orNull, text } from "./shapes.ts";

export const Media = entity(
  "A file that clips play.",
  {
    // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a path variable is written in a document.
    path: text("As the host or the file named it; `/` separators; may start with a variable such as ${media}."),
    name: text("File name, for people."),
    sizeBytes: orNull(integer("Size of the file.", 0, Number.MAX_SAFE_INTEGER, "bytes")),
    quickHash: {
      type: ["string", "null"],
      pattern: "^sha256:[0-9a-f]{64}$",
      description: '"sha256:" of the first and last MiB and the size. null: not known.',
    },
    sampleRate: orNull(integer("Sample rate of the file.", 1, 10_000_000, "Hz")),
    channels: orNull(integer("Number of channels in the file.", 1, 256, "channels")),
    frames: orNull(integer("Length: one sample per channel is a frame.", 0, Number.MAX_SAFE_INTEGER, "frames")),
    bextTimeReference: {
      type: "string",
      pattern: "^[0-9]{1,20}$",
      description: "Broadcast Wave time reference: frames since midnight of its first frame, as decimal text.",
    },
    umid: {
      type: "string",
      pattern: "^[0-9a-f]{64}$",
      description: "SMPTE ST 330 basic UMID of a Broadcast Wave file: which recording it is.",
    },
    note,
  },
  ["bextTimeReference", "umid", "note"],
);
