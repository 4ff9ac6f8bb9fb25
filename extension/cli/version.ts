declare const PREMIX_VERSION: string | undefined;

/** The version of the package; "0.0.0-source" when run without a build. */
export const version: string = typeof PREMIX_VERSION === "string" ? PREMIX_VERSION : "0.0.0-source";
