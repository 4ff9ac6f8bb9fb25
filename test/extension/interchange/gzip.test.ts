import { gzipSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { inflateLimits } from "../../../extension/interchange/prproj/inflate.ts";
import { readPrproj } from "../../../extension/interchange/prproj/read.ts";
import { bytesOf, fixture, goodOf, problemOf } from "./fixture.ts";

const refused = async (bytes: Uint8Array) => problemOf(await readPrproj(bytes, "evil.prproj"));
const megabyte = 1024 * 1024;

/** A project that begins well and then holds `size` bytes of `piece`. */
const padded = (size: number, piece: string): Buffer =>
  Buffer.concat([bytesOf('<PremiereData Version="3"><Filler>'), Buffer.alloc(size, piece)]);

describe("gzip bombs", () => {
  test("300 MB of zeros are no project", async () => {
    expect((await refused(gzipSync(Buffer.alloc(300 * megabyte)))).code).toBe("syntax");
  });

  test("300 MB of spaces in a project are refused by their ratio", async () => {
    const problem = await refused(gzipSync(padded(300 * megabyte, " ")));
    expect(problem.code).toBe("too-large");
    expect(problem.message).toContain(`${inflateLimits.maxRatio} times`);
  });

  test("a project of more than 256 MB is refused whatever its ratio", async () => {
    const noise = Buffer.from(
      Array.from({ length: 4096 }, (_, i) => 32 + ((i * 2_654_435_761) >>> 25)).map((byte) =>
        byte === 60 || byte === 38 || byte === 62 ? 32 : Math.min(byte, 126),
      ),
    );
    const block = gzipSync(Buffer.concat(Array.from({ length: 64 }, () => noise)), { level: 0 });
    const head = gzipSync(bytesOf('<PremiereData Version="3"><Filler>'));
    const members = Buffer.concat([head, ...Array.from({ length: 1040 }, () => block)]);
    expect((await refused(members)).message).toContain("256 MB");
  });

  test("gzip within gzip is not unpacked twice", async () => {
    expect((await refused(gzipSync(gzipSync(fixture("prproj/two-tracks.prproj.xml"))))).code).toBe("syntax");
  });

  test("a small project that packs well is no bomb", async () => {
    const text = new TextDecoder()
      .decode(fixture("prproj/two-tracks.prproj.xml"))
      .replace("</PremiereData>", `${" ".repeat(900_000)}</PremiereData>`);
    expect(goodOf(await readPrproj(gzipSync(text), "x.prproj")).tracks).toHaveLength(2);
  });
});

describe("damaged projects", () => {
  const whole = gzipSync(fixture("prproj/two-tracks.prproj.xml"));
  test.each([1, 10, 12, 200, whole.length - 9, whole.length - 1])("cut after %i bytes", async (length) => {
    expect((await refused(whole.subarray(0, length))).code).toBe("syntax");
  });

  test("a flipped bit anywhere is noticed or harmless", async () => {
    for (let at = 0; at < whole.length; at += 37) {
      const damaged = Buffer.from(whole);
      damaged[at] = (damaged[at] ?? 0) ^ 0x10;
      const result = await readPrproj(damaged, "x.prproj");
      expect(result.ok || result.problems.length > 0).toBe(true);
    }
  });

  test("another root than PremiereData, packed or not", async () => {
    expect(await refused(gzipSync("<xmeml/>"))).toMatchObject({ code: "unsupported", allowed: ["PremiereData"] });
    expect(await refused(bytesOf("<sesx/>"))).toMatchObject({ code: "unsupported" });
  });

  test("a DTD inside the gzip", async () => {
    expect(
      (await refused(gzipSync('<!DOCTYPE PremiereData [<!ENTITY a "b">]><PremiereData>&a;</PremiereData>'))).code,
    ).toBe("unsupported");
  });

  test("50,000 deep inside the gzip", async () => {
    expect((await refused(gzipSync("<PremiereData>".repeat(50_000)))).code).toBe("too-deep");
  });
});
