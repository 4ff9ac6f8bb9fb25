import { choice, count, db, defineProcessor, ms, seconds } from "../processor.ts";

/** The sound of the room where there is none. */
export const roomTone = defineProcessor({
  type: "roomTone",
  title: "Room tone",
  doc: "Learns the sound of the room from the pauses of what passes, or from `file`, and fills digital silence with it. Without a pause it knows nothing and adds nothing.",
  file: "Id of the media that holds the room tone to imitate (at most 10 s); null or absent: it is learned from the pauses.",
  params: {
    gainDb: db({ min: -24, max: 24, default: 0, doc: "Level of the tone over what was learned." }),
    fill: choice({
      options: ["gaps", "throughout"],
      default: "gaps",
      doc: "Where the tone stands: in stretches of digital silence from 20 ms on, or under everything.",
    }),
    fadeMs: ms({
      min: 1,
      max: 100,
      default: 10,
      doc: "Cross-fade between sound and tone: the last of the sound before a gap and the first after it.",
    }),
    longestGapSeconds: seconds({
      min: 0.1,
      max: 600,
      default: 30,
      doc: "In a longer gap the tone dies away after this time.",
    }),
    seed: count({ min: 0, max: 9999, default: 1, doc: "Another number is another stretch of the same tone." }),
  },
});
