import { choice, db, defineProcessor, ms } from "../processor.ts";

/** Puts the sound into a measured or computed space. Gardner, JAES 43(3), 1995. */
export const convolution = defineProcessor({
  type: "convolution",
  title: "Convolution",
  doc: "Convolves the sound with an impulse response: that of `file`, or else a computed space. Both are as loud as what goes in.",
  file: "Id of the media that holds the impulse response (at most 10 s, 16 channels); null or absent: the space.",
  params: {
    space: choice({
      options: ["room", "hall", "plate", "chamber", "car", "phoneBooth"],
      default: "room",
      doc: "The computed space; without meaning when there is a file.",
    }),
    gainDb: db({ min: -24, max: 24, default: 0, doc: "Level of the space." }),
    trimMs: ms({
      min: 0,
      max: 1000,
      default: 0,
      doc: "What is cut off at the start of the response, such as its direct sound.",
    }),
  },
});
