import { fail, ok, type Problem, type Result } from "../../schema/problem.ts";
import { isGzip } from "./prproj/inflate.ts";
import { readAllPrproj, readPrproj } from "./prproj/read.ts";
import type { Timeline } from "./timeline.ts";
import { readAllXmeml, readXmeml } from "./xmeml/read.ts";
import { rootNameOf } from "./xml-text.ts";

/** What can be read, in words for people. */
const readableFormats = ["Premiere project (.prproj)", "Final Cut Pro 7 XML (.xml, root <xmeml>)"] as const;

export type ReadTimelinesOptions = {
  /** Name or id of the only sequence wanted; without it all are read. */
  readonly sequence?: string;
};

const supported = `Supported are: ${readableFormats.join(" and ")}. In Premiere: File > Save, or File > Export > Final Cut Pro XML.`;

/** Formats that people will try, by the name of the root element. */
const otherRoots: Readonly<Record<string, string>> = {
  sesx: "This is an Adobe Audition session (.sesx), which is not read yet.",
  fcpxml: "This is a Final Cut Pro X XML (.fcpxml), which is not read.",
  Project: "This is a DAWproject document, which is not read.",
};

const signatures: readonly { readonly bytes: readonly number[]; readonly message: string }[] = [
  {
    bytes: [0x50, 0x4b],
    message: "This is a zip archive (a DAWproject, an .fcpxmld or a package), which is not read.",
  },
  { bytes: [0xd0, 0xcf, 0x11, 0xe0], message: "This is an AAF file, which is not read." },
  { bytes: [0x52, 0x49, 0x46, 0x46], message: "This is a sound or film file, not a project." },
  { bytes: [0x7b], message: "This is JSON (perhaps an OpenTimelineIO file), which is not read." },
];

const unsupported = (message: string, file: string): Problem => ({
  code: "unsupported",
  message: `${message} ${supported}`,
  file,
  allowed: readableFormats,
});

const all = (one: Result<Timeline>): Result<readonly Timeline[]> => (one.ok ? ok([one.value], one.warnings) : one);

/**
 * Reads the sequences of a project file, whatever its name: the first bytes tell the format. Gives all of them in the order of
 * the file (those that stand by themselves first), or only the wanted one.
 */
export const readTimelines = async (
  bytes: Uint8Array,
  fileName: string,
  options: ReadTimelinesOptions = {},
): Promise<Result<readonly Timeline[]>> => {
  const prproj = async (): Promise<Result<readonly Timeline[]>> =>
    options.sequence === undefined ? readAllPrproj(bytes, fileName) : all(await readPrproj(bytes, fileName, options));
  if (bytes.length === 0) return fail(unsupported("The file is empty.", fileName));
  if (isGzip(bytes)) return prproj();
  const signature = signatures.find((one) => one.bytes.every((byte, index) => bytes[index] === byte));
  if (signature !== undefined) return fail(unsupported(signature.message, fileName));
  const root = rootNameOf(bytes, fileName);
  if (!root.ok) return fail(unsupported("This is not a project file that is known here.", fileName));
  if (root.value === "PremiereData") return prproj();
  if (root.value === "xmeml")
    return options.sequence === undefined ? readAllXmeml(bytes, fileName) : all(readXmeml(bytes, fileName, options));
  const message = root.value === null ? "This is not an XML document." : otherRoots[root.value];
  return fail(
    unsupported(message ?? `The root element <${root.value}> belongs to no format that is known here.`, fileName),
  );
};
