import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";
import { createNodeFiles } from "../../../engine/node/node-files.ts";
import { readTimelines } from "../../../extension/interchange/read-timeline.ts";

const MAX_PROJECT_BYTES = 1 << 30;
/** A real project of 19.6 MB has 419 audio items; they are a twentieth of its text. */
const CLIP_OF_PICTURES = 19;

const guid = (seed: number): string => {
  const part = (salt: number) => ((Math.imul(seed + salt, 2_654_435_761) ^ (seed << salt)) >>> 0).toString(16);
  return `${part(1).padStart(8, "0")}-${part(2).padStart(8, "0")}-${part(3).padStart(8, "0")}`;
};

/** What a project holds most of: parameters of effects on pictures, with their keyframes. */
const picture = (id: number): string =>
  `\t<VideoComponentParam ObjectID="${id}" ClassID="${guid(id)}" Version="10">\n\t\t<Name>Deckkraft ${id}</Name>\n\t\t<ParameterControlType>2</ParameterControlType>\n\t\t<StartKeyframe>-91445760000000000,${id / 7},0,0,0,0,0,0</StartKeyframe>\n\t\t<Keyframes>${[1, 2, 3, 4].map((key) => `${key * id},${guid(id + key)},0,0,0,0,0,0`).join(";")}</Keyframes>\n\t</VideoComponentParam>\n`;

/** The objects behind one audio item. */
const sound = (id: number): string =>
  `\t<AudioClipTrackItem ObjectID="${id}" ClassID="${guid(id)}" Version="7">\n\t\t<ClipTrackItem Version="8"><ComponentOwner Version="1"><Components ObjectRef="${id + 1}"/></ComponentOwner><TrackItem Version="4"><Start>${id * 5292}</Start><End>${id * 5292 + 100}</End></TrackItem><SubClip ObjectRef="${id + 2}"/></ClipTrackItem>\n\t\t<ID>${guid(id)}</ID>\n\t</AudioClipTrackItem>\n\t<AudioComponentChain ObjectID="${id + 1}" Version="4"><AudioChannelLayout>[{"channellabel":100}]</AudioChannelLayout></AudioComponentChain>\n\t<SubClip ObjectID="${id + 2}" Version="6"><Clip ObjectRef="${id + 3}"/><Name>Take ${id}</Name></SubClip>\n\t<AudioClip ObjectID="${id + 3}" Version="8"><Clip Version="18"><InPoint>${id}</InPoint><OutPoint>${id + 100}</OutPoint></Clip><Gain>1.</Gain></AudioClip>\n`;

function* projectPieces(fixture: string, bytes: number): Generator<string> {
  const end = fixture.lastIndexOf("</PremiereData>");
  yield fixture.slice(0, end);
  let written = end;
  for (let id = 1000; written < bytes; ) {
    let piece = sound(id);
    id += 4;
    for (let more = 0; more < CLIP_OF_PICTURES; more += 1) piece += picture(id++);
    written += piece.length;
    yield piece;
  }
  yield fixture.slice(end);
}

/** Writes a gzipped project whose XML has `megabytes` MB. */
export const writeProject = (root: string, file: string, megabytes: number): Promise<void> => {
  const fixture = readFileSync(join(root, "test/fixtures/interchange/prproj/two-tracks.prproj.xml"), "utf8");
  const pieces = Readable.from(projectPieces(fixture, megabytes * 1_000_000));
  return pipeline(pieces, createGzip({ level: 1 }), createWriteStream(file));
};

/** Reads a project as `premix import` does; throws when it holds no sequence. */
export const scanProject = async (file: string): Promise<void> => {
  const read = await readTimelines(await createNodeFiles().readBytes(file, MAX_PROJECT_BYTES), file);
  if (!read.ok || read.value.length === 0) throw new Error(JSON.stringify(read));
};
