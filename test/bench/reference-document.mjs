/** The reference job as a mix document: 8 tracks with equalizer and compressor, three stems, a ducked music bus, a mastered mix. */

const equalizer = (id, bands) => ({
  id,
  type: "equalizer",
  enabled: true,
  mixPercent: 100,
  bands: bands.map(({ kind, frequencyHz, gainDb, q }) => ({
    kind: kind === "highPass" ? "lowCut" : kind,
    frequencyHz,
    gainDb,
    q,
    slopeDbPerOctave: 12,
    channels: "both",
    enabled: true,
  })),
});

const compressor = (id, { thresholdDb, ratio, attackMs, releaseMs, makeupDb }) => ({
  id,
  type: "compressor",
  enabled: true,
  mixPercent: 100,
  thresholdDb,
  ratio,
  kneeDb: 0,
  attackMs,
  releaseMs,
  makeupDb,
});

const ticks = (frames) => String(BigInt(frames) * 5292000n);
const db = (gain) => Math.round(200000 * Math.log10(gain)) / 10000;

const bus = (id, output, role, processors = []) => ({
  id,
  name: id,
  kind: output ? "submix" : "master",
  role,
  layout: "stereo",
  output,
  volumeDb: 0,
  sends: [],
  processors,
});

/** `job` is what the generator wrote into job.json. The reverb of the job is left out: this version has none. */
export const referenceDocument = (job) => {
  const clip = (track) => ({
    id: `clp_${track.id}`,
    name: track.id,
    media: `med_${track.id}`,
    enabled: true,
    startTicks: "0",
    durationTicks: ticks(job.frames),
    sourceInTicks: "0",
    speed: "1/1",
    reversed: false,
    role: track.role,
    roleSource: "job",
    channels: [0, 1],
    gainDb: 0,
    volumeDb: 0,
    channelGainsDb: [db(track.gainLeft), db(track.gainRight)],
    fadeIn: null,
    fadeOut: null,
    processors: [],
    automation: [],
  });
  const track = (source, index) => ({
    id: `trk_${source.id}`,
    order: index + 1,
    name: source.id,
    role: source.role,
    layout: "stereo",
    output: `bus_${source.output}`,
    muted: false,
    volumeDb: 0,
    sends: [],
    processors: [equalizer(`eq_${source.id}`, job.eq), compressor(`cmp_${source.id}`, job.compressor)],
    automation: [],
    clips: [clip(source)],
  });
  const limiter = {
    id: "lim",
    type: "limiter",
    enabled: true,
    mixPercent: 100,
    ceilingDbtp: -1.01,
    lookaheadMs: 5,
    releaseMs: 50,
  };
  const master = [equalizer("eq_mix", job.eq), compressor("cmp_mix", job.compressor), limiter];
  const stem = (name, from) => ({
    id: `stm_${name}`,
    name,
    role: null,
    from,
    layout: "stereo",
    sampleRate: 48000,
    bitDepth: 24,
  });
  return {
    format: "mix",
    formatVersion: "1.0",
    minReader: "1.0",
    extensionsUsed: [],
    extensionsRequired: [],
    sequence: {
      id: "seq_job",
      name: "job",
      tickRate: "254016000000",
      frameRate: "25",
      dropFrame: false,
      startTicks: "0",
      durationTicks: ticks(job.frames),
      sampleRate: 48000,
      layout: "stereo",
    },
    media: Object.fromEntries(
      job.tracks.map(({ id, file }) => [
        `med_${id}`,
        {
          path: file,
          name: file,
          sizeBytes: null,
          quickHash: null,
          sampleRate: 48000,
          channels: 2,
          frames: job.frames,
        },
      ]),
    ),
    tracks: job.tracks.map(track),
    crossfades: [],
    buses: [
      bus("bus_dx", "bus_main", "dialogue"),
      bus("bus_mx", "bus_main", "music"),
      bus("bus_fx", "bus_main", "effects"),
      bus("bus_main", null, null, master),
    ],
    duckers: [
      { id: "dck_music", enabled: true, keys: ["bus_dx"], targets: ["bus_mx"], targetDifferenceLu: 10, maxDepthDb: 18 },
    ],
    targets: { programme: { profile: null, integratedLufs: -23, toleranceLu: 0.5, truePeakDbtp: -1 } },
    stems: [stem("dx", "bus_dx"), stem("mx", "bus_mx"), stem("fx", "bus_fx"), stem("mix", "bus_main")],
    decisions: [],
  };
};
