import { parseCarried } from "../carried.ts";
import { FidelityTally } from "../fidelity.ts";
import type { FidelityEntry } from "../timeline.ts";
import { textAt, type XmlElement } from "../xml-tree.ts";
import { definitionOf, type XmemlDocument } from "./document.ts";

/** Elements that begin a new name; what stands inside is named from them. */
const owners: ReadonlySet<string> = new Set([
  "track",
  "clipitem",
  "generatoritem",
  "transitionitem",
  "file",
  "sequence",
  "marker",
  "link",
]);

/** Attributes that remember how a window looked. */
const windowState =
  /^(TL\.|Monitor\.|MZ\.(EditLine|Work|TrackTargeted|SourceTrack|Sequence\.(Preview|EditingMode|AudioTimeDisplay))|frameBlend$|explodedTracks$)/;

const mapped: ReadonlySet<string> = new Set(
  [
    "sequence: @id @MZ.ZeroPoint @MZ.Sequence.VideoTimeDisplayFormat name duration rate/timebase rate/ntsc",
    "sequence: timecode/rate/timebase timecode/rate/ntsc timecode/string timecode/frame timecode/displayformat",
    "sequence: media/audio/numOutputChannels media/audio/format/samplecharacteristics/samplerate",
    "sequence: media/audio/outputs/group/numchannels",
    "track: @MZ.TrackName @PannerCurrentValue @currentExplodedTrackIndex @totalExplodedTrackCount @premiereTrackType",
    "track: enabled locked",
    "clipitem: @id name enabled duration rate/timebase rate/ntsc start end in out pproTicksIn pproTicksOut",
    "clipitem: sourcetrack/mediatype sourcetrack/trackindex",
    "generatoritem: @id name enabled duration rate/timebase rate/ntsc start end in out",
    "transitionitem: start end alignment cutPointTicks effect/name effect/effectid",
    "file: @id name pathurl duration rate/timebase rate/ntsc mediaSource media/audio/channelcount",
    "file: media/audio/samplecharacteristics/samplerate",
    "link: linkclipref",
    "filter audiolevels: level level/keyframe",
    "filter audiopan: pan",
    "filter timeremap: speed reverse",
    "filter Gain: Gain",
  ]
    .flatMap((line) => {
      const [owner, names] = line.split(": ") as [string, string];
      return names.split(" ").map((name) => `${owner}/${name}`);
    })
    .concat("clipitem/logginginfo/lognote of Premix", "sequence/logginginfo/lognote of Premix"),
);

/** Names that only hold others, or repeat what another name says. */
const structure: ReadonlySet<string> = new Set([
  "transitionitem/effect/effecttype",
  "transitionitem/effect/mediatype",
  "transitionitem/rate/timebase",
  "transitionitem/rate/ntsc",
  "clipitem/masterclipid",
  "clipitem/@premiereChannelType",
  "link/mediatype",
  "link/trackindex",
  "link/clipindex",
  "link/groupindex",
  "sequence/uuid",
  "track/@PannerName",
  "track/@PannerStartKeyframe",
]);

const notes: Readonly<Record<string, string>> = {
  "filter audiolevels/level/interpolation": "smooth keyframes are read as straight lines",
  "filter audiopan/pan/keyframe": "pan does not move; the static value is used",
  "track/outputchannelindex": "tracks go to the mix, not to numbered outputs",
  "sequence/media/audio/filter": "the level of the whole output is not a part of the mix",
  "track/@PannerIsInverted": "turns only the knob's display",
  "track/@PannerKeyframes": "pan does not move; the static value is used",
  "clipitem/logginginfo/lognote of Premix": "id, role and note of an earlier export",
  "sequence/logginginfo/lognote of Premix": "id of an earlier export",
  marker: "markers carry no sound",
};

const isFilled = (element: XmlElement): boolean =>
  element.text.trim() !== "" || Object.keys(element.attributes).length > 0;

/** The log note is ours only when an export of Premix wrote it. */
const isOurs = (element: XmlElement): boolean => element.name === "lognote" && parseCarried(element.text) !== null;

const outcomeOf = (property: string): FidelityEntry["outcome"] => (mapped.has(property) ? "mapped" : "dropped");

/** Counts every named property of the sound of one sequence. */
export const tallyProperties = (sequence: XmlElement, document: XmemlDocument): FidelityTally => {
  const tally = new FidelityTally();
  const seen = new Set<XmlElement>();
  const count = (property: string): void => {
    if (!structure.has(property)) tally.add(property, outcomeOf(property), 1, notes[property]);
  };
  const countAttributes = (owner: string, element: XmlElement): void => {
    for (const name of Object.keys(element.attributes)) if (!windowState.test(name)) count(`${owner}/@${name}`);
  };
  const walkFilter = (filter: XmlElement): void => {
    for (const effect of filter.children.filter(({ name }) => name === "effect")) {
      const id = textAt(effect, "effectid") ?? textAt(effect, "name") ?? "unnamed";
      const known = ["audiolevels", "audiopan", "timeremap"].includes(id) ? id : /61756678/.test(id) ? "Gain" : null;
      if (known === null)
        tally.add(`filter ${id}`, "carried", 1, "named in the clip's effects; its sound is not rendered");
      else
        for (const parameter of effect.children.filter(({ name }) => name === "parameter")) {
          const property = `filter ${known}/${known === "Gain" ? "Gain" : (textAt(parameter, "parameterid") ?? "unnamed")}`;
          count(property);
          for (const part of parameter.children)
            if (part.name === "keyframe" || part.name === "interpolation") count(`${property}/${part.name}`);
        }
    }
  };
  const walk = (element: XmlElement, owner: string, path: string): void => {
    if (element.name === "video" || seen.has(element)) return;
    seen.add(element);
    const property = `${owner}/${path}`;
    if (element.name === "filter") {
      if (owner.endsWith("item")) walkFilter(element);
      else count(property);
      return;
    }
    if (element.children.length === 0 && isFilled(element)) count(isOurs(element) ? `${property} of Premix` : property);
    for (const one of element.children) enter(one, owner, path === "" ? "" : `${path}/`);
  };
  const enter = (element: XmlElement, owner: string, prefix: string): void => {
    if (element.name === "sequence") return; // a nested sequence is a source, its inside is not ours
    if (element.name === "marker") {
      tally.add("marker", "dropped", 1, notes["marker"]);
      return;
    }
    const own = element.name === "file" ? definitionOf(element, document.files) : element;
    if (!owners.has(own.name)) {
      walk(own, owner, `${prefix}${own.name}`);
      return;
    }
    if (seen.has(own)) return;
    seen.add(own);
    countAttributes(own.name, own);
    for (const one of own.children) enter(one, own.name, "");
  };
  seen.add(sequence);
  countAttributes("sequence", sequence);
  for (const one of sequence.children) enter(one, "sequence", "");
  return tally;
};
