import { readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { shippedPresets } from "../../../schema/presets/index.ts";
import { floatWave } from "../../support/float-wave.ts";
import { channelOf, largestDifference, peakOf, rmsDb, toneAmplitude } from "../../support/measure-signal.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { noise, sine, spread } from "../../support/signals.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { parseWave } from "../../support/wave-file.ts";
import { wave16 } from "../../support/xmeml-scene.ts";

const folder = temporaryFolders();

type Report = {
  readonly ok: boolean;
  readonly exitCode: number;
  readonly input: { readonly sampleRate: number; readonly channels: number; readonly frames: number };
  readonly output: {
    readonly file: string;
    readonly sampleRate: number;
    readonly channels: number;
    readonly frames: number;
    readonly bitDepth: number;
  };
  readonly before: { readonly integratedLufs: number | null; readonly truePeakDbtp: number | null };
  readonly after: { readonly integratedLufs: number | null; readonly truePeakDbtp: number | null };
  readonly reductionsDb: Record<string, number>;
  readonly warnings: readonly string[];
  readonly errors: readonly {
    readonly code: string;
    readonly message: string;
    readonly file?: string;
    readonly line?: number;
    readonly column?: number;
    readonly pointer?: string;
    readonly allowed?: readonly string[];
    readonly didYouMean?: string;
  }[];
  readonly presets: readonly { readonly name: string; readonly description: string }[];
};

const write = (name: string, content: string | Uint8Array): string => {
  const path = join(folder(), name);
  writeFileSync(path, content);
  return path;
};
const writeChain = (chain: unknown) => write("chain.json", JSON.stringify(chain));
const floats = (path: string): Float32Array =>
  new Float32Array(new Uint8Array(parseWave(readFileSync(path)).data).buffer);

/** Processes a float signal; gives the output's samples and the report. */
const processed = async (
  signal: Float32Array,
  chain: string | readonly object[],
  { channels = 1, sampleRate = 48_000, more = [] as readonly string[] } = {},
) => {
  const input = write("in.wav", floatWave(signal, channels, sampleRate));
  const output = join(folder(), "out.wav");
  const chainFile = typeof chain === "string" ? chain : writeChain(chain);
  const run = await runJson<Report>(["process", input, "--chain", chainFile, "-o", output, ...more]);
  expect(run.exitCode, run.stderr).toBe(0);
  return { report: run.json, samples: floats(output), output };
};

const refused = async (argv: readonly string[]) => {
  const { exitCode, json } = await runJson<Report>(["process", ...argv]);
  expect(json.ok).toBe(false);
  return { exitCode, error: json.errors[0]! };
};

describe("process", () => {
  test.each([
    { channels: 1, sampleRate: 48_000 },
    { channels: 2, sampleRate: 44_100 },
    { channels: 1, sampleRate: 96_000 },
    { channels: 2, sampleRate: 11_025 },
  ])("an empty chain gives $channels channels at $sampleRate Hz back bit for bit", async (format) => {
    const signal = noise(-6, 12_345 * format.channels);
    const { report, samples } = await processed(signal, [], format);
    expect(largestDifference(samples, signal)).toBe(0);
    expect(report.output).toMatchObject({ ...format, frames: 12_345, bitDepth: 32 });
    expect(report.after).toEqual(report.before);
  });

  test("latency is taken back: behind a limiter that has nothing to do the sound stands where it stood", async () => {
    const signal = spread(noise(-30, 30_000));
    const { samples } = await processed(signal, [{ type: "limiter", lookaheadMs: 5 }], { channels: 2 });
    expect(samples.length).toBe(signal.length);
    expect(largestDifference(samples, signal)).toBe(0);
  });

  test("-6 dB of gain measures 6 LU less, in text and JSON", async () => {
    const signal = spread(sine(1000, -12, 4 * 48_000));
    const { report } = await processed(signal, [{ type: "gain", gainDb: -6 }], { channels: 2 });
    expect(report.before.integratedLufs).toBeCloseTo(-12, 1);
    expect(report.after.integratedLufs).toBeCloseTo(-18, 1);
    const input = write("in.wav", floatWave(signal, 2, 48_000));
    const argv = [
      "process",
      input,
      "--chain",
      writeChain([{ type: "gain", gainDb: -6 }]),
      "-o",
      join(folder(), "o.wav"),
    ];
    const { stdout, exitCode } = await runMain(argv);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/integrated +-12\.0 LUFS +-18\.0 LUFS +-6\.0 LUFS/);
  });

  test("what a compressor takes away is reported by processor", async () => {
    const chain = [{ id: "squash", type: "compressor", thresholdDb: -30, ratio: 4, kneeDb: 0 }];
    const { report } = await processed(sine(1000, -10, 48_000), chain);
    expect(report.reductionsDb["squash"]).toBeCloseTo(-15, 0);
  });

  test("16-bit files go out as 24 bits, and as what --bit-depth says", async () => {
    const input = write("in.wav", wave16(sine(1000, -6, 4_800), 1));
    for (const [more, bitDepth, tag] of [
      [[], 24, 1],
      [["--bit-depth", "16"], 16, 1],
      [["--bit-depth", "32"], 32, 3],
    ] as const) {
      const output = join(folder(), "out.wav");
      await runMain(["process", input, "--chain", writeChain([]), "-o", output, ...more]);
      expect(parseWave(readFileSync(output))).toMatchObject({ bitDepth, tag, channels: 1 });
    }
  });

  test("without --tail the length is the input's; with it the file goes on as long as the chain rings", async () => {
    const signal = sine(500, -6, 20_000);
    const chain = [{ type: "equalizer", bands: [{ frequencyHz: 100, gainDb: 12, q: 5 }] }];
    const plain = await processed(signal, chain);
    const ringing = await processed(signal, chain, { more: ["--tail"] });
    expect(plain.report.output.frames).toBe(20_000);
    expect(ringing.report.output.frames).toBeGreaterThan(20_000);
    expect(largestDifference(ringing.samples.subarray(0, 20_000), plain.samples)).toBe(0);
    expect(peakOf(ringing.samples.subarray(20_000))).toBeGreaterThan(0);
    expect(peakOf(ringing.samples.subarray(-100))).toBeLessThan(1e-5);
  });

  test("the same input and chain give the same bytes, and clipping is said", async () => {
    const chain = [{ type: "gain", gainDb: 12 }];
    const signal = sine(1000, -6, 9_600);
    const input = write("in.wav", floatWave(signal, 1));
    const runs = [];
    for (const output of [join(folder(), "out.wav"), join(folder(), "out.wav")]) {
      const argv = ["process", input, "--chain", writeChain(chain), "-o", output, "--bit-depth", "24"];
      const { json } = await runJson<Report>(argv);
      expect(json.warnings.join()).toMatch(/exceeds full scale/);
      runs.push(readFileSync(output));
    }
    expect(runs[0]!.equals(runs[1]!)).toBe(true);
  });

  test("a chain may be JSONC, and a preset object with a list of processors", async () => {
    const text = '// louder\n{ "name": "louder", "processors": [ { "type": "gain", "gainDb": 6, }, ] }\n';
    const signal = sine(1000, -12, 4_800);
    const { samples } = await processed(signal, write("louder.jsonc", text));
    expect(rmsDb(samples) - rmsDb(signal)).toBeCloseTo(6, 3);
  });
});

describe("what process refuses", () => {
  const good = () => write("in.wav", wave16(sine(1000, -6, 4_800), 1));
  const out = () => join(folder(), "out.wav");

  test.each([
    ['[\n  { "type": "gain" },\n  { "type": "compresor" }\n]', 3, "/1/type", "compressor"],
    ['[\n  { "type": "compressor",\n    "thresholdDb": 12 }\n]', 3, "/0/thresholdDb", undefined],
    ['{\n  "processors": [\n    { "type": "panner", "law": "balanc" }\n  ]\n}', 3, "/processors/0/law", "balance"],
    ['[\n  { "type": "ducker" }\n]', 2, "/0/type", undefined],
    ['{ "processor": [] }', 1, "/processors", undefined],
    ['[\n  { "type": "gain" "gainDb": 1 }\n]', 2, undefined, undefined],
  ])("%s at line %i, pointer %s", async (text, line, pointer, didYouMean) => {
    const path = write("chain.json", text);
    const { exitCode, error } = await refused([good(), "--chain", path, "-o", out()]);
    expect(exitCode).toBe(2);
    expect(error).toMatchObject({ file: path, line });
    expect(error.column).toBeGreaterThan(0);
    expect(error.pointer).toBe(pointer);
    expect(error.didYouMean).toBe(didYouMean);
    expect(error.message).not.toContain("/buses");
  });

  test("a misspelt parameter is named as a warning with what was meant", async () => {
    const argv = ["process", good(), "--chain", writeChain([{ type: "gain", gainDB: 3 }]), "-o", out()];
    const { stderr } = await runMain(argv);
    expect(stderr).toContain("/0/gainDB");
    expect(stderr).toContain("Did you mean gainDb?");
  });

  test("an unknown preset names the presets and the likely one", async () => {
    const { exitCode, error } = await refused([good(), "--chain", "phon", "-o", out()]);
    expect(exitCode).toBe(2);
    expect(error.didYouMean).toBe("phone");
    expect(error.allowed).toContain("voice-clean-up");
  });

  test("a missing input is exit 3, no audio exit 2, and nothing is written", async () => {
    const output = out();
    const missing = await refused([join(folder(), "no.wav"), "--chain", "phone", "-o", output]);
    expect(missing).toMatchObject({ exitCode: 3, error: { code: "missing-media" } });
    const text = await refused([
      write("text.wav", "only text here, no sound at all"),
      "--chain",
      "phone",
      "-o",
      output,
    ]);
    expect(text).toMatchObject({ exitCode: 2, error: { code: "not-audio" } });
    const empty = await refused([write("e.wav", wave16(new Float32Array(0), 1)), "--chain", "phone", "-o", output]);
    expect(empty.exitCode).toBe(2);
    const five = await refused([write("five.wav", wave16(new Float32Array(600), 5)), "--chain", "phone", "-o", output]);
    expect(five).toMatchObject({ exitCode: 2, error: { code: "unsupported" } });
    expect(readdirSync(join(output, ".."))).toEqual([]);
  });

  test("the input as output, another format, a missing chain or output, a strange bit depth", async () => {
    const input = good();
    const link = join(folder(), "link.wav");
    symlinkSync(input, link);
    for (const argv of [
      [input, "--chain", "phone", "-o", input],
      [link, "--chain", "phone", "-o", input],
      [input, "--chain", "phone", "-o", join(folder(), "out.mp3")],
      [input, "-o", out()],
      [input, "--chain", "phone"],
      ["--chain", "phone", "-o", out()],
      [input, "--chain", "phone", "-o", out(), "--bit-depth", "20"],
    ]) {
      const { exitCode, error } = await refused(argv);
      expect(exitCode).toBe(2);
      expect(error.code).toBe("usage");
    }
  });
});

describe("surround", () => {
  test("a 7.1 file passes an empty chain bit for bit, in the order of WAVE", async () => {
    const signal = noise(-6, 8 * 9000);
    const { samples, report } = await processed(signal, [], { channels: 8 });
    expect(report.output.channels).toBe(8);
    expect(largestDifference(samples, signal)).toBe(0);
  });

  test("--layout stereo folds 5.1 as ITU-R BS.775 says, and a downmix in the chain sets its own levels", async () => {
    const signal = noise(-12, 6 * 9000);
    const folded = async (chain: readonly object[]) =>
      (await processed(signal, chain, { channels: 6, more: ["--layout", "stereo"] })).samples;
    const expected = (centre: number, surround: number) =>
      Float32Array.from({ length: 2 * 9000 }, (_, i) => {
        const at = 6 * Math.floor(i / 2);
        return signal[at + (i % 2)]! + centre * signal[at + 2]! + surround * signal[at + 4 + (i % 2)]!;
      });
    expect(largestDifference(await folded([]), expected(Math.SQRT1_2, Math.SQRT1_2))).toBeLessThan(1e-6);
    const quiet = await folded([{ type: "downmix", centreDb: 0, surroundDb: -60 }]);
    expect(largestDifference(quiet, expected(1, 0))).toBeLessThan(1e-6);
  });

  test("--layout 5.1 puts a mono file into the centre", async () => {
    const signal = noise(-6, 9000);
    const { samples, report } = await processed(signal, [], { more: ["--layout", "5.1"] });
    expect(report.output.channels).toBe(6);
    expect(largestDifference(channelOf(samples, 2, 6), signal)).toBe(0);
    expect(peakOf(channelOf(samples, 0, 6))).toBe(0);
  });

  test("a file of three channels and a layout that does not exist are refused with what is allowed", async () => {
    const input = write("three.wav", floatWave(noise(-6, 3000), 3));
    const three = await refused([input, "--chain", "phone", "-o", join(folder(), "out.wav")]);
    expect(three.error.allowed).toContain("1, 2, 6 or 8 channels");
    const wide = await refused([input, "--chain", "phone", "--layout", "9.1", "-o", join(folder(), "o.wav")]);
    expect(wide.error.allowed).toEqual(["mono", "stereo", "5.1", "7.1"]);
  });
});

describe("presets", () => {
  test("--list names each with what it does", async () => {
    const { json, exitCode } = await runJson<Report>(["process", "--list"]);
    expect(exitCode).toBe(0);
    expect(json.presets.map(({ name }) => name)).toEqual(shippedPresets.map(({ name }) => name));
    for (const { description } of json.presets) expect(description).toMatch(/\.$/);
    expect((await runMain(["process", "--list"])).stdout).toContain("phone");
  });

  test.each(shippedPresets.map(({ name }) => name))("%s processes mono and stereo without clipping", async (name) => {
    const voice = sine(220, -26, 48_000).map((value, at) => value + sine(2500, -32, 1, 48_000, at * 0.327)[0]!);
    for (const [signal, channels] of [
      [voice, 1],
      [spread(voice), 2],
    ] as const) {
      const { report, samples } = await processed(signal, name, { channels });
      expect(report.warnings).toEqual([]);
      expect(peakOf(samples)).toBeLessThan(1);
      expect(peakOf(samples)).toBeGreaterThan(0.001);
    }
  });

  /** Gain in dB at a frequency, of a tone quiet enough to pass below every threshold. */
  const gainAt = async (preset: string, frequencyHz: number) => {
    const quiet = sine(frequencyHz, -60, 48_000);
    const { samples } = await processed(quiet, preset);
    return 20 * Math.log10(toneAmplitude(samples.subarray(24_000, 48_000), frequencyHz) / 10 ** (-60 / 20));
  };

  test("phone passes 300 to 3400 Hz and little else", async () => {
    const [low, middle, high] = [await gainAt("phone", 100), await gainAt("phone", 1000), await gainAt("phone", 8000)];
    expect(middle - low).toBeGreaterThan(50);
    expect(middle - high).toBeGreaterThan(50);
  });

  test("next-room keeps the bass and loses the highs; music-under makes room where speech lies", async () => {
    expect((await gainAt("next-room", 150)) - (await gainAt("next-room", 4000))).toBeGreaterThan(30);
    const [bass, speech] = [await gainAt("music-under", 100), await gainAt("music-under", 2200)];
    expect(bass).toBeCloseTo(-6, 0);
    expect(bass - speech).toBeGreaterThan(4.5);
  });
});
