import { expect, test } from "vitest";
import { gitAttributeLines, missingAttributes, withAttributes } from "../../../extension/session/git-attributes.ts";

const lines = gitAttributeLines.join("\n");

test.each([
  ["nothing", "", `${lines}\n`],
  ["lines of others", "*.psd binary\n", `*.psd binary\n${lines}\n`],
  ["a last line without an end", "*.psd binary", `*.psd binary\n${lines}\n`],
  ["Windows line ends", "*.psd binary\r\n", `*.psd binary\r\n${gitAttributeLines.join("\r\n")}\r\n`],
  [
    "some of ours",
    `${gitAttributeLines[0]}\n# note\n`,
    `${gitAttributeLines[0]}\n# note\n${gitAttributeLines.slice(1).join("\n")}\n`,
  ],
])("a file with %s keeps all it has and gets what it lacks", (_, before, after) => {
  expect(withAttributes(before)).toBe(after);
  expect(withAttributes(after)).toBe(after);
  expect(missingAttributes(after)).toEqual([]);
});
