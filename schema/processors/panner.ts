import { choice, db, defineProcessor, degrees, percent } from "../processor.ts";

/** Places a mono, stereo or surround signal in the layout of its bus. */
export const panner = defineProcessor({
  type: "panner",
  title: "Panner",
  doc: "Places a signal around the listener. In 5.1 and 7.1 a mono source stands between neighbouring speakers at constant power, a stereo source at -30 and +30 degrees turns with the direction, and a surround source turns as a whole. Mono passes.",
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
      doc: "Stereo only. Level of each side in the middle: sinCos -3 dB, compromise -4.5 dB, linear -6 dB, balance 0 dB.",
    }),
    divergencePercent: percent({
      min: 0,
      max: 100,
      default: 0,
      doc: "Surround only. Share of the power that all speakers but the LFE share evenly: 100 is the same level everywhere, without a direction.",
    }),
    spreadDegrees: degrees({
      min: 0,
      max: 180,
      default: 0,
      doc: "Surround only. Angle that the source fills, half of it on either side of its direction; 0 is a point.",
    }),
    centrePercent: percent({
      min: 0,
      max: 100,
      default: 100,
      doc: "Surround only. How much of the front middle the centre speaker carries: at 0 it is not used and left and right make a phantom image.",
    }),
    lfeDb: db({
      min: -120,
      max: 0,
      default: -120,
      doc: "Surround only. Level of what is also sent to the LFE, low-passed at 120 Hz (Linkwitz-Riley, 24 dB per octave); -120 is off.",
    }),
  },
});
