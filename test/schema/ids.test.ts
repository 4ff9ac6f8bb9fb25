import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { stableId } from "../../schema/ids.ts";
import { Sha256, sha256 } from "../../schema/sha256.ts";

describe("SHA-256", () => {
  test.each([
    ["", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
  ])("FIPS 180-4: %j", (text, digest) => {
    expect(sha256(new TextEncoder().encode(text))).toBe(`sha256:${digest}`);
  });

  test("agrees with OpenSSL however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 200 }), { maxLength: 8 }), (chunks) => {
        const own = new Sha256();
        const other = createHash("sha256");
        for (const chunk of chunks) {
          own.update(chunk);
          other.update(chunk);
        }
        expect(own.digestHex()).toBe(other.digest("hex"));
      }),
    );
  });

  test("every length around the block size pads rightly", () => {
    for (let length = 0; length <= 130; length += 1) {
      const bytes = new Uint8Array(length).fill(0xa5);
      expect(new Sha256().update(bytes).digestHex()).toBe(createHash("sha256").update(bytes).digest("hex"));
    }
  });

  test("gives the same digest again and takes no bytes after it", () => {
    const hash = new Sha256().update(new Uint8Array(3));
    expect(hash.digestHex()).toBe(hash.digestHex());
    expect(() => hash.update(new Uint8Array(1))).toThrow(TypeError);
  });
});

describe("stableId", () => {
  test("is the prefix and 16 base32 characters, the same for the same parts, for ever", () => {
    expect(stableId("clp", "guid", 3)).toBe(stableId("clp", "guid", "3"));
    expect(stableId("clp", "guid")).toBe("clp_jd3ftxx6bfl4yhmx");
  });

  test("differs when the parts are cut elsewhere", () => {
    expect(stableId("clp", "a", "bc")).not.toBe(stableId("clp", "ab", "c"));
    expect(stableId("clp", "")).not.toBe(stableId("clp"));
  });

  test("any parts give an id that a document takes", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "binary" })), (parts) => {
        expect(stableId("med", ...parts)).toMatch(/^med_[a-z2-7]{16}$/);
      }),
      { numRuns: 25 },
    );
  });
});
