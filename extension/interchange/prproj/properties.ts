import type { FidelityTally } from "../fidelity.ts";
import type { FidelityEntry } from "../timeline.ts";
import type { ProjectObject, Shape } from "./objects.ts";

/** Names that identify, order or repeat, or belong to windows and pictures. */
const structure =
  /(^|\/)(ID|Index|MediaType|ClassID|Version|FrameRate|NextTrackID|NextPannerID|ClipID|InUse|OrigChGrp|Name|First|Type|TrackIndex|TrackRefCount|IsSyncLocked|ParameterID|ParameterControlType|RangeLocked|Timestamp|UnitsString|LowerBound|IsLocked|ArchivedType|DefaultVol(umeComponentID)?|DefaultChannelVolumeComponentID|AudioComponentType|SampleType|ConformedAudioPath|PeakFilePath|ConformedAudioRate|ImplementationID|FileKey|ModificationState|ContentAndMetadataState|TimeDisplay|OriginatingProjectGuid|OriginatingMasterClipID|MasterClipChangeVersion|DefMappingID|PreviewFormatIdentifier|FrameRect|PixelAspectRatio|FilterIndex|FilterPreset|PreRenderComponentChainHashVersion)$|@$/;

const mapped: Readonly<Record<string, RegExp>> = {
  Sequence: /^(Name|Node\/Properties\/MZ\.(ZeroPoint|Sequence\.VideoTimeDisplayFormat))$/,
  AudioTrackGroup: /^NumAdaptiveChannels$/,
  AudioClipTrack: /(IsMuted|ChannelType)$/,
  AudioClipTrackItem: /(TrackItem\/(Start|End)|ClipTrackItem\/IsMuted|ESP\.(Tag|ClipMixTypeID))$/,
  AudioClip: /^(Clip\/(InPoint|OutPoint|PlaybackSpeed|PlayBackwards|IsMulticam)|AudioChannelLayout|Gain)$/,
  SecondaryContent: /^ChannelIndex$/,
  AudioMediaSource: /^OriginalDuration$/,
  AudioSequenceSource: /^OriginalDuration$/,
  Media: /^(ActualMediaFilePath|FilePath|Title)$/,
  AudioStream: /^(Duration|AudioChannelLayout)$/,
  AudioComponentChain: /^(AudioChannelLayout|ChannelType)$/,
  AudioFilterComponent:
    /(FilterMatchName|Bypass|Intrinsic|ChannelType|AudioChannelLayout|DisplayName|ChannelConfigData)$/,
  AudioFader: /(Bypass|Intrinsic|ChannelType|AudioChannelLayout)$/,
  AudioComponentParam: /^(UpperBound|StartKeyframe|CurrentValue|Keyframes|IsTimeVarying)$/,
  AudioTransitionTrackItem: /(Start|End|MatchName|DisplayName)$/,
};

const notes: Readonly<Record<string, string>> = {
  "Media/RelativePath": "the absolute path is used; media are found by name",
  "AudioComponentParam/IsInverted": "turns only the knob's display",
};

const panner = /(Bypass|Intrinsic|ChannelType|AudioChannelLayout|DefaultPanner(In|Out)putChannelType)$/;

const isMapped = (kind: string, path: string): boolean =>
  (mapped[kind] ?? (kind.endsWith("PanProcessor") ? panner : undefined))?.test(path) ?? false;

const namesOf = (shape: Shape, known: Map<Shape, readonly string[]>): readonly string[] => {
  const remembered = known.get(shape);
  if (remembered !== undefined) return remembered;
  const names: string[] = [];
  for (let at: Shape | null = shape; at !== null; at = at.parent) if (at.path !== "") names.push(at.path);
  known.set(shape, names);
  return names;
};

/** Counts every named property of the objects that the sequence led to. */
export const tallyObjects = (objects: Iterable<ProjectObject>, tally: FidelityTally): void => {
  const known = new Map<Shape, readonly string[]>();
  for (const { kind, shape } of objects) {
    if (kind.startsWith("Video")) continue;
    for (const path of namesOf(shape, known)) {
      if (structure.test(path)) continue;
      const property = `${kind}/${path}`;
      const outcome: FidelityEntry["outcome"] = isMapped(kind, path) ? "mapped" : "dropped";
      tally.add(property, outcome, 1, notes[property]);
    }
  }
};
