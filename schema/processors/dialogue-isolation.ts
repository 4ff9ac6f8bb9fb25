import { choice, db, defineProcessor } from "../processor.ts";

/** Speech kept, all else lowered: what stays is agreed by our own statistics and by trained networks. */
export const dialogueIsolation = defineProcessor({
  type: "dialogueIsolation",
  title: "Dialogue isolation",
  doc: "Keeps speech and lowers everything else, steady or not, by trained networks together with the statistics of the noise. Clean speech passes as it is.",
  neural: true,
  params: {
    reductionDb: db({
      min: 0,
      max: 60,
      default: 30,
      doc: "Most by which what is not speech is lowered. The default leaves a trace of the room; 60 empties the pauses.",
    }),
    networks: choice({
      options: ["one", "two"],
      default: "one",
      doc: "Who is asked: RNNoise, or GTCRN as well, which hears more in real recordings up to 8 kHz and takes six times the work.",
    }),
    output: choice({
      options: ["clean", "removed"],
      default: "clean",
      doc: "What is heard: the speech, or what was taken away from it.",
    }),
  },
});
