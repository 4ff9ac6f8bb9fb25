/** One named misbehaviour that was met on real installations; what each does stands in `quirkTexts`. */
export const quirkTexts = {
  addTracksInsertsAtZero: "QE puts new tracks in front of all others.",
  addTracksDoesNothing: "QE says nothing and adds no track.",
  silentOverwrite: "overwriteClip says true and places nothing.",
  silentOverwriteElsewhere: "overwriteClip says true and places the clip on the first track, over what is there.",
  levelClamps: "A Level outside 0 to 1 is clamped without an error (every known build).",
  noJSON: "The script engine has no JSON (every known build).",
  readOnlyChannelMapping: "Assigning audioChannelsType throws.",
  setNameMissing: "QE tracks have no setName, and the DOM's track name cannot be written.",
  userSwitchesSequence: "The editor opens another sequence between two calls.",
  localisedNames: "Display names are in the editor's language.",
  ignoredWrites: "Setters succeed and change nothing (seen on 26.3).",
  importsAsMono: "The editor's preference splits imported files into mono clips.",
  placedNotAtUnity: "A placed clip comes in at -6 dB.",
  qeMissing: "There is no QE.",
  undoMissing: "QE has no undo.",
} as const;

export type QuirkName = keyof typeof quirkTexts;

export type ProfileName = "25.x" | "26.3";

/** What differs between two families of builds beside the quirks. */
export type Profile = {
  readonly version: string;
  readonly build: string;
  /** Absent from the reflection of 26.3.2. */
  readonly hasChannelMapping: boolean;
  /** Spelling of the question on project items. */
  readonly multicamMember: "isMulticamClip" | "isMultiCamClip";
  /** Some builds take key times only as Time, not as seconds. */
  readonly keyTimesAreTimes: boolean;
};

export const profiles: { readonly [name in ProfileName]: Profile } = {
  "25.x": {
    version: "25.6.6",
    build: "25.6.6x1",
    hasChannelMapping: true,
    multicamMember: "isMultiCamClip",
    keyTimesAreTimes: false,
  },
  "26.3": {
    version: "26.3.2",
    build: "26.3.2x1",
    hasChannelMapping: false,
    multicamMember: "isMulticamClip",
    keyTimesAreTimes: true,
  },
};

/** In force in every build unless a test takes them out. */
export const usualQuirks: readonly QuirkName[] = ["levelClamps", "noJSON"];
