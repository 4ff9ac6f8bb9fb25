import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createNodeEngine } from "../../../engine/node/node-engine.ts";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { createSimulatedHost, type SimulatedHostOptions } from "../../../extension/host/simulated-host.ts";
import { readTimelines } from "../../../extension/interchange/read-timeline.ts";
import { mixSequence } from "../../../extension/session/mix-sequence.ts";
import type { ChannelLayout } from "../../../schema/channel-layout.ts";
import { targetProfiles } from "../../../schema/target-profiles.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";
import { parseWave } from "../../support/wave-file.ts";
import { writeScene } from "../../support/xmeml-scene.ts";

const folder = temporaryFolders();

const openScene = async (options: Partial<SimulatedHostOptions> = {}, layout: ChannelLayout = "stereo") => {
  const home = folder();
  const { project, media } = writeScene(home);
  const read = await readTimelines(readFileSync(project), project);
  if (!read.ok) throw new Error(JSON.stringify(read.problems));
  const timelines = [
    { ...read.value[0]!, layout },
    { ...read.value[0]!, id: "another", name: "Another" },
  ];
  const simulated = createSimulatedHost({ timelines, projectPath: project, projectName: "scene.xml", ...options });
  const outputFolder = join(home, "mix");
  const mix = (profileName = "ebu-r128", mediaFolders = [media]) =>
    mixSequence(
      { host: simulated.host, files: createNodeFiles(), engine: createNodeEngine(join(home, "cache")) },
      {
        outputFolder,
        projectFile: project,
        mediaFolders,
        profile: targetProfiles.find(({ name }) => name === profileName)!,
      },
    );
  return { mix, simulated, outputFolder };
};

const tracksOf = (simulated: Awaited<ReturnType<typeof openScene>>["simulated"]) =>
  simulated.dump().sequences[0]!.tracks.map(({ name, muted, clips }) => ({ name, muted, clips: clips.length }));

describe("mixing a sequence in the host", () => {
  test("a second mix replaces the first: the stems stand there once, made from the editor's tracks again", async () => {
    const { mix, simulated } = await openScene();
    const first = await mix();
    const second = await mix();
    if (!first.ok || !second.ok) throw new Error(JSON.stringify([first, second]));
    expect(second.value.mix.sha256).toBe(first.value.mix.sha256);
    expect(second.value.document.hash).toBe(first.value.document.hash);
    expect(tracksOf(simulated).filter(({ name }) => name.startsWith("Premix "))).toHaveLength(4);
    expect(second.value.warnings.join("\n")).toContain("mix before");
  });

  test("a second mix takes its analysis from the first and writes the same document; without it, again the same", async () => {
    const { mix, outputFolder } = await openScene();
    const documentOf = async () => {
      const mixed = await mix();
      if (!mixed.ok) throw new Error(JSON.stringify(mixed));
      return readFileSync(mixed.value.document.path);
    };
    const sidecars = () =>
      readdirSync(join(outputFolder, "analysis")).map((name) => join(outputFolder, "analysis", name));
    const fresh = await documentOf();
    expect(sidecars().length).toBeGreaterThan(1);
    const changes = () => sidecars().map((file) => statSync(file).mtimeMs);
    const written = changes();
    expect((await documentOf()).equals(fresh)).toBe(true);
    expect(changes()).toEqual(written);
    rmSync(join(outputFolder, "analysis"), { recursive: true });
    expect((await documentOf()).equals(fresh)).toBe(true);
  });

  test("a 5.1 sequence becomes 5.1 stems, its mono dialogue in the centre and its stereo music in front", async () => {
    const { mix, simulated } = await openScene({}, "5.1");
    const mixed = await mix();
    if (!mixed.ok) throw new Error(JSON.stringify(mixed));
    const soundingOf = (name: string) => {
      const { file } = mixed.value.stems.find((stem) => stem.name === name)!;
      const samples = parseWave(readFileSync(file));
      expect(samples.channels).toBe(6);
      const frames = new Int8Array(samples.data);
      return [0, 1, 2, 3, 4, 5].filter((channel) =>
        frames.some((value, at) => value !== 0 && Math.floor(at / 3) % 6 === channel),
      );
    };
    expect(soundingOf("DX")).toEqual([2]);
    expect(soundingOf("MX")).toEqual([0, 1]);
    expect(mixed.value.mix.measures.integratedLufs).toBeCloseTo(-23, 1);
    expect(tracksOf(simulated).filter(({ name }) => name.startsWith("Premix "))).toHaveLength(4);
  });

  test("each target is reached by the programme gain, measured as the target asks", async () => {
    const { mix } = await openScene();
    const atsc = await mix("atsc-a85");
    const netflix = await mix("netflix");
    if (!atsc.ok || !netflix.ok) throw new Error(JSON.stringify([atsc, netflix]));
    expect(atsc.value.target.measured["integratedLufs"]).toBeCloseTo(-24, 1);
    expect(netflix.value.target.measured["dialogueIntegratedLufs"]).toBeCloseTo(-27, 1);
    expect(netflix.value.stems.find(({ name }) => name === "DX")!.measures.integratedLufs).toBeCloseTo(-27, 1);
  });

  test("the stems add up to the mix to the last bit when the limiter rests", async () => {
    const { mix } = await openScene();
    const mixed = await mix();
    if (!mixed.ok) throw new Error(JSON.stringify(mixed));
    const samples = (file: string) => {
      const bytes = readFileSync(file);
      const data = bytes.subarray(bytes.indexOf("data") + 8);
      return Int32Array.from({ length: Math.floor(data.length / 3) }, (_, at) => data.readIntLE(at * 3, 3));
    };
    const stems = mixed.value.stems.map(({ file }) => samples(file));
    const whole = samples(mixed.value.mix.file);
    let largest = 0;
    for (let at = 0; at < whole.length; at += 1) {
      const sum = stems.reduce((total, stem) => total + stem[at]!, 0);
      largest = Math.max(largest, Math.abs(sum - whole[at]!));
    }
    expect(largest).toBe(0);
  });

  test("an editor who switches the sequence meanwhile: nothing is placed, the originals stay, and it is said", async () => {
    const { mix, simulated } = await openScene({ quirks: ["userSwitchesSequence"], switchBeforeCall: 15 });
    const before = tracksOf(simulated);
    const mixed = await mix();
    expect(mixed.ok).toBe(false);
    if (mixed.ok) return;
    expect(mixed.problems.some(({ code }) => code === "host")).toBe(true);
    expect(tracksOf(simulated)).toEqual(before);
  });

  test("missing media stop the job before the host or the disk is touched", async () => {
    const { mix, simulated, outputFolder } = await openScene();
    const before = tracksOf(simulated);
    const mixed = await mix("ebu-r128", [folder()]);
    expect(mixed.ok).toBe(false);
    if (mixed.ok) return;
    expect(mixed.problems).toHaveLength(4);
    expect(mixed.problems.every(({ code }) => code === "missing-media")).toBe(true);
    expect(tracksOf(simulated)).toEqual(before);
    expect(await createNodeFiles().facts(outputFolder)).toBeNull();
  });
});
