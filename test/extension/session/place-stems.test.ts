import { describe, expect, test } from "vitest";
import type { RenderedFile } from "../../../engine/engine.ts";
import { documentFrame } from "../../../extension/session/document-frame.ts";
import { placeStems } from "../../../extension/session/place-stems.ts";
import type { SessionPorts } from "../../../extension/session/ports.ts";
import { enrich } from "../../../extension/session/read-sequence.ts";
import { targetProfiles } from "../../../schema/target-profiles.ts";
import { createMemoryFiles } from "../../support/memory-files.ts";
import { minimalDocument } from "../../support/mix-documents.ts";
import { simulate } from "../../support/simulated-sequence.ts";

const document = minimalDocument(documentFrame(targetProfiles[0]!, { layout: "stereo", sampleRate: 48_000 }));

const rendered: readonly RenderedFile[] = document.stems.map(({ id, name }) => ({
  stemId: id,
  name,
  file: `/projects/mix/renders/${name}.wav`,
  sha256: "",
  sampleRate: 48_000,
  channels: 2,
  frames: 20 * 48_000,
  measures: {
    integratedLufs: -23,
    maxMomentaryLufs: -20,
    maxShortTermLufs: -21,
    loudnessRangeLu: 4,
    truePeakDbtp: -3,
    samplePeakDbfs: -3,
    durationSeconds: 20,
    sampleRate: 48_000,
    channels: 2,
  },
}));

const unused = () => {
  throw new Error("placing needs no engine");
};

const openSequence = async () => {
  const simulated = simulate();
  const ports: SessionPorts = {
    host: simulated.host,
    files: createMemoryFiles().files,
    engine: {
      probe: unused,
      analyse: unused,
      peaks: unused,
      render: unused,
      gainCurve: unused,
      measure: unused,
      spectrum: unused,
    },
  };
  await ports.host.connect();
  const read = async () => {
    const snapshot = await ports.host.readSequence();
    if (!snapshot.ok) throw new Error(JSON.stringify(snapshot.problems));
    return enrich(snapshot.value, null).value;
  };
  const place = async () => {
    const placed = await placeStems(ports, document, rendered, await read());
    if (!placed.ok) throw new Error(JSON.stringify(placed.problems));
    return placed.value;
  };
  return { read, place, ports };
};

describe("placing the stems", () => {
  test("puts the four role stems on new tracks, but not the mix, and mutes what was heard", async () => {
    const { place, read } = await openSequence();
    const placed = await place();
    expect(placed.placed.map(({ trackName }) => trackName)).toEqual([
      "Premix DX",
      "Premix MX",
      "Premix FX",
      "Premix BG",
    ]);
    expect(placed.originalsUnchanged).toBe(true);
    expect(placed.mutedTrackIndices).toEqual([0, 1, 3]);
    const after = await read();
    expect(after.tracks.map(({ reply }) => reply.muted)).toEqual([true, true, true, true]);
  });

  test("tracks of ours are not read back as sources, and are known for what they are", async () => {
    const { place, read } = await openSequence();
    expect((await read()).mixedBefore).toBe(false);
    await place();
    const after = await read();
    expect(after.mixedBefore).toBe(true);
    expect(after.tracks).toHaveLength(4);
  });

  test("placing again changes nothing: the same tracks stand there once", async () => {
    const { place } = await openSequence();
    const first = await place();
    const second = await place();
    expect(second.placed).toEqual(first.placed);
  });
});
