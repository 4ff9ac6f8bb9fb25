import { db, defineProcessor } from "../processor.ts";

/** A level change, the same for all channels. */
export const gain = defineProcessor({
  type: "gain",
  title: "Gain",
  doc: "Raises or lowers the level of all channels alike.",
  params: {
    gainDb: db({ min: -120, max: 24, default: 0, doc: "Level change; -120 is off." }),
  },
});
