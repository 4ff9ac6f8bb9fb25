import fc from "fast-check";
import { SaxesParser } from "saxes";
import { describe, expect, test } from "vitest";
import { canonicalText } from "../../../schema/canonical.ts";
import type { MixDocument } from "../../../schema/generated/mix-document.ts";
import { validateDocument } from "../../../schema/validate.ts";
import { randomMix } from "../../support/random-mix.ts";
import { exportXml, importBytes } from "../../support/round-trip.ts";

const hasClips = ({ tracks }: MixDocument): boolean => tracks.some(({ clips }) => clips.length > 0);

const checkWellFormed = (xml: Uint8Array): void => {
  const parser = new SaxesParser({ xmlns: false });
  parser.on("error", (error) => {
    throw error;
  });
  parser.write(new TextDecoder("utf-8", { fatal: true }).decode(xml)).close();
};

describe("a document on its way through an FCP7 XML and back", () => {
  test("documents of any kind give well-formed bytes, the same ones twice", async () => {
    await fc.assert(
      fc.asyncProperty(randomMix, async (document) => {
        expect(validateDocument(document).ok).toBe(true);
        const [{ xml }, again] = [await exportXml(document), await exportXml(document)];
        expect(again.xml).toEqual(xml);
        checkWellFormed(xml);
      }),
      { numRuns: 60 },
    );
  });

  test("what came back once comes back for ever: the second generation is the first", async () => {
    await fc.assert(
      fc.asyncProperty(randomMix.filter(hasClips), async (document) => {
        const first = await importBytes((await exportXml(document)).xml);
        const { xml } = await exportXml(first);
        const second = await importBytes(xml);
        expect(canonicalText(second)).toBe(canonicalText(first));
        expect((await exportXml(second)).xml).toEqual(xml);
      }),
      { numRuns: 60 },
    );
  });
});
