import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import type { MixReport } from "../../extension/session/mix-report.ts";
import { canonicalText } from "../../schema/canonical.ts";
import type { MixDocument } from "../../schema/generated/mix-document.ts";
import { longJob, writeNoise } from "../support/long-job.ts";
import { type CliFailure, type PremixEnd, runPremix, startPremix } from "../support/premix-process.ts";
import { temporaryFolders } from "../support/temporary-folder.ts";

/** What people and programs have put into names. */
const names: readonly string[] = [
  `He said "no" 'twice'`,
  "two\nlines\r\nand\ttabs",
  "</script><script>alert(1)</script>",
  `<img src=x onerror="alert(1)">`,
  "]]>&amp;&lt;<!--",
  "\u202eevil.wav\u202c \u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627",
  "🎬👩‍🎤 emoji",
  "\u0000\u0001\u001b[31mred\u0007\u009b",
  "\u2028\u2029 separators",
  "../../../etc/passwd",
  "C:\\CON",
  "--json",
  "%2e%2e%2f $HOME `id` $(id)",
  "e\u0301 and \u00e9",
  "名前",
];
const [sequenceName, ...others] = names;
/** Half of a surrogate pair: JSON can escape it, UTF-8 cannot hold it. */
const lone = "half \ud800 of an emoji";

const folder = temporaryFolders();

const nameOf = (index: number) => others[index % others.length]!;

/** A small job in which everything that has a name has a hostile one; stems differ in their marks alone. */
const hostileJob = (): MixDocument => {
  const job = longJob(2, 1);
  return {
    ...job,
    sequence: { ...job.sequence, name: sequenceName! },
    tracks: job.tracks.map((track, index) => ({
      ...track,
      name: nameOf(index),
      clips: track.clips.map((clip, nth) => ({ ...clip, name: nameOf(2 * index + nth), note: nameOf(index) })),
    })),
    buses: job.buses.map((bus, index) => ({ ...bus, name: nameOf(index + 2) })),
    stems: job.stems.map((stem, index) => ({ ...stem, name: ["名前", "</script>", "<\u202e/script>"][index]! })),
  };
};

/** No control but line ends, no direction marks: nothing that drives a terminal. */
const expectTame = ({ stdout, stderr }: Pick<PremixEnd, "stdout" | "stderr">) => {
  expect(`${stdout}${stderr}`.replaceAll("\n", "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
};

describe("a document full of hostile names", () => {
  let at = "";
  let file = "";
  let report: MixReport;

  beforeAll(async () => {
    at = folder();
    file = join(at, "names.mix.json");
    writeNoise(join(at, "noise.wav"), 1);
    writeFileSync(file, canonicalText(hostileJob()));
    const run = await runPremix<MixReport>(["render", file, "-o", join(at, "out")]);
    expect([0, 5], run.stderr).toContain(run.exitCode);
    report = run.json;
  });

  test("is valid, and its names come through the JSON as they are", async () => {
    expect(await runPremix(["validate", file])).toMatchObject({ exitCode: 0 });
    const document = JSON.parse(readFileSync(file, "utf8")) as MixDocument;
    expect(report.sequence.name).toBe(sequenceName);
    expect(report.clips.map(({ name }) => name)).toEqual(
      document.tracks.flatMap(({ clips }) => clips.map(({ name }) => name)),
    );
    expect([...report.stems, report.mix].map(({ name }) => name).sort()).toEqual(
      document.stems.map(({ name }) => name).sort(),
    );
    expect(JSON.parse(readFileSync(report.report!.json, "utf8"))).toEqual(JSON.parse(JSON.stringify(report)));
  });

  test("shows them in the HTML report as text", () => {
    const html = readFileSync(report.report!.html, "utf8");
    expect(html).not.toMatch(/<(?:script|img)|onerror="/i);
    expect(html.replace(/[\t\n]/g, "")).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
    expect(html).toContain("He said &quot;no&quot; &#39;twice&#39;");
    expect(html).toContain("&lt;/script&gt;&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(html).toContain("]]&gt;&amp;amp;&amp;lt;&lt;!--");
    expect(html).toContain("🎬");
  });

  test("writes plain file names, one for each stem, and nothing outside its folder", () => {
    const files = readdirSync(join(at, "out"));
    expect(files).toHaveLength(5);
    for (const name of files) expect(name).toMatch(/^[\w.-]+$/);
    expect(new Set([...report.stems, report.mix].map(({ file: stem }) => stem.toLowerCase())).size).toBe(3);
    expect(readdirSync(at).sort()).toEqual(["names.mix.json", "noise.wav", "out"]);
  });

  test("does not reach the terminal with them", async () => {
    for (const args of [
      ["render", file, "-o", join(at, "out")],
      ["validate", file],
      ["set", file, "/buses/0/volumeDb=99"],
    ])
      expectTame(await startPremix(args).ended);
    expectTame(await startPremix(["validate", join(at, "\u202e\u001b[31m\n.mix.json")]).ended);
  });

  test("goes to MessagePack and back without a change", async () => {
    const binary = join(at, "names.mixb");
    const again = join(at, "again.mix.json");
    expect((await runPremix(["convert", file, "--to", "msgpack", "-o", binary])).exitCode).toBe(0);
    expect((await runPremix(["convert", binary, "--to", "json", "-o", again])).exitCode).toBe(0);
    expect(readFileSync(again)).toEqual(readFileSync(file));
  });

  test.each(names.filter((name) => !name.includes("\u0000")))("takes %j by set, exactly", async (name) => {
    const copy = join(folder(), "copy.mix.json");
    writeFileSync(copy, readFileSync(file));
    const { exitCode, json } = await runPremix<{ after: string }>(["set", copy, `/sequence/name=${name}`]);
    expect({ exitCode, after: json.after }).toEqual({ exitCode: 0, after: name });
    expect((JSON.parse(readFileSync(copy, "utf8")) as MixDocument).sequence.name).toBe(name.normalize("NFC"));
  });
});

test("half a character stays in JSON, and MessagePack refuses it by its place", async () => {
  const at = folder();
  const file = join(at, "lone.mix.json");
  writeNoise(join(at, "noise.wav"), 1);
  const job = longJob(1);
  writeFileSync(file, canonicalText({ ...job, sequence: { ...job.sequence, name: lone } }));
  expect(await runPremix(["validate", file])).toMatchObject({ exitCode: 0 });
  const rendered = await runPremix<MixReport>(["render", file, "-o", join(at, "out")]);
  expect(rendered.json.sequence.name).toBe(lone);
  const { exitCode, json } = await runPremix<CliFailure>([
    "convert",
    file,
    "--to",
    "msgpack",
    "-o",
    join(at, "a.mixb"),
  ]);
  expect(exitCode).toBe(2);
  expect(json.errors[0]).toMatchObject({
    pointer: "/sequence/name",
    message: expect.stringMatching(/lone surrogate.*JSON/),
  });
  expect(readdirSync(at).sort()).toEqual(["lone.mix.json", "noise.wav", "out"]);
});
