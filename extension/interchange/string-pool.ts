/** V8 copies shorter strings; longer ones stay windows into the piece of text they were cut from and keep all of it alive. */
const shortLength = 13;

/** Beyond this many different strings a file has few repetitions left to save. */
const mostStrings = 20_000;

const encoder = new TextEncoder();
const decoder = new TextDecoder();

/** Strings that outlive the piece of text they came from, equal ones once. */
export class StringPool {
  private readonly strings = new Map<string, string>();

  keep(text: string): string {
    const known = this.strings.get(text);
    if (known !== undefined) return known;
    const own = text.length < shortLength ? text : decoder.decode(encoder.encode(text));
    if (this.strings.size < mostStrings) this.strings.set(own, own);
    return own;
  }
}
