import fc from "fast-check";

/**
 * Laws are tried with the same cases on every run, so that a red build can be repeated; PREMIX_SEED=<number> tries others.
 */
fc.configureGlobal({ seed: Number(process.env["PREMIX_SEED"] ?? 20_261_120) });
