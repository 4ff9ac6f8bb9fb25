import type { Bus, Clip, Cue, CueSource, MixDocument, Track } from "../../schema/generated/mix-document.ts";
import { secondsToTicks } from "../../schema/ticks.ts";

/** A bus that feeds the master. */
export const busFixture = (changes: Partial<Bus> = {}): Bus => ({
  id: "bus_dx",
  name: "Dialogue",
  kind: "submix",
  role: "dialogue",
  layout: "stereo",
  output: "bus_main",
  volumeDb: 0,
  sends: [],
  processors: [],
  ...changes,
});

/** The master. */
export const masterFixture = (changes: Partial<Bus> = {}): Bus =>
  busFixture({ id: "bus_main", name: "Main", kind: "master", role: null, output: null, ...changes });

/** A clip of one second at the start of the sequence. */
export const clipFixture = (changes: Partial<Clip> = {}): Clip => ({
  id: "clp_one",
  name: "One",
  media: "med_one",
  enabled: true,
  startTicks: "0",
  durationTicks: secondsToTicks(1),
  sourceInTicks: "0",
  speed: "1/1",
  reversed: false,
  role: null,
  roleSource: "track",
  channels: [0, 1],
  gainDb: 0,
  volumeDb: 0,
  fadeIn: null,
  fadeOut: null,
  processors: [],
  automation: [],
  ...changes,
});

/** A stereo dialogue track without clips, into the master. */
export const trackFixture = (changes: Partial<Track> = {}): Track => ({
  id: "trk_one",
  order: 0,
  name: "A1",
  role: "dialogue",
  layout: "stereo",
  output: "bus_main",
  muted: false,
  volumeDb: 0,
  sends: [],
  processors: [],
  automation: [],
  clips: [],
  ...changes,
});

/** The least that is valid: an empty sequence of ten seconds, the master, and one stem. */
export const minimalDocument = (changes: Partial<MixDocument> = {}): MixDocument => ({
  format: "mix",
  formatVersion: "1.0",
  minReader: "1.0",
  extensionsUsed: [],
  extensionsRequired: [],
  sequence: {
    id: "seq_one",
    name: "Sequence",
    tickRate: "254016000000",
    frameRate: "25",
    dropFrame: false,
    startTicks: "0",
    durationTicks: secondsToTicks(10),
    sampleRate: 48_000,
    layout: "stereo",
  },
  media: {},
  tracks: [],
  crossfades: [],
  buses: [masterFixture()],
  duckers: [],
  targets: { programme: { profile: "ebu-r128", integratedLufs: -23, toleranceLu: 0.5, truePeakDbtp: -1 } },
  stems: [
    { id: "stm_mix", name: "MIX", role: null, from: "bus_main", layout: "stereo", sampleRate: 48_000, bitDepth: 24 },
  ],
  decisions: [],
  ...changes,
});

const insert = (id: string, type: string, params: Readonly<Record<string, unknown>> = {}) => ({
  id,
  type,
  enabled: true,
  mixPercent: 100,
  ...params,
});

const media = (name: string, channels: number): MixDocument["media"][string] => ({
  path: `sounds/${name}`,
  name,
  sizeBytes: 1_000_044,
  quickHash: `sha256:${"0123456789abcdef".repeat(4)}`,
  sampleRate: 48_000,
  channels,
  frames: 480_000,
});

const speech = clipFixture({
  id: "clp_hello",
  name: 'Say "hello"\n</script> 🎬',
  media: "med_speech",
  role: "dialogue",
  roleSource: "premiere.essentialSound",
  durationTicks: secondsToTicks(3),
  channels: [0, 0],
  gainDb: 2.5,
  channelGainsDb: [0, -1.5],
  fadeIn: { durationTicks: secondsToTicks(0.5), curve: "constantPower" },
  processors: [
    insert("prc_eq", "equalizer", {
      bands: [
        { kind: "lowCut", frequencyHz: 80, slopeDbPerOctave: 24 },
        { kind: "bell", frequencyHz: 3000, gainDb: 2, q: 1.2, channels: "mid", enabled: false },
      ],
    }),
    insert("prc_ext", "external", { hostMatchName: "AU Reverb", state: { preset: [1, 2, 3] } }),
  ],
  automation: [
    {
      param: "volumeDb",
      timebase: "clip",
      points: [
        ["0", 0, "linear"],
        [secondsToTicks(1), -6.5, "amplitude"],
        [secondsToTicks(2), -120, "hold"],
      ],
    },
  ],
  host: { premiere: { itemGuid: "guid", view: { selected: true } } },
  note: "The first line.",
});

const answer = clipFixture({
  id: "clp_answer",
  media: "med_speech",
  startTicks: secondsToTicks(2),
  durationTicks: secondsToTicks(3),
  sourceInTicks: secondsToTicks(4),
  channels: [0, 0],
  fadeOut: { durationTicks: secondsToTicks(1), curve: "constantGain" },
});

const cue = (id: string, startSeconds: number, source: CueSource, changes: Partial<Cue> = {}): Cue => ({
  id,
  name: id,
  role: "music",
  enabled: true,
  startTicks: secondsToTicks(startSeconds),
  gainDb: 0,
  fadeIn: null,
  fadeOut: null,
  source,
  ...changes,
});

const second = secondsToTicks(1);

/** One cue a kind of source. */
const everyCue: Cue[] = [
  cue("cue_tone", 0, { kind: "tone", durationTicks: second, frequencyHz: 1000, levelDbfs: -20 }),
  cue("cue_sweep", 1, {
    kind: "sweep",
    durationTicks: second,
    frequencyHz: 20,
    toFrequencyHz: 20_000,
    levelDbfs: -18.5,
  }),
  cue("cue_bed", 2, { kind: "noise", durationTicks: second, colour: "pink", levelDbfs: -48, seed: 1 }),
  cue("cue_gap", 3, { kind: "silence", durationTicks: second }, { enabled: false, note: "kept free" }),
  cue(
    "cue_door",
    4,
    { kind: "file", durationTicks: second, media: "med_music", sourceInTicks: secondsToTicks(3) },
    { role: "dialogue", gainDb: -3, fadeOut: { durationTicks: second, curve: "constantGain" } },
  ),
  cue("cue_room", 5, { kind: "roomTone", durationTicks: second, clip: "clp_hello", seed: 1 }),
];

/** Uses every kind of entity once; a copy of its own for each call. */
export const fullDocument = (changes: Partial<MixDocument> = {}): MixDocument => structuredClone(everything(changes));

const everything = (changes: Partial<MixDocument>): MixDocument =>
  minimalDocument({
    $schema: "../schema/mix-document.schema.json",
    extends: ["./presets/boom.mixpreset.jsonc"],
    extensionsUsed: ["acme_tags"],
    media: { med_music: media("music.wav", 2), med_speech: media("speech.wav", 1) },
    tracks: [
      trackFixture({
        id: "trk_dx",
        order: 10,
        name: "DX 1",
        output: "bus_dx",
        sends: [{ id: "snd_room", to: "bus_room", levelDb: -18, tap: "post" }],
        processors: [insert("prc_pan", "panner", { azimuthDegrees: -20, law: "sinCos" })],
        clips: [speech, answer],
      }),
      trackFixture({
        id: "trk_mx",
        order: 20,
        name: "MX",
        role: "music",
        output: "bus_mx",
        volumeDb: -3,
        automation: [{ param: "volumeDb", timebase: "sequence", points: [["0", -3, "linear"]] }],
        clips: [
          clipFixture({ id: "clp_music", media: "med_music", durationTicks: secondsToTicks(10) }),
          clipFixture({
            id: "clp_lost",
            media: null,
            enabled: false,
            startTicks: secondsToTicks(10),
            role: "ambience",
            speed: "1/2",
          }),
        ],
      }),
    ],
    cues: everyCue,
    crossfades: [
      {
        id: "xfd_one",
        from: "clp_hello",
        to: "clp_answer",
        startTicks: secondsToTicks(2),
        durationTicks: secondsToTicks(1),
        curve: "constantPower",
      },
    ],
    buses: [
      busFixture({
        processors: [insert("prc_comp", "compressor", { thresholdDb: -24, ratio: 3, detector: "rms" })],
      }),
      busFixture({
        id: "bus_mx",
        name: "Music",
        role: "music",
        processors: [insert("prc_gain", "gain", { gainDb: -1 })],
      }),
      busFixture({ id: "bus_room", name: "Room", kind: "effect", role: null }),
      masterFixture({ processors: [insert("prc_limit", "limiter", { ceilingDbtp: -1.5 })] }),
    ],
    duckers: [
      {
        id: "dck_music",
        enabled: true,
        keys: ["role:dialogue"],
        targets: ["bus_mx"],
        targetDifferenceLu: 12,
        note: "",
      },
    ],
    stems: [
      {
        id: "stm_dx",
        name: "DX",
        role: "dialogue",
        from: "bus_dx",
        layout: "stereo",
        sampleRate: 48_000,
        bitDepth: 24,
      },
      { id: "stm_mix", name: "MIX", role: null, from: "bus_main", layout: "stereo", sampleRate: 48_000, bitDepth: 32 },
    ],
    decisions: [
      {
        id: "dec_one",
        rule: "programme-loudness",
        subject: "bus_main",
        measured: -21.4,
        threshold: -23,
        unit: "LUFS",
        change: "Gain lowered by 1.6 dB.",
      },
      {
        id: "dec_two",
        rule: "role",
        subject: "clp_hello",
        measured: null,
        threshold: null,
        unit: "",
        change: "Role set.",
      },
    ],
    note: "Everything once.",
    extensions: { acme_tags: { scene: 12 } },
    extras: { anything: [true, null, "x"] },
    ...changes,
  });
