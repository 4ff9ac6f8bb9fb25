import { SaxesParser } from "saxes";
import { ProblemError } from "../../schema/problem.ts";
import { decodePiece, openXmlDecoder } from "./xml-text.ts";

/** What the readers accept from files that somebody else wrote. */
export const xmlLimits = {
  maxBytes: 64 * 1024 * 1024,
  maxDepth: 64,
  maxAttributeLength: 1024 * 1024,
  maxElements: 1_500_000,
} as const;

const pieceBytes = 64 * 1024;

export type XmlAttributes = Readonly<Record<string, string>>;

/** Where the opening tag of an element ends; 1-based, column in UTF-16 units. */
export type XmlPosition = { readonly line: number; readonly column: number };

export type XmlHandler = {
  open(name: string, attributes: XmlAttributes, position: XmlPosition): void;
  text(text: string): void;
  close(name: string): void;
};

/** Reads XML as it arrives. No DTD, no entities but the five and numbers, limited depth; every problem has file, line, column. */
export class XmlReader {
  private readonly parser = new SaxesParser({ xmlns: false, position: false });
  private readonly file: string;
  private readonly handler: XmlHandler;
  private decoder: TextDecoder | null = null;
  private doctype: string | null = null;
  private depth = 0;

  constructor(file: string, handler: XmlHandler) {
    this.file = file;
    this.handler = handler;
    // The parser's own table inherits from Object, so that &constructor; would expand to a function's text.
    this.parser.ENTITIES = Object.assign(Object.create(null), { amp: "&", gt: ">", lt: "<", quot: '"', apos: "'" });
    this.parser.on("error", (error) => this.refuse("syntax", this.explain(error.message)));
    this.parser.on("doctype", (doctype) => this.checkDoctype(doctype));
    this.parser.on("opentag", (tag) => this.open(tag.name, tag.attributes));
    this.parser.on("closetag", (tag) => {
      this.depth -= 1;
      this.handler.close(tag.name);
    });
    this.wantText(true);
  }

  /** Text costs a string each: a handler that skips a part switches it off meanwhile. */
  wantText(wanted: boolean): void {
    if (wanted) {
      this.parser.on("text", (text) => this.handler.text(text));
      this.parser.on("cdata", (text) => this.handler.text(text));
    } else {
      this.parser.off("text");
      this.parser.off("cdata");
    }
  }

  write(bytes: Uint8Array): void {
    this.decoder ??= openXmlDecoder(bytes, this.file);
    this.parser.write(decodePiece(this.decoder, bytes, true, this.file));
  }

  end(): void {
    if (this.decoder !== null) this.parser.write(decodePiece(this.decoder, new Uint8Array(0), false, this.file));
    this.parser.close();
  }

  refuse(code: "syntax" | "too-deep" | "too-large" | "unsupported", message: string): never {
    throw new ProblemError({
      code,
      message,
      file: this.file,
      line: this.parser.line,
      column: this.parser.columnIndex + 1,
    });
  }

  private open(name: string, attributes: XmlAttributes): void {
    this.depth += 1;
    if (this.depth === 1 && this.doctype !== null && this.doctype !== name)
      this.refuse(
        "unsupported",
        `The DOCTYPE names "${this.doctype}" but the document is <${name}>. Both must be the same.`,
      );
    if (this.depth > xmlLimits.maxDepth)
      this.refuse(
        "too-deep",
        `Elements are nested more than ${xmlLimits.maxDepth} deep; real project files stay below 30. The file is damaged or hostile.`,
      );
    for (const key in attributes)
      if ((attributes[key] ?? "").length > xmlLimits.maxAttributeLength)
        this.refuse(
          "too-large",
          `The attribute "${key.slice(0, 40)}" is longer than ${xmlLimits.maxAttributeLength} characters.`,
        );
    this.handler.open(name, attributes, { line: this.parser.line, column: this.parser.columnIndex + 1 });
  }

  private checkDoctype(doctype: string): void {
    const name = doctype.trim();
    if (!/^[A-Za-z_][\w.-]*$/.test(name))
      this.refuse(
        "unsupported",
        "The file brings its own DTD (entities or external references). Only a bare <!DOCTYPE name> is read: remove the DTD and export the file again.",
      );
    this.doctype = name;
  }

  private explain(message: string): string {
    if (message.includes("undefined entity"))
      return "An entity other than &amp; &lt; &gt; &quot; &apos; or a character number stands in the text. Those are never expanded: write the character itself.";
    return `This is not well-formed XML: ${message.replace(/\.$/, "")}. Export the file again.`;
  }
}

/** Feeds a whole file in pieces, so that a problem is found before the rest is decoded. */
export const readXmlBytes = (reader: XmlReader, bytes: Uint8Array): void => {
  if (bytes.length > xmlLimits.maxBytes)
    reader.refuse(
      "too-large",
      `The XML file has ${Math.ceil(bytes.length / 1_048_576)} MB; at most ${xmlLimits.maxBytes / 1_048_576} MB are read. Export one sequence at a time.`,
    );
  for (let from = 0; from < bytes.length; from += pieceBytes) reader.write(bytes.subarray(from, from + pieceBytes));
  reader.end();
};
