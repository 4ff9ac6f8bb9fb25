import { StringPool } from "../string-pool.ts";
import type { XmlAttributes, XmlHandler, XmlPosition } from "../xml.ts";

/** Leaves that an object of a project holds, each path once, shared by all objects of the same form. */
export type Shape = { readonly path: string; readonly parent: Shape | null; readonly next: Map<string, Shape> };

/** One object of a project: wanted leaves as path and value by turns, every leaf's name in its shape. */
export type ProjectObject = {
  readonly kind: string;
  readonly id: string;
  readonly leaves: readonly string[];
  readonly shape: Shape;
  readonly line: number;
};

/** The objects of a project that bear on sound, by `ObjectID` and by `ObjectUID`. */
export type ProjectObjects = {
  readonly byKey: ReadonlyMap<string, ProjectObject>;
  /** In the order of the file. */
  readonly sequences: readonly ProjectObject[];
  /** Version of the project format: 43 is Premiere 25. */
  readonly projectVersion: number | null;
};

/** Values kept for each kind of object; other leaves are only counted by name. */
const wantedLeaves: Readonly<Record<string, RegExp>> = {
  Sequence:
    /^(Name|TrackGroups\/TrackGroup\/Second@|Node\/Properties\/MZ\.(ZeroPoint|Sequence\.VideoTimeDisplayFormat)$)/,
  AudioTrackGroup: /^(TrackGroup\/(FrameRate|Tracks\/Track@)|MasterTrack@|NumAdaptiveChannels)/,
  VideoTrackGroup: /^TrackGroup\/(FrameRate|Tracks\/Track@)/,
  VideoClipTrack: /TrackItem@/,
  VideoClipTrackItem: /TrackItem\/End$/,
  AudioClipTrack:
    /^(ClipTrack\/(Track\/(Name|IsMuted|IsLocked)$|(ClipItems|TransitionItems)\/TrackItems\/TrackItem@)|AudioTrack\/(ComponentOwner\/Components@|Panner@|ChannelType|Solo|Name))/,
  AudioMixTrack: /^AudioTrack\/(ComponentOwner\/Components@|ChannelType)/,
  AudioClipTrackItem:
    /^(ID$|ClipTrackItem\/(SubClip@|IsMuted|ComponentOwner\/Components@|TrackItem\/(Start|End|Node\/Properties\/ESP\.(Tag|ClipMixTypeID))$))/,
  AudioTransitionTrackItem: /^TransitionTrackItem\/(MatchName|DisplayName|TrackItem\/(Start|End))$/,
  SubClip: /^(Clip@|MasterClip@|Name$)/,
  AudioClip:
    /^(Clip\/(Source@|InPoint|OutPoint|PlaybackSpeed|PlayBackwards|IsMulticam|SelectedTrackIndex|TimeRemapping@)|SecondaryContents\/|AudioChannelLayout|Gain$)/,
  SecondaryContent: /^(ChannelIndex|Content@)/,
  MasterClip: /^(Name|AudioComponentChains\/)/,
  AudioMediaSource: /^(MediaSource\/Media@|OriginalDuration)/,
  AudioSequenceSource: /^(SequenceSource\/Sequence@|OriginalDuration)/,
  Media: /^(AudioStream@|FilePath|ActualMediaFilePath|RelativePath|Title)/,
  AudioStream: /^(FrameRate|Duration|AudioChannelLayout)/,
  AudioComponentChain: /^(ComponentChain\/Components\/Component@|AudioChannelLayout)/,
  AudioFilterComponent: /^(FilterMatchName|AudioComponent\/Component\/(Bypass|Params\/Param@))/,
  AudioFader: /^AudioComponent\/Component\/(Bypass|Params\/Param@)/,
  AudioComponentParam: /^(UpperBound|StartKeyframe|CurrentValue|Keyframes)$/,
};

const panProcessor = /^PanProcessor\/AudioComponent\/Component\/Params\/Param@/;

const wantedOf = (kind: string): RegExp | undefined =>
  wantedLeaves[kind] ?? (kind.endsWith("PanProcessor") ? panProcessor : undefined);

/** Window state and export settings of a sequence: thousands of names, megabytes of text, no sound. */
const isBag = (path: string): boolean =>
  path.includes("Node/Properties/") &&
  !/Properties\/(ESP\.|MZ\.ZeroPoint|MZ\.Sequence\.VideoTimeDisplayFormat|MZ\.EssentialSound)/.test(path);

const noLeaves: readonly string[] = [];

/** Collects the wanted objects while the XML streams by; everything else is passed over without a string being made. */
export class ObjectCollector implements XmlHandler {
  readonly byKey = new Map<string, ProjectObject>();
  readonly sequences: ProjectObject[] = [];
  rootName: string | null = null;
  projectVersion: number | null = null;
  /** Set by the owner: switches the parser's text on and off. */
  wantText: (wanted: boolean) => void = () => undefined;

  private readonly pool = new StringPool();
  private readonly shapes: Shape = { path: "", parent: null, next: new Map() };
  private depth = 0;
  private path: string[] = [];
  private hasChildren: boolean[] = [];
  private gathered = "";
  private current: {
    kind: string;
    attributes: XmlAttributes;
    wanted: RegExp;
    leaves: string[];
    shape: Shape;
    line: number;
  } | null = null;

  open(name: string, attributes: XmlAttributes, position: XmlPosition): void {
    this.depth += 1;
    if (this.depth === 1) {
      this.rootName = name;
      this.wantText(false);
    } else if (this.depth === 2) this.openObject(name, attributes, position);
    else if (this.current !== null) this.openPart(name, attributes);
  }

  text(text: string): void {
    this.gathered += text;
  }

  close(): void {
    this.depth -= 1;
    if (this.current === null) return;
    if (this.depth === 1) this.closeObject();
    else this.closePart();
  }

  private openObject(name: string, attributes: XmlAttributes, { line }: XmlPosition): void {
    const isDefinition = attributes["ObjectID"] !== undefined || attributes["ObjectUID"] !== undefined;
    if (!isDefinition) return;
    if (name === "Project") {
      const version = attributes["Version"] ?? "";
      if (this.projectVersion === null && /^\d{1,4}$/.test(version)) this.projectVersion = Number(version);
      return;
    }
    const wanted = wantedOf(name);
    if (wanted === undefined) return;
    this.current = { kind: name, attributes, wanted, leaves: [], shape: this.shapes, line };
    this.path = [];
    this.hasChildren = [];
    this.gathered = "";
    this.wantText(true);
  }

  private openPart(name: string, attributes: XmlAttributes): void {
    if (this.hasChildren.length > 0) this.hasChildren[this.hasChildren.length - 1] = true;
    this.path.push(name);
    this.hasChildren.push(false);
    this.gathered = "";
    const reference = attributes["ObjectRef"] ?? attributes["ObjectURef"];
    if (reference === undefined) return;
    this.hasChildren[this.hasChildren.length - 1] = true;
    this.leaf(`${this.path.join("/")}@`, `${attributes["ObjectRef"] === undefined ? "UID" : "ID"} ${reference}`);
  }

  private closePart(): void {
    if (this.hasChildren.pop() === false && this.gathered.trim() !== "")
      this.leaf(this.path.join("/"), this.gathered.trim());
    this.path.pop();
    this.gathered = "";
  }

  private leaf(path: string, value: string): void {
    const { current } = this;
    if (current === null || isBag(path)) return;
    const kept = this.pool.keep(path);
    // The same name again, as in a list, is one name: the shape stays shared however long the list is.
    if (current.shape.path !== kept) {
      const next = current.shape.next.get(kept) ?? { path: kept, parent: current.shape, next: new Map() };
      current.shape.next.set(kept, next);
      current.shape = next;
    }
    if (current.wanted.test(path)) current.leaves.push(kept, this.pool.keep(value));
  }

  private closeObject(): void {
    const { current } = this;
    if (current === null) return;
    const { kind, attributes, leaves, shape, line } = current;
    const id = attributes["ObjectUID"] ?? attributes["ObjectID"] ?? "";
    const key = this.pool.keep(`${attributes["ObjectUID"] === undefined ? "ID" : "UID"} ${id}`);
    const object: ProjectObject = {
      kind: this.pool.keep(kind),
      id: this.pool.keep(id),
      leaves: leaves.length === 0 ? noLeaves : leaves,
      shape,
      line,
    };
    if (!this.byKey.has(key)) this.byKey.set(key, object);
    if (kind === "Sequence") this.sequences.push(object);
    this.current = null;
    this.wantText(false);
  }
}

/** All values at a path, in the order of the file. */
export const leavesOf = (object: ProjectObject | null, path: string): string[] => {
  const values: string[] = [];
  if (object === null) return values;
  const { leaves } = object;
  for (let at = 0; at < leaves.length; at += 2) if (leaves[at] === path) values.push(leaves[at + 1] ?? "");
  return values;
};

/** First value at a path of an object, or null. */
export const leafOf = (object: ProjectObject | null, path: string): string | null => {
  if (object === null) return null;
  const { leaves } = object;
  for (let at = 0; at < leaves.length; at += 2) if (leaves[at] === path) return leaves[at + 1] ?? null;
  return null;
};
