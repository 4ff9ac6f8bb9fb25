/**
 * Makes the demo sequence that `npm start` mixes: a folder with media and an FCP7 XML written the way Premiere writes it
 * (exploded stereo tracks, pproTicks, level keyframes, a cross-fade whose clips have start and end -1, a disabled clip, and
 * Windows paths that exist nowhere, so that media are found by name).
 */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { aiffFile96k, door, glass, music, room, waveFile } from "./synthesise-media.mjs";

const FPS = 25;
const TICKS_PER_FRAME = 254016000000 / FPS;
const SEQUENCE_FRAMES = 38 * FPS;
const HANDLE_FRAMES = 4;
const speechFolder = join(import.meta.dirname, "speech");

const files = {
  "DX_anna.flac": { rate: 22050, channels: 1 },
  "DX_tom.flac": { rate: 22050, channels: 1 },
  "VO_narrator.flac": { rate: 22050, channels: 1 },
  "MX_theme.wav": { rate: 44100, channels: 2, make: () => waveFile(music(44100, 24, 1), 44100, 2, 16) },
  "MX_theme_high.wav": { rate: 44100, channels: 2, make: () => waveFile(music(44100, 24, 1.5), 44100, 2, 16) },
  "AMB_room.wav": { rate: 48000, channels: 2, make: () => waveFile(room(48000, 40), 48000, 2, 24) },
  "SFX_door.wav": { rate: 48000, channels: 1, make: () => waveFile(door(48000), 48000, 1, 16) },
  "SFX_glass.aif": { rate: 96000, channels: 1, make: () => aiffFile96k(glass(96000)) },
};

/** The cut: every line of speech at its place, with a few frames of handle. */
const cut = () => {
  const speech = JSON.parse(readFileSync(join(speechFolder, "speech.json"), "utf8"));
  const line = (take, index, at, more = {}) => {
    const { fromSeconds, toSeconds } = speech[take][index];
    const from = Math.floor(fromSeconds * FPS) - HANDLE_FRAMES;
    const to = Math.ceil(toSeconds * FPS) + HANDLE_FRAMES;
    return { file: `${take}.flac`, at, in: from, out: to, ...more };
  };
  const fade = { at: 475, frames: 25 };
  return [
    { channels: 1, clips: [line("DX_anna", 0, 260, { level: 1.4 }), line("DX_anna", 1, 335), line("DX_anna", 2, 640)] },
    { channels: 1, clips: [line("DX_tom", 0, 165), line("DX_tom", 1, 445), line("DX_tom", 2, 570, { level: 0.7 })] },
    { channels: 1, clips: [line("VO_narrator", 0, 40), line("VO_narrator", 1, 760)] },
    {
      channels: 2,
      fade,
      clips: [
        {
          file: "MX_theme.wav",
          at: 0,
          in: 0,
          out: fade.at + fade.frames,
          fadeAfter: true,
          keys: [
            [0, 0],
            [40, 0.8],
            [480, 0.8],
          ],
        },
        {
          file: "MX_theme_high.wav",
          at: fade.at,
          in: 25,
          out: 25 + SEQUENCE_FRAMES - fade.at,
          fadeBefore: true,
          keys: [
            [25, 0.9],
            [430, 0.9],
            [500, 0],
          ],
        },
      ],
    },
    { channels: 2, clips: [{ file: "AMB_room.wav", at: 0, in: 10, out: 10 + SEQUENCE_FRAMES }] },
    {
      channels: 1,
      clips: [
        { file: "SFX_door.wav", at: 150, in: 0, out: 15 },
        { file: "SFX_glass.aif", at: 555, in: 0, out: 20, level: 0.6 },
        { file: "SFX_door.wav", at: 700, in: 0, out: 15, disabled: true },
      ],
    },
  ];
};

const rateXml = "<rate><timebase>25</timebase><ntsc>FALSE</ntsc></rate>";

const levelXml = ({ level, keys }) => {
  if (level === undefined && keys === undefined) return "";
  const points = (keys ?? []).map(
    ([when, value]) => `<keyframe><when>${when}</when><value>${value}</value></keyframe>`,
  );
  return `<filter><effect><name>Audio Levels</name><effectid>audiolevels</effectid><effectcategory>audiolevels</effectcategory><effecttype>audiolevels</effecttype><mediatype>audio</mediatype><pproBypass>false</pproBypass><parameter authoringApp="PremierePro"><parameterid>level</parameterid><name>Level</name><valuemin>0</valuemin><valuemax>3.98109</valuemax><value>${level ?? 1}</value>${points.join("")}</parameter></effect></filter>`;
};

const fileXml = (name, seen) => {
  const id = `file-${Object.keys(files).indexOf(name) + 1}`;
  if (seen.has(name)) return `<file id="${id}"/>`;
  seen.add(name);
  const { rate, channels } = files[name];
  return `<file id="${id}"><name>${name}</name><pathurl>file://localhost/D%3a/Premix%20Demo/media/${name}</pathurl>${rateXml}<duration>1000</duration><media><audio><samplecharacteristics><depth>16</depth><samplerate>${rate}</samplerate></samplecharacteristics><channelcount>${channels}</channelcount></audio></media></file>`;
};

const transitionXml = ({ at, frames }) =>
  `<transitionitem><start>${at}</start><end>${at + frames}</end><alignment>center</alignment><cutPointTicks>${(at + Math.floor(frames / 2)) * TICKS_PER_FRAME}</cutPointTicks>${rateXml}<effect><name>Cross Fade (+3dB)</name><effectid>KGAudioTransCrossFade3dB</effectid><effecttype>transition</effecttype><mediatype>audio</mediatype></effect></transitionitem>`;

const clipXml = (clip, channel, stereo, nextId, seen) => {
  const start = clip.fadeBefore ? -1 : clip.at;
  const end = clip.fadeAfter ? -1 : clip.at + clip.out - clip.in;
  return `<clipitem id="clipitem-${nextId()}" premiereChannelType="${stereo ? "stereo" : "mono"}"><name>${clip.file}</name><enabled>${clip.disabled ? "FALSE" : "TRUE"}</enabled><duration>1000</duration>${rateXml}<start>${start}</start><end>${end}</end><in>${clip.in}</in><out>${clip.out}</out><pproTicksIn>${clip.in * TICKS_PER_FRAME}</pproTicksIn><pproTicksOut>${clip.out * TICKS_PER_FRAME}</pproTicksOut>${fileXml(clip.file, seen)}<sourcetrack><mediatype>audio</mediatype><trackindex>${channel + 1}</trackindex></sourcetrack>${levelXml(clip)}</clipitem>`;
};

const trackXml = ({ channels, clips, fade }, nextId, seen) =>
  Array.from({ length: channels }, (_, channel) => {
    const items = clips.map((clip) => clipXml(clip, channel, channels === 2, nextId, seen));
    if (fade) items.splice(1, 0, transitionXml(fade));
    const type = channels === 2 ? "Stereo" : "Mono";
    return `<track PannerCurrentValue="0.5" PannerName="Balance" currentExplodedTrackIndex="${channel}" totalExplodedTrackCount="${channels}" premiereTrackType="${type}">${items.join("\n")}<enabled>TRUE</enabled><locked>FALSE</locked><outputchannelindex>${channel + 1}</outputchannelindex></track>`;
  }).join("\n");

const sequenceXml = () => {
  let id = 0;
  const seen = new Set();
  const nextId = () => {
    id += 1;
    return id;
  };
  const tracks = cut().map((track) => trackXml(track, nextId, seen));
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE xmeml>
<xmeml version="4"><sequence id="sequence-1" MZ.Sequence.AudioTimeDisplayFormat="200" MZ.Sequence.VideoTimeDisplayFormat="101" explodedTracks="true"><uuid>7d3a0000-0000-4000-8000-00000000d3a0</uuid><duration>${SEQUENCE_FRAMES}</duration>${rateXml}<name>Premix demo</name><media><video><format><samplecharacteristics>${rateXml}<width>1920</width><height>1080</height></samplecharacteristics></format></video><audio><numOutputChannels>2</numOutputChannels><format><samplecharacteristics><depth>24</depth><samplerate>48000</samplerate></samplecharacteristics></format>
${tracks.join("\n")}
</audio></media><timecode>${rateXml}<string>10:00:00:00</string><frame>900000</frame><displayformat>NDF</displayformat></timecode></sequence></xmeml>
`;
};

/** Writes `demo.xml` and `media/` into `folder`. */
export const makeDemo = (folder) => {
  const media = join(folder, "media");
  mkdirSync(media, { recursive: true });
  for (const [name, { make }] of Object.entries(files)) {
    if (make) writeFileSync(join(media, name), make());
    else copyFileSync(join(speechFolder, name), join(media, name));
  }
  writeFileSync(join(folder, "demo.xml"), sequenceXml());
};
