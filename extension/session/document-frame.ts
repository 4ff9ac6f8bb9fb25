import type {
  Bus,
  ChannelLayout,
  Ducker,
  MixDocument,
  Processor,
  Role,
  Stem,
} from "../../schema/generated/mix-document.ts";
import { defaultsOf } from "../../schema/processor.ts";
import { ducker } from "../../schema/processors/ducker.ts";
import { gain } from "../../schema/processors/gain.ts";
import { limiter } from "../../schema/processors/limiter.ts";
import { programmeTarget, type TargetProfile } from "../../schema/target-profiles.ts";
import { stemNames } from "./track-names.ts";

/** Speech over music and over ambience for most listeners, in LU. Torcoli et al., JAES 67(12), 2019. */
export const musicUnderSpeechLu = 10;
export const ambienceUnderSpeechLu = 15;
/** Kept beyond those, because a ducker works on short stretches and the check on the whole, in LU. */
export const duckMarginLu = 1.5;

const busKeys: Readonly<Record<Role, string>> = { dialogue: "dx", music: "mx", effects: "fx", ambience: "bg" };
const busTitles: Readonly<Record<Role, string>> = {
  dialogue: "Dialogue",
  music: "Music",
  effects: "Effects",
  ambience: "Ambience",
};
const roles = Object.keys(busKeys) as Role[];

/** Id of the bus that carries a role. */
export const busOfRole = (role: Role): string => `bus_${busKeys[role]}`;

/** Id of the gain insert on a role's bus by which the balance sets the programme loudness. */
export const programmeGainId = (role: Role): string => `prc_${busKeys[role]}_programme`;

/** Id of the true-peak limiter on the master. */
export const masterLimiterId = "prc_main_limiter";

const programmeGain = (role: Role): Processor => ({
  id: programmeGainId(role),
  type: gain.type,
  enabled: true,
  mixPercent: 100,
  ...defaultsOf(gain),
  note: "Programme gain: the same on the four role buses, so that the stems sum to the mix.",
});

const roleBus = (role: Role, layout: ChannelLayout): Bus => ({
  id: busOfRole(role),
  name: busTitles[role],
  kind: "submix",
  role,
  layout,
  output: "bus_main",
  volumeDb: 0,
  sends: [],
  processors: [programmeGain(role)],
});

const masterBus = (ceilingDbtp: number, layout: ChannelLayout): Bus => ({
  id: "bus_main",
  name: "Main",
  kind: "master",
  role: null,
  layout,
  output: null,
  volumeDb: 0,
  sends: [],
  processors: [
    { id: masterLimiterId, type: limiter.type, enabled: true, mixPercent: 100, ...defaultsOf(limiter), ceilingDbtp },
  ],
});

const duckerOf = (id: string, target: Role, targetDifferenceLu: number): Ducker => ({
  id,
  enabled: true,
  keys: ["role:dialogue"],
  targets: [`role:${target}`],
  ...defaultsOf(ducker),
  targetDifferenceLu,
});

type StemForm = Pick<Stem, "layout" | "sampleRate">;

const stem = (id: string, name: string, role: Role | null, from: string, form: StemForm): Stem => ({
  id,
  name,
  role,
  from,
  ...form,
  bitDepth: 24,
});

/** Everything of a document that does not come from the sequence: buses, ducking rules, targets and stems. */
export const documentFrame = (
  profile: TargetProfile,
  form: StemForm,
): Pick<MixDocument, "buses" | "duckers" | "targets" | "stems"> => ({
  buses: [...roles.map((role) => roleBus(role, form.layout)), masterBus(profile.programme.truePeakDbtp, form.layout)],
  duckers: [
    duckerOf("dck_music", "music", musicUnderSpeechLu + duckMarginLu),
    duckerOf("dck_ambience", "ambience", ambienceUnderSpeechLu + duckMarginLu),
  ],
  targets: { programme: programmeTarget(profile) },
  stems: [
    ...roles.map((role) => stem(`stm_${busKeys[role]}`, stemNames[role], role, busOfRole(role), form)),
    stem("stm_mix", "MIX", null, "bus_main", form),
  ],
});
