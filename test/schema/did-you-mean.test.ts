import { expect, test } from "vitest";
import { didYouMean } from "../../schema/did-you-mean.ts";

const words = ["dialogue", "music", "effects", "ambience"];

test.each([
  ["musik", "music"],
  ["dialog", "dialogue"],
  ["DIALOGUE", "dialogue"],
  ["efefcts", "effects"],
  ["ambiance", "ambience"],
  ["q", undefined],
  ["", undefined],
  ["reverb", undefined],
  ["x".repeat(100_000), undefined],
])("%.20s -> %s", (word, expected) => {
  expect(didYouMean(word, words)).toBe(expected);
});

test("of two candidates the nearer one is meant", () => {
  expect(didYouMean("gainDB", ["gainDbtp", "gainDb"])).toBe("gainDb");
});
