import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import { chunkHeader, fileHeader, paddingOf } from "../../../schema/chunk-file.ts";
import { decodeMessagePack, encodeMessagePack } from "../../../schema/codec.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { floatWave } from "../../support/float-wave.ts";
import { clipFixture, minimalDocument, trackFixture } from "../../support/mix-documents.ts";
import { runJson, runMain } from "../../support/run-main.ts";
import { noise } from "../../support/signals.ts";
import { temporaryFolders } from "../../support/temporary-folder.ts";

type Answer = {
  readonly ok: boolean;
  readonly packed: readonly { readonly kind: string; readonly id: string; readonly name: string }[];
  readonly document: string;
  readonly files: readonly string[];
  readonly mix: { readonly sha256: string };
  readonly errors: readonly { readonly code: string; readonly message: string }[];
};

const folder = temporaryFolders();

const medium = (name: string): MixDocument["media"][string] => ({
  path: `${["$", "{media}"].join("")}/${name}`,
  name,
  sizeBytes: null,
  quickHash: null,
  sampleRate: 48_000,
  channels: 2,
  frames: 48_000,
});

/** A document of two clips on two files that share their name, and the folder of the files. */
const project = () => {
  const home = folder();
  const sources = folder();
  const { sequence } = minimalDocument();
  const document = minimalDocument({
    sequence: { ...sequence, durationTicks: String(2 * 254_016_000_000) },
    media: { med_one: medium("voice.wav"), med_two: medium("Musik ü.wav") },
    tracks: [
      trackFixture({
        clips: [clipFixture(), clipFixture({ id: "clp_two", media: "med_two", startTicks: "254016000000" })],
      }),
    ],
  });
  writeFileSync(join(home, "reel.mix.json"), canonicalText(document));
  writeFileSync(join(sources, "voice.wav"), floatWave(noise(-20, 96_000), 2));
  writeFileSync(join(sources, "Musik ü.wav"), floatWave(noise(-30, 96_000, 2), 2));
  return { home, sources, text: join(home, "reel.mix.json"), bundle: join(home, "reel.mixb") };
};

/** Chunks of a file that was written by hand, as the format says. */
const chunksOf = (bytes: Uint8Array): { type: string; content: Uint8Array }[] => {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  expect(Buffer.from(bytes.subarray(0, 4)).toString("latin1")).toBe("MIXB");
  expect([view.getUint32(4, true), view.getUint32(8, true)]).toEqual([1, bytes.length]);
  const chunks: { type: string; content: Uint8Array }[] = [];
  for (let at = 12; at < bytes.length; ) {
    const length = view.getUint32(at, true);
    const type = Buffer.from(bytes.subarray(at + 4, at + 8)).toString("latin1");
    chunks.push({ type, content: bytes.subarray(at + 8, at + 8 + length) });
    at += 8 + Math.ceil(length / 8) * 8;
  }
  return chunks;
};

const fileOf = (chunks: readonly { type: string; content: Uint8Array }[]): Buffer => {
  const parts = chunks.flatMap(({ type, content }) => [
    chunkHeader(type, content.length),
    content,
    new Uint8Array(paddingOf(content.length)),
  ]);
  const total = 12 + parts.reduce((sum, { length }) => sum + length, 0);
  return Buffer.concat([fileHeader(total), ...parts]);
};

describe("a bundle", () => {
  test("holds the document as MessagePack, and gives the text back byte for byte", async () => {
    const { text, bundle, home } = project();
    expect((await runMain(["convert", text, "--to", "mixb", "-o", bundle])).exitCode).toBe(0);
    const [document, ...more] = chunksOf(readFileSync(bundle));
    expect(more).toEqual([]);
    expect(document!.type).toBe("DOC ");
    expect(decodeMessagePack(document!.content, "x")).toMatchObject({ ok: true });
    const back = join(home, "back.mix.json");
    expect((await runMain(["convert", bundle, "--to", "json", "-o", back])).exitCode).toBe(0);
    expect(readFileSync(back)).toEqual(readFileSync(text));
    const again = join(home, "again.mixb");
    await runMain(["convert", back, "--to", "mixb", "-o", again]);
    expect(readFileSync(again)).toEqual(readFileSync(bundle));
  });

  test("carries sources and stems; unpacked elsewhere it renders the same bytes", async () => {
    const { text, bundle, home, sources } = project();
    const stems = join(home, "stems");
    const first = await runJson<Answer>(["render", text, "--media", sources, "-o", stems]);
    const argv = ["convert", text, "--to", "mixb", "-o", bundle, "--media", sources, "--stems", stems];
    const packed = await runJson<Answer>(argv);
    expect(packed.json.packed.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
      "media voice.wav",
      "media Musik ü.wav",
      "stem Sequence_MIX.wav",
    ]);
    const there = join(folder(), "handed over");
    const unpacked = await runJson<Answer>(["unpack", bundle, "-o", there]);
    expect(unpacked.json.ok).toBe(true);
    expect(readFileSync(join(there, "media/voice.wav"))).toEqual(readFileSync(join(sources, "voice.wav")));
    expect(readFileSync(join(there, "stems/Sequence_MIX.wav"))).toEqual(readFileSync(join(stems, "Sequence_MIX.wav")));
    const second = await runJson<Answer>([
      "render",
      unpacked.json.document,
      "--media",
      join(there, "media"),
      "-o",
      join(there, "out"),
    ]);
    expect(second.json.mix.sha256).toBe(first.json.mix.sha256);
    const twice = await runJson<Answer>(["unpack", bundle, "-o", there]);
    expect(twice.json).toMatchObject({ ok: false, errors: [{ code: "path-refused" }, {}, {}, {}] });
  });

  test("chunks that this version does not know stay, byte for byte, when the document is edited", async () => {
    const { text, bundle } = project();
    await runMain(["convert", text, "--to", "mixb", "-o", bundle]);
    const strange = [
      { type: "XTRA", content: new Uint8Array([1, 2, 3]) },
      { type: "zzz9", content: new Uint8Array(4096).fill(7) },
      { type: "EMPT", content: new Uint8Array(0) },
    ];
    const [document] = chunksOf(readFileSync(bundle));
    writeFileSync(bundle, fileOf([strange[0]!, document!, ...strange.slice(1)]));
    expect((await runMain(["set", bundle, "/buses/0/volumeDb=-3"])).exitCode).toBe(0);
    const after = chunksOf(readFileSync(bundle));
    expect(after.filter(({ type }) => type !== "DOC ").map(({ type, content }) => [type, [...content]])).toEqual(
      strange.map(({ type, content }) => [type, [...content]]),
    );
    const changed = decodeMessagePack(after.find(({ type }) => type === "DOC ")!.content, "x");
    expect(changed).toMatchObject({ ok: true, value: { buses: [{ volumeDb: -3 }] } });
  });

  const doc = () => {
    const encoded = encodeMessagePack(minimalDocument());
    if (!encoded.ok) throw new Error("no document");
    return { type: "DOC ", content: encoded.value };
  };
  const evilIndex = Buffer.from([
    0x91,
    0x83,
    0xa4,
    ...Buffer.from("kind"),
    0xa5,
    ...Buffer.from("media"),
    0xa2,
    ...Buffer.from("id"),
    0xa1,
    0x61,
    0xa4,
    ...Buffer.from("name"),
    0xa6,
    ...Buffer.from("../../"),
  ]);
  const headed = (total: number, rest: Uint8Array) => Buffer.concat([fileHeader(total), rest]);

  test.each([
    ["cut off", () => fileOf([doc()]).subarray(0, 200)],
    ["longer than it says", () => Buffer.concat([fileOf([doc()]), Buffer.from([0])])],
    ["a chunk that claims 4 GB", () => headed(20, chunkHeader("DOC ", 0xffff_ffff))],
    ["no document", () => fileOf([{ type: "XTRA", content: new Uint8Array(8) }])],
    ["two documents", () => fileOf([doc(), doc()])],
    ["a bomb for a document", () => fileOf([{ type: "DOC ", content: Buffer.from([0xdd, 0xff, 0xff, 0xff, 0xff]) }])],
    [
      "a chunk type of control signs",
      () => fileOf([doc(), { type: "\u0001\u0002\u0003\u0004", content: new Uint8Array(0) }]),
    ],
    [
      "a hundred thousand chunks",
      () => fileOf([doc(), ...Array.from({ length: 100_000 }, () => ({ type: "XTRA", content: new Uint8Array(0) }))]),
    ],
    ["a newer container", () => Buffer.from(fileOf([doc()])).fill(2, 4, 5)],
  ])("%s is refused with a clear problem", async (_, make) => {
    const path = join(folder(), "bad.mixb");
    writeFileSync(path, make());
    const { exitCode, json } = await runJson<Answer>(["validate", path]);
    expect(exitCode).toBe(2);
    expect(json.errors[0]!.message).toMatch(/mixb|document|declares/);
  });

  test("a name that leads out of the folder is refused, and nothing is written", async () => {
    const path = join(folder(), "evil.mixb");
    writeFileSync(path, fileOf([doc(), { type: "INDX", content: evilIndex }, { type: "FILE", content: evilIndex }]));
    const home = folder();
    const { exitCode } = await runJson<Answer>(["unpack", path, "-o", join(home, "a/b")]);
    expect(exitCode).toBe(2);
    expect(readdirSync(home)).toEqual([]);
  });
});
