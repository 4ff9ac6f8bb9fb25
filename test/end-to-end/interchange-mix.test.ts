import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { beforeAll, describe, expect, test } from "vitest";
import type { ImportReport } from "../../extension/session/import-sequence.ts";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { fixtureText } from "../extension/interchange/fixture.ts";
import { type ExpectedProject, expectedOfXmeml } from "../support/expected-project.ts";
import { contentsOf } from "../support/folder-contents.ts";
import { type CliFailure, runPremix } from "../support/premix-process.ts";
import { waveInt24 } from "../support/render-ground.ts";
import { sine } from "../support/signals.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";
import { sceneXml, wave16 } from "../support/xmeml-scene.ts";

/*
 * Projects that Premiere and Final Cut wrote where PREMIX_MATERIAL has them, else hand-written ones. What must come out is counted
 * here apart from the reader that Premix uses.
 */

const folder = temporaryFolders();
const interchange = join(process.env["PREMIX_MATERIAL"] ?? "", "interchange");
const hasMaterial = existsSync(join(interchange, "xmeml"));

/** Premiere 14.3: one clip from frame 149 to 2596 of a drop-frame sequence, read from its XML by hand. */
const realProject = (): ExpectedProject => ({
  name: "sergei_test.prproj",
  bytes: readFileSync(join(interchange, "prproj/sergei_test.prproj")),
  clips: [
    {
      media: "Obertura 1.wav",
      ranges: [{ startTicks: String(149n * 8_475_667_200n), durationTicks: String(2447n * 8_475_667_200n) }],
      enabled: true,
      levelDb: 0,
    },
  ],
  needed: ["Obertura 1.wav"],
  usedTracks: 1,
});

const realXmeml = () =>
  readdirSync(join(interchange, "xmeml"))
    .map((name) => ({ name, bytes: readFileSync(join(interchange, "xmeml", name)) }))
    .filter(({ bytes }) => bytes.includes("<clipitem"));
/** A line in two pieces and music; the names need escaping. */
const ownXmeml = () => {
  const line = { file: "DX_Müller & Söhne 100%.wav", channels: 1, in: 50 } as const;
  const lines = [
    { ...line, at: 0, length: 100 },
    { ...line, at: 150, length: 75 },
  ];
  const music = { file: "MX_theme.wav", channels: 2, at: 120, in: 0, length: 150 } as const;
  return [{ name: "own.xml", bytes: new TextEncoder().encode(sceneXml("Own scene", [lines, [music]])) }];
};

const projects: readonly ExpectedProject[] = [
  ...(hasMaterial ? [realProject()] : []),
  ...(hasMaterial ? realXmeml() : ownXmeml()).map(({ name, bytes }) => expectedOfXmeml(name, bytes)),
];

const stage = ({ name, bytes }: Pick<ExpectedProject, "name" | "bytes">) => {
  const at = folder();
  const file = join(at, name);
  writeFileSync(file, bytes);
  return { at, file };
};

describe.concurrent.each(projects)("$name", (project) => {
  test("without its media it is not mixed: exit 3, every file named, nothing written", async () => {
    const { at, file } = stage(project);
    const before = contentsOf(at);
    const { exitCode, json } = await runPremix<CliFailure>(["mix", file, "-o", join(at, "deep/out"), "--media", at]);
    expect(exitCode).toBe(3);
    const named = json.errors.map(({ code, message }) => [code, /"(.*?)"/.exec(message)?.[1]]);
    expect(named.sort()).toEqual(project.needed.map((name) => ["missing-media", name]));
    for (const { message } of json.errors) expect(message).toMatch(/needed by .* at \d\d:\d\d:\d\d[:;]\d\d.*--media/);
    expect(contentsOf(at)).toEqual(before);
  });

  test("it imports as a valid document with every clip in its place, twice the same", async () => {
    const { at, file } = stage(project);
    const [first, second] = [join(at, "a/first.mix.json"), join(at, "a/second.mix.json")];
    const { exitCode, json } = await runPremix<ImportReport>(["import", file, "-o", first]);
    expect(exitCode).toBe(0);
    expect((await runPremix(["import", file, "-o", second])).exitCode).toBe(0);
    expect(readFileSync(second)).toEqual(readFileSync(first));
    expect(await runPremix(["validate", first])).toMatchObject({ exitCode: 0, json: { ok: true } });
    expect(readFileSync(file)).toEqual(Buffer.from(project.bytes));
    const document = JSON.parse(readFileSync(first, "utf8")) as MixDocument;
    expect(canonicalText(document)).toBe(readFileSync(first, "utf8"));
    expectClips(json, document, project);
    expectFidelity(json);
  });
});

const expectClips = ({ clips }: ImportReport, document: MixDocument, project: ExpectedProject) => {
  expect(clips).toHaveLength(project.clips.length);
  expect(new Set(clips.map(({ track }) => track)).size).toBe(project.usedTracks);
  const written = new Map(document.tracks.flatMap((track) => track.clips.map((clip) => [clip.id, clip])));
  const found = clips.map(({ id, media, startTicks, durationTicks, enabled }) => {
    return { media, startTicks, durationTicks, enabled, levelDb: written.get(id)!.volumeDb };
  });
  for (const clip of project.clips) {
    const isThere = found.some(
      ({ media, startTicks, durationTicks, enabled, levelDb }) =>
        media === clip.media &&
        enabled === clip.enabled &&
        (clip.ranges.length === 0 ||
          clip.ranges.some((range) => range.startTicks === startTicks && range.durationTicks === durationTicks)) &&
        (clip.ranges.length === 0 || clip.levelDb === null || Math.abs(levelDb - clip.levelDb) < 0.001),
    );
    expect(isThere, JSON.stringify(clip)).toBe(true);
  }
};

/** Every entry has an outcome and a count, and the totals are theirs. */
const expectFidelity = ({ counts, properties }: ImportReport) => {
  const sum = (outcome: string) =>
    properties.filter((one) => one.outcome === outcome).reduce((total, { count }) => total + count, 0);
  expect(counts).toEqual({ mapped: sum("mapped"), carried: sum("carried"), dropped: sum("dropped") });
  expect(counts.mapped).toBeGreaterThan(0);
  for (const { outcome, property, count } of properties) {
    expect(["mapped", "carried", "dropped"]).toContain(outcome);
    expect(property).not.toBe("");
    expect(count).toBeGreaterThan(0);
  }
};

const refusals = hasMaterial
  ? [
      { name: "otio_premiere_example_filter.xml", says: /<filter>/ },
      { name: "otio_sample_just_track.xml", says: /no audio clip/ },
    ].map((one) => ({ ...one, bytes: readFileSync(join(interchange, "xmeml", one.name)) }))
  : [{ name: "filter.xml", says: /<filter>/, bytes: new TextEncoder().encode("<filter><effect/></filter>") }];

describe.concurrent.each(refusals)("$name", ({ name, bytes, says }) => {
  test.each(["mix", "import"])("is refused by %s with 2, and nothing is written", async (command) => {
    const { at, file } = stage({ name, bytes });
    const { exitCode, json } = await runPremix<CliFailure>([command, file, "-o", join(at, "out/a.mix.json")]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(says);
    expect(readdirSync(at)).toEqual([name]);
  });
});

test("a plain and a packed project import to the same document", async () => {
  const text = fixtureText("prproj/two-tracks.prproj.xml");
  const { at, file } = stage({ name: "cut.prproj", bytes: new TextEncoder().encode(text) });
  const documents: string[] = [];
  for (const content of [text, gzipSync(text)]) {
    writeFileSync(file, content);
    expect((await runPremix(["import", file, "-o", join(at, "cut.mix.json")])).exitCode).toBe(0);
    documents.push(readFileSync(join(at, "cut.mix.json"), "utf8"));
  }
  expect(documents[1]).toBe(documents[0]);
  // Its cross-fade joins two roles, which are two tracks of the document: each clip has its half of it.
  const { tracks, crossfades } = JSON.parse(documents[0]!) as MixDocument;
  const clips = tracks.flatMap((track) => track.clips);
  expect(crossfades).toEqual([]);
  const [out] = clips.flatMap(({ fadeOut }) => fadeOut ?? []);
  expect(clips.flatMap(({ fadeIn }) => fadeIn ?? [])).toContainEqual(out);
});

const positive = projects.find(({ name }) => name === (hasMaterial ? "otio_premiere_example.xml" : "own.xml"))!;

describe("a project whose media are found by their names", () => {
  let report: MixReport;
  let exitCode: number | null;
  let inputBefore: Readonly<Record<string, string>>;
  let at = "";

  beforeAll(async () => {
    const { at: place, file } = stage(positive);
    at = place;
    const media = join(at, "elsewhere/sounds");
    mkdirSync(media, { recursive: true });
    for (const [index, name] of positive.needed.entries()) {
      const tone = sine(300 + 200 * index, -20, 70 * 48_000);
      writeFileSync(join(media, name), wave16(tone, 1));
    }
    inputBefore = contentsOf(at);
    const run = await runPremix<MixReport>(["mix", file, "-o", join(at, "mix"), "--media", join(at, "elsewhere")]);
    ({ exitCode, json: report } = run);
    if (!report.sequence) throw new Error(run.stderr);
  });

  test("is mixed, and neither project nor media are touched", () => {
    expect([0, 5]).toContain(exitCode);
    expect(report.originalsUnchanged).toBe(true);
    expect(report.clips).toHaveLength(positive.clips.length);
    expect(contentsOf(at)).toMatchObject(inputBefore);
  });

  test("sounds where a clip lies and nowhere else", () => {
    const samples = waveInt24(readFileSync(report.mix.file));
    const perTick = report.sequence.sampleRate / 254_016_000_000;
    const ranges = report.clips
      .filter(({ enabled, media }) => enabled && positive.needed.includes(media))
      .map(({ startTicks, durationTicks }) => {
        const from = Number(startTicks) * perTick;
        return { from, to: from + Number(durationTicks) * perTick };
      });
    const window = report.sequence.sampleRate / 10;
    const slack = 2 * window;
    const seen = { sounding: 0, silent: 0 };
    for (let frame = 0; frame + window <= report.mix.frames; frame += window) {
      const peak = samples
        .subarray(frame * 2, (frame + window) * 2)
        .reduce((most, one) => Math.max(most, Math.abs(one)), 0);
      const isInside = ranges.some(({ from, to }) => frame > from + slack && frame + window < to - slack);
      const isOutside = ranges.every(({ from, to }) => frame + window < from - slack || frame > to + slack);
      if (isInside) expect(peak, `at ${frame}`).toBeGreaterThan(2 ** 23 * 10 ** (-70 / 20));
      if (isOutside) expect(peak, `at ${frame}`).toBeLessThan(2 ** 23 * 10 ** (-90 / 20));
      seen[isInside ? "sounding" : "silent"] += isInside || isOutside ? 1 : 0;
    }
    expect(seen.sounding).toBeGreaterThan(20);
    expect(seen.silent).toBeGreaterThan(0);
  });
});
