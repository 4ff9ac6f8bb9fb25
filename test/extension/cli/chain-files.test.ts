// Chains whose inserts work with files: where these may lie, what is said of those that cannot serve, and that the rest still sounds.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, test } from "vitest";
import { floatWave } from "../../support/float-wave.ts";
import { largestDifference, rmsDb } from "../../support/measure-signal.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { concat, impulse, noise, sine } from "../../support/signals.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { parseWave } from "../../support/wave-file.ts";

const folder = temporaryFolders();

type Report = {
  readonly warnings: readonly string[];
  readonly chain: { readonly processors: readonly { readonly file?: string }[] };
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly file: string;
    readonly line: number;
    readonly pointer: string;
  }[];
};

type Scene = {
  readonly signal: Float32Array;
  readonly chain: unknown;
  /** Further files by their path in the folder. */
  readonly files?: Readonly<Record<string, Uint8Array>>;
  /** Folder of the chain file. */
  readonly chainFolder?: string;
  readonly more?: (root: string) => readonly string[];
};

/** Writes a scene into a new folder and processes it there, as somebody would who stands in it. */
const run = async ({ signal, chain, files = {}, chainFolder = "", more = () => [] }: Scene) => {
  const root = folder();
  const chainFile = join(chainFolder, "chain.json");
  const all = { ...files, "in.wav": floatWave(signal, 1), [chainFile]: Buffer.from(JSON.stringify(chain)) };
  for (const [name, bytes] of Object.entries(all)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), bytes);
  }
  const argv = ["process", "in.wav", "--chain", chainFile, "-o", "out.wav", ...more(root)];
  const result = await runJson<Report>(argv, { workingFolder: root });
  const samples = () => new Float32Array(new Uint8Array(parseWave(readFileSync(join(root, "out.wav"))).data).buffer);
  return { root, ...result, samples };
};

const RATE = 48_000;
const click = impulse(RATE, 1000);
/** A direct sound and one reflection of half its level, 480 frames later. */
const response = (() => {
  const out = impulse(2400);
  out[480] = 0.5;
  return out;
})();
const hall = floatWave(response, 1);
const convolution = (file: string) => ({ type: "convolution", file });

/** The response is made as loud as what goes in. */
const expectHall = (out: Float32Array, later = 480) => {
  const scale = 1 / Math.sqrt(1.25);
  expect(out[1000]).toBeCloseTo(scale, 4);
  expect(out[1000 + later]).toBeCloseTo(scale / 2, 4);
  expect(rmsDb(out.subarray(1000 + later + 100))).toBeLessThan(-100);
};

describe("the file of an insert", () => {
  test.each([
    { where: "beside the chain file", files: { "chains/hall.wav": hall }, file: "hall.wav" },
    { where: "in the working folder", files: { "irs/hall.wav": hall }, file: "irs/hall.wav" },
    { where: "above the chain file, in the working folder", files: { "hall.wav": hall }, file: "../hall.wav" },
  ])("is found $where, and heard", async ({ files, file }) => {
    const { exitCode, json, samples, stderr } = await run({
      signal: click,
      chain: [convolution(file)],
      files,
      chainFolder: "chains",
    });
    expect(exitCode, stderr).toBe(0);
    expectHall(samples());
    expect(json.warnings).toEqual([]);
    expect(json.chain.processors[0]!.file).toBe(file);
  });

  test("beside the chain file goes before the working folder", async () => {
    const other = floatWave(impulse(2400), 1);
    const files = { "chains/hall.wav": hall, "hall.wav": other };
    const { samples } = await run({ signal: click, chain: [convolution("hall.wav")], files, chainFolder: "chains" });
    expectHall(samples());
  });

  test("is found by its name in a media folder, which is said", async () => {
    const elsewhere = folder();
    mkdirSync(join(elsewhere, "deep"));
    writeFileSync(join(elsewhere, "deep/hall.wav"), hall);
    const more = () => ["--media", elsewhere];
    const { json, samples } = await run({ signal: click, chain: [convolution("C:\\irs\\hall.wav")], more });
    expectHall(samples());
    expect(json.warnings.join()).toContain(join(elsewhere, "deep/hall.wav"));
  });

  test("two inserts may share one, and use another", async () => {
    const gone = floatWave(impulse(2400), 1);
    const chain = [convolution("none.wav"), convolution("hall.wav"), convolution("none.wav")];
    const { samples } = await run({ signal: click, chain, files: { "hall.wav": hall, "none.wav": gone } });
    expectHall(samples());
  });

  test("may have another sample rate and stand in a preset object", async () => {
    const at44k = floatWave(impulse(2400), 1, 44_100);
    const chain = { name: "room", processors: [convolution("hall.wav")] };
    const { exitCode, json, samples } = await run({ signal: click, chain, files: { "hall.wav": at44k } });
    expect(exitCode).toBe(0);
    expect(json.warnings).toEqual([]);
    expect(samples().indexOf(Math.max(...samples().subarray(900, 1100)))).toBe(1000);
  });

  test.each([
    ["is not there", "hall.wav", /"hall.wav" is not here.*--media/],
    ["leaves both folders", "../../hall.wav", /leaves the folder of the file that names it/],
    ["is absolute and lies elsewhere", "/etc/hall.wav", /lies outside the folder .*--media/],
    ["is on a network", "//host/share/hall.wav", /never opened/],
  ])("that %s is a problem at its place in the chain, and nothing is written", async (_, file, message) => {
    const { exitCode, json, root } = await run({
      signal: click,
      chain: { processors: [{ type: "gain" }, convolution(file)] },
    });
    expect(exitCode).toBe(3);
    expect(json.errors[0]).toMatchObject({ code: "missing-media", line: 1, pointer: "/processors/1/file" });
    expect(json.errors[0]!.message).toMatch(message);
    expect(json.errors[0]!.file).toBe(join(root, "chain.json"));
    expect(readdirSync(root).sort()).toEqual(["chain.json", "in.wav"]);
  });

  test("on an insert that takes none is named and has no effect", async () => {
    const { exitCode, json } = await run({
      signal: click,
      chain: [{ type: "gain", file: "hall.wav" }],
      files: { "hall.wav": hall },
    });
    expect(exitCode).toBe(0);
    expect(json.warnings).toEqual(["/0/file is not known: it is kept but has no effect."]);
  });
});

describe("a file that cannot serve", () => {
  const tone = sine(1000, -20, RATE);
  const quieter = tone.map((x) => x * 0.5);
  const half = { type: "gain", gainDb: 20 * Math.log10(0.5) };

  test.each([
    ["longer than 10 s", floatWave(noise(-20, 10 * RATE + 1), 1), /"bad.wav" .*longer than 10 s.* off/],
    ["of 17 channels", floatWave(noise(-20, 17 * 100), 17), /"bad.wav" .*more than 16 channels.* off/],
    ["without a frame", floatWave(new Float32Array(0), 1), /"bad.wav" .*holds no sound.* off/],
    ["no audio at all", Buffer.from("this is not a sound file, not at all"), /"bad.wav" .*cannot be opened.* off/],
    ["of silence", floatWave(new Float32Array(4800), 1), /prc_1 holds nothing but silence.* off/],
    [
      "of damaged samples",
      floatWave(new Float32Array(4800).fill(Number.NaN), 1),
      /prc_1 holds nothing but silence.* off/,
    ],
  ])("%s switches its insert off, says so, and the rest of the chain renders", async (_, bytes, warning) => {
    for (const type of ["convolution", "roomTone"]) {
      const chain = [{ type, file: "bad.wav" }, half];
      const { exitCode, json, samples } = await run({ signal: tone, chain, files: { "bad.wav": bytes } });
      expect(exitCode).toBe(0);
      expect(json.warnings).toHaveLength(1);
      expect(json.warnings[0]).toMatch(warning);
      expect(largestDifference(samples(), quieter)).toBeLessThan(1e-7);
    }
  });

  test("a response that was cut off serves as far as it goes, and that is said", async () => {
    const cut = floatWave(concat(response, new Float32Array(RATE)), 1).subarray(0, 44 + 2400 * 4);
    const { exitCode, json, samples } = await run({
      signal: click,
      chain: [convolution("cut.wav")],
      files: { "cut.wav": cut },
    });
    expect(exitCode).toBe(0);
    expect(json.warnings.join()).toMatch(/cut\.wav claims 201600 bytes of sound and holds 9600/);
    expectHall(samples());
  });
});

describe("room tone through the command line", () => {
  /** Too short, each side of the gap, to learn a room from. */
  const word = sine(440, -20, 0.4 * RATE);
  const withGap = concat(word, new Float32Array(RATE), word);
  const gapOf = (out: Float32Array) => out.subarray(RATE * 0.6, RATE * 1.2);

  test("a recording of another sample rate fills the gap at its level", async () => {
    const room = noise(-40, 3 * 44_100, 4);
    const { json, samples } = await run({
      signal: withGap,
      chain: [{ type: "roomTone", file: "room.wav" }],
      files: { "room.wav": floatWave(room, 1, 44_100) },
    });
    expect(json.warnings).toEqual([]);
    expect(Math.abs(rmsDb(gapOf(samples())) - rmsDb(room))).toBeLessThan(1);
  });

  test("without a recording and without a pause the gap stays silent, and what to do is said", async () => {
    const { exitCode, json, samples } = await run({ signal: withGap, chain: [{ type: "roomTone" }] });
    expect(exitCode).toBe(0);
    expect(json.warnings.join()).toMatch(/prc_1 heard no pause .* Name a recording of the room as its file/);
    expect(rmsDb(gapOf(samples()))).toBeLessThan(-200);
  });
});

test("a side-chain is refused: one file alone has nothing else to listen to", async () => {
  const root = folder();
  writeFileSync(join(root, "in.wav"), floatWave(click, 1));
  writeFileSync(join(root, "chain.json"), '[{ "type": "compressor",\n "sidechain": "music" }]');
  const argv = ["process", "in.wav", "--chain", "chain.json", "-o", "out.wav"];
  const { exitCode, stderr } = await runMain(argv, { workingFolder: root });
  expect(exitCode).toBe(2);
  expect(stderr).toContain("/0/sidechain");
  expect(stderr).toContain("chain.json:2");
});
