/** `npm run test:long` asks for the whole of what `npm test` takes a share of. */
const isLong = process.env["PREMIX_LONG"] === "1";

/** `usual` in `npm test`, `long` in `npm run test:long`. */
export const effort = <T>(usual: T, long: T): T => (isLong ? long : usual);
