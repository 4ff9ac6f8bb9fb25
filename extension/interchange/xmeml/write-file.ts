import type { TimelineClip } from "../timeline.ts";
import { element, leaves, type XmlPart } from "../xml-write.ts";
import { frameAtOrAfter, rateElement, type WrittenRate } from "./write-rate.ts";

const isAbsolute = (path: string): boolean => /^(?:[/\\]|[A-Za-z]:[/\\])/.test(path);

/** Half a surrogate pair has no bytes in a URL. */
const escapePart = (part: string): string => encodeURIComponent(part.replace(/\p{Surrogate}/gu, "\uFFFD"));

/** An absolute path as Premiere writes it, file://localhost/D%3a/...; a relative one stays a name that Premiere asks for. */
export const pathUrl = (path: string): string => {
  if (!isAbsolute(path)) return path;
  const slashed = path.replaceAll("\\", "/");
  const [, host, rest] = /^\/\/([^/]+)(.*)$/s.exec(slashed) ?? [null, "localhost", slashed];
  const parts = (rest ?? "").split("/").filter((part) => part !== "");
  return `file://${host}/${parts.map(escapePart).join("/")}`;
};

const keyOf = ({ mediaPath, mediaName, name }: TimelineClip): string =>
  mediaPath === "" ? `no file ${mediaName || name}` : `path ${mediaPath}`;

/** Numbers the media of a file in the order in which they are met; each is described once and then only named. */
export class WrittenFiles {
  private readonly numbers = new Map<string, number>();
  private readonly channels = new Map<string, number>();
  private readonly rate: WrittenRate;

  /** `clips` are all that will be written: a file whose channels nobody counted has at least those that they play. */
  constructor(rate: WrittenRate, clips: readonly TimelineClip[]) {
    this.rate = rate;
    for (const clip of clips) {
      const played = clip.mediaChannels ?? Math.max(0, ...clip.channels) + 1;
      this.channels.set(keyOf(clip), Math.max(this.channels.get(keyOf(clip)) ?? 0, played));
    }
  }

  /** The `file` element of a clip, and the number of the master clip that Premiere makes of it. */
  of(clip: TimelineClip): { readonly part: XmlPart; readonly number: number } {
    const key = keyOf(clip);
    const known = this.numbers.get(key);
    if (known !== undefined) return { part: element("file", [], { id: `file-${known}` }), number: known };
    const number = this.numbers.size + 1;
    this.numbers.set(key, number);
    return { part: this.describe(clip, number), number };
  }

  private describe(clip: TimelineClip, number: number): XmlPart {
    const { mediaPath, mediaName, mediaSampleRate, mediaDurationTicks } = clip;
    const characteristics = mediaSampleRate === null ? [] : leaves({ samplerate: mediaSampleRate });
    const audio = [
      ...(characteristics.length === 0 ? [] : [element("samplecharacteristics", characteristics)]),
      ...leaves({ channelcount: this.channels.get(keyOf(clip)) ?? 1 }),
    ];
    const content = [
      ...leaves({ name: mediaName || clip.name }),
      ...(mediaPath === "" ? [] : leaves({ pathurl: pathUrl(mediaPath) })),
      rateElement(this.rate),
      ...(mediaDurationTicks === null
        ? []
        : leaves({ duration: frameAtOrAfter(BigInt(mediaDurationTicks), this.rate.rate) })),
      element("media", [element("audio", audio)]),
    ];
    return element("file", content, { id: `file-${number}` });
  }
}
