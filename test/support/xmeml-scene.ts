import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { randomSource } from "./signals.ts";

const RATE = 48_000;
const FPS = 25;
const TICKS_PER_FRAME = 10_160_640_000;

/** A 16-bit WAV of interleaved samples in +-1. */
export const wave16 = (samples: Float32Array, channels: number, sampleRate = RATE): Uint8Array => {
  const bytes = new Uint8Array(44 + samples.length * 2);
  const view = new DataView(bytes.buffer);
  const text = (at: number, value: string) => bytes.set(new TextEncoder().encode(value), at);
  text(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  text(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 1, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 2, true);
  view.setUint16(32, channels * 2, true);
  view.setUint16(34, 16, true);
  text(36, "data");
  view.setUint32(40, samples.length * 2, true);
  for (const [index, sample] of samples.entries()) view.setInt16(44 + index * 2, Math.round(sample * 32_000), true);
  return bytes;
};

/** Syllables of a buzzing voice, four a second with a pause every third second: mono. */
export const speechLike = (seconds: number, level = 0.2): Float32Array =>
  Float32Array.from({ length: seconds * RATE }, (_, frame) => {
    const time = frame / RATE;
    if (time % 3 > 2.3) return 0;
    const pitch = 120 + 15 * Math.sin(2 * Math.PI * 0.7 * time);
    const syllable = Math.max(0, Math.sin(2 * Math.PI * 4 * time)) ** 0.5;
    let voice = 0;
    for (let harmonic = 1; harmonic <= 20; harmonic += 1) {
      const near =
        Math.exp(-(((harmonic * pitch - 600) / 500) ** 2)) + 0.5 * Math.exp(-(((harmonic * pitch - 1700) / 600) ** 2));
      voice += near * Math.sin(2 * Math.PI * harmonic * pitch * time);
    }
    return level * syllable * voice * 0.4;
  });

/** A steady chord: stereo, interleaved. */
export const musicLike = (seconds: number, level = 0.2): Float32Array =>
  Float32Array.from({ length: seconds * RATE * 2 }, (_, index) => {
    const time = Math.floor(index / 2) / RATE;
    const chord = [220, 277.18, 329.63, 440].map((hz) => Math.sin(2 * Math.PI * hz * time + (index % 2)));
    return (level / 2) * chord.reduce((sum, tone) => sum + tone, 0);
  });

/** Steady noise: mono. */
export const roomLike = (seconds: number, level = 0.01): Float32Array => {
  const random = randomSource(7);
  return Float32Array.from({ length: seconds * RATE }, () => (random() * 2 - 1) * level);
};

export type SceneClip = {
  /** As the XML shows it; the file is `file`. */
  readonly name?: string;
  readonly file: string;
  readonly channels: 1 | 2;
  /** Picture frames, 25 a second. */
  readonly at: number;
  readonly in: number;
  readonly length: number;
};

const escapeXml = (text: string) => text.replace(/[&<>"\n]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const clipXml = ({ name, file, channels, at, in: source, length }: SceneClip, id: number, side: number) => {
  const type = channels === 1 ? "mono" : "stereo";
  const path = `file://localhost/Z%3a/Show/${encodeURIComponent(file)}`;
  const fileXml = `<file id="file-${escapeXml(file)}"><name>${escapeXml(file)}</name><pathurl>${path}</pathurl><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate><duration>10000</duration><media><audio><samplecharacteristics><depth>16</depth><samplerate>48000</samplerate></samplecharacteristics><channelcount>${channels}</channelcount></audio></media></file>`;
  return `<clipitem id="clipitem-${id}-${side}" premiereChannelType="${type}"><name>${escapeXml(name ?? file)}</name><enabled>TRUE</enabled><duration>10000</duration><rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate><start>${at}</start><end>${at + length}</end><in>${source}</in><out>${source + length}</out><pproTicksIn>${source * TICKS_PER_FRAME}</pproTicksIn><pproTicksOut>${(source + length) * TICKS_PER_FRAME}</pproTicksOut>${fileXml}<sourcetrack><mediatype>audio</mediatype><trackindex>${side + 1}</trackindex></sourcetrack></clipitem>`;
};

const trackXml = (clips: readonly SceneClip[], number: number): string => {
  const channels = clips[0]?.channels ?? 1;
  const type = channels === 1 ? "Mono" : "Stereo";
  return Array.from({ length: channels }, (_, side) => {
    const items = clips.map((clip, index) => clipXml(clip, number * 100 + index, side)).join("");
    return `<track currentExplodedTrackIndex="${side}" totalExplodedTrackCount="${channels}" premiereTrackType="${type}">${items}<enabled>TRUE</enabled><locked>FALSE</locked><outputchannelindex>${side + 1}</outputchannelindex></track>`;
  }).join("");
};

/** An FCP7 XML as Premiere writes it, one track a list of clips, with Windows paths that exist nowhere. */
export const sceneXml = (name: string, tracks: readonly (readonly SceneClip[])[]): string => {
  const end = Math.max(...tracks.flat().map(({ at, length }) => at + length));
  const rate = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>";
  return `<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE xmeml>\n<xmeml version="4"><sequence id="sequence-1"><uuid>6a1f0000-0000-4000-8000-000000000002</uuid><duration>${end}</duration>${rate}<name>${escapeXml(name)}</name><media><audio><numOutputChannels>2</numOutputChannels><format><samplecharacteristics><depth>16</depth><samplerate>48000</samplerate></samplecharacteristics></format>${tracks.map(trackXml).join("")}</audio></media><timecode>${rate}<string>00:00:00:00</string><frame>0</frame><displayformat>NDF</displayformat></timecode></sequence></xmeml>\n`;
};

const scene: readonly (readonly SceneClip[])[] = [
  [
    { file: "DX_one.wav", channels: 1, at: 0, in: 0, length: 4 * FPS },
    { file: "DX_one.wav", channels: 1, at: 5 * FPS, in: 5 * FPS, length: 4 * FPS },
  ],
  [{ file: "MX_theme.wav", channels: 2, at: 0, in: 0, length: 10 * FPS }],
  [{ file: "AMB_room.wav", channels: 1, at: 0, in: 0, length: 10 * FPS }],
  [{ file: "SFX_knock.wav", channels: 1, at: 4 * FPS, in: 0, length: (FPS / 5) * 2 }],
];

/** Writes a scene of 10 s with its media; gives the XML's path and the media folder. */
export const writeScene = (folder: string, clips = scene, name = "Small scene") => {
  const media = join(folder, "sounds");
  mkdirSync(media, { recursive: true });
  writeFileSync(join(media, "DX_one.wav"), wave16(speechLike(10), 1));
  writeFileSync(join(media, "MX_theme.wav"), wave16(musicLike(10), 2));
  writeFileSync(join(media, "AMB_room.wav"), wave16(roomLike(10), 1));
  writeFileSync(
    join(media, "SFX_knock.wav"),
    wave16(
      speechLike(1, 0.5).map((value) => value * 0.6),
      1,
    ),
  );
  const project = join(folder, "scene.xml");
  writeFileSync(project, sceneXml(name, clips));
  return { project, media };
};
