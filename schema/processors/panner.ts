import { choice, defineProcessor, degrees } from "../processor.ts";

/** Places a mono or stereo signal in the layout of its bus. */
export const panner = defineProcessor({
  type: "panner",
  title: "Panner",
  doc: "Places a signal around the listener; surround layouts pan between neighbouring speakers.",
  widens: true,
  params: {
    azimuthDegrees: degrees({
      min: -180,
      max: 180,
      default: 0,
      doc: "Direction: 0 is in front, positive is to the right, 180 behind.",
    }),
    law: choice({
      options: ["sinCos", "compromise", "linear", "balance"],
      default: "sinCos",
      doc: "Level of each side in the middle: sinCos -3 dB, compromise -4.5 dB, linear -6 dB, balance 0 dB.",
    }),
  },
});
