import { canonicalText } from "../../schema/canonical.ts";
import { fullDocument, minimalDocument } from "./mix-documents.ts";

/** The content of a file that is no good, and what must be said of it. */
export type HostileFile = { readonly name: string; readonly content: string | Uint8Array; readonly says: RegExp };

const good = canonicalText(minimalDocument());
const full = canonicalText(fullDocument({ extends: [] }));
const withMember = (member: string): string => good.replace("{", `{ ${member},`);
const bytes = (...codes: number[]): Uint8Array => Uint8Array.from(codes);
const repeated = (unit: Uint8Array, times: number): Uint8Array =>
  Uint8Array.from({ length: unit.length * times }, (_, index) => unit[index % unit.length]!);
/** A map of one member, so that the file starts like a MessagePack document. */
const inMap = (value: Uint8Array): Uint8Array =>
  Uint8Array.from([0x81, 0xa6, ...new TextEncoder().encode("tracks"), ...value]);

/** 30 nested arrays that declare 30 million members each, in 150 bytes. */
export const arrayBomb = repeated(bytes(0xdd, 0x01, 0xc9, 0xc3, 0x80), 30);

/** Documents that no command may take. */
export const hostileDocuments: readonly HostileFile[] = [
  { name: "broken.mix.json", content: '{\n  "tracks": [1 2]\n}\n', says: /comma or \] is missing/ },
  { name: "cut.mix.json", content: good.slice(0, good.length / 2), says: /ends here|missing/ },
  { name: "empty.mix.json", content: "", says: /value is missing/ },
  { name: "comments.mix.json", content: `// by hand\n${good}`, says: /Comments are not allowed.*"note"/ },
  { name: "trailing-comma.mix.json", content: good.replace(/\n\}\n?$/, ",\n}\n"), says: /comma too much/ },
  { name: "utf-16.mix.json", content: new Uint8Array(Buffer.from(`\ufeff${good}`, "utf16le")), says: /UTF-16.*UTF-8/ },
  { name: "list.mix.json", content: "[]", says: /"format": "mix"/ },
  { name: "number.mix.json", content: good.replace('"volumeDb": 0', '"volumeDb": 1e999'), says: /1e999 is too large/ },
  { name: "twice.mix.json", content: withMember('"note": "", "note": ""'), says: /"note" stands twice.*once/ },
  { name: "proto.mix.json", content: withMember('"__proto__": { "format": "mix" }'), says: /__proto__.*another name/ },
  { name: "constructor.mix.json", content: withMember('"constructor": {}'), says: /constructor.*another name/ },
  { name: "deep-list.mix.json", content: "[".repeat(100_000), says: /64 levels/ },
  { name: "deep-object.mix.json", content: '{"a":'.repeat(100_000), says: /64 levels/ },
  { name: "newer.mix.json", content: good.replaceAll('"1.0"', '"9.0"'), says: /9\.0.*Update/ },
  {
    name: "processor.mix.json",
    content: full.replace('"compressor"', '"compresor"'),
    says: /the processors are gain, .*Did you mean compressor/,
  },
  {
    name: "range.mix.json",
    content: full.replace(/"thresholdDb": [-\d.]+/, '"thresholdDb": 12'),
    says: /12, outside -60 to 0/,
  },
  {
    name: "misspelt.mix.json",
    content: full.replace('"sampleRate"', '"samplRate"'),
    says: /lacks "sampleRate".*It has "samplRate"/,
  },
  {
    name: "sound.mix.json",
    content: bytes(...new TextEncoder().encode("RIFF"), 0xff, 0xff, 0, 0, 1, 2, 3),
    says: /mix document/,
  },
  { name: "bare-bomb.mixb", content: arrayBomb, says: /mix document/ },
  { name: "bomb.mixb", content: inMap(arrayBomb), says: /declares more than it holds/ },
  { name: "deep.mixb", content: inMap(repeated(bytes(0xdc, 0, 1), 24_000)), says: /64 levels/ },
  { name: "extension.mixb", content: inMap(bytes(0xd4, 5, 0)), says: /extension/i },
];

const xmeml = (inside: string): string =>
  `<?xml version="1.0"?>\n<!DOCTYPE xmeml>\n<xmeml version="4">${inside}</xmeml>\n`;

/** Project files that neither mix nor import may take. */
export const hostileProjects: readonly HostileFile[] = [
  { name: "empty.prproj", content: "", says: /empty.*\.prproj.*xmeml/ },
  { name: "damaged.prproj", content: bytes(0x1f, 0x8b, 8, 0, 1, 2, 3), says: /gzip data is damaged/ },
  { name: "words.xml", content: "hello", says: /not an XML document.*\.prproj/ },
  { name: "picture.xml", content: bytes(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10), says: /not a project file/ },
  { name: "open.xml", content: xmeml("<sequence><name>"), says: /not well-formed/ },
  { name: "no-sequence.xml", content: xmeml(""), says: /holds no sequence/ },
  {
    name: "no-clip.xml",
    content: xmeml(
      '<sequence id="s"><name>S</name><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate><media></media></sequence>',
    ),
    says: /no audio clip/,
  },
  { name: "other-root.xml", content: '<?xml version="1.0"?>\n<filter><effect/></filter>\n', says: /<filter>.*xmeml/ },
  {
    name: "entities.xml",
    content: `<!DOCTYPE xmeml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<xmeml version="4">&b;</xmeml>`,
    says: /DTD/,
  },
  { name: "external.xml", content: `<!DOCTYPE xmeml SYSTEM "file:///etc/passwd">\n<xmeml version="4"/>`, says: /DTD/ },
  { name: "deep.xml", content: `<xmeml>${"<a>".repeat(100_000)}`, says: /64 deep/ },
];
