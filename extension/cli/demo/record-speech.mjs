#!/usr/bin/env node
/**
 * The recipe of the demo's speech: espeak-ng says each line, the lines of a speaker become one mono take with a second of
 * quiet between them, flac packs it. The takes and speech.json (where each line lies) are committed; run this only to change them.
 * Needs espeak-ng and flac: node extension/cli/demo/record-speech.mjs
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const RATE = 22050;
const PAUSE_FRAMES = RATE;
const folder = join(import.meta.dirname, "speech");

const takes = [
  {
    name: "DX_anna",
    options: ["-v", "en-gb+f3", "-s", "155", "-p", "55", "-a", "90"],
    lines: [
      "You are late again.",
      "We deliver tonight, and the music is far too loud.",
      "Then let the machine do the mix.",
    ],
  },
  {
    name: "DX_tom",
    options: ["-v", "en-us+m3", "-s", "150", "-p", "38", "-a", "130"],
    lines: ["I know. The train stood for an hour.", "Nobody will hear a word of it.", "And what about the door?"],
  },
  {
    name: "VO_narrator",
    options: ["-v", "en-gb+m7", "-s", "140", "-p", "30", "-a", "110"],
    lines: ["It was the last evening before the broadcast.", "And so the film went out on time."],
  },
];

/** Samples of a 16-bit mono WAV as espeak-ng writes it. */
const samplesOf = (file) => {
  const bytes = readFileSync(file);
  const at = bytes.indexOf("data") + 8;
  return bytes.subarray(at, at + 2 * Math.floor((bytes.length - at) / 2));
};

const work = mkdtempSync(join(tmpdir(), "premix-speech-"));
const spans = {};
for (const { name, options, lines } of takes) {
  const pause = Buffer.alloc(PAUSE_FRAMES * 2);
  const parts = [pause];
  let frame = PAUSE_FRAMES;
  spans[name] = lines.map((text, index) => {
    const file = join(work, `${name}-${index}.wav`);
    execFileSync("espeak-ng", [...options, "-w", file, text]);
    const samples = samplesOf(file);
    const span = { text, fromSeconds: frame / RATE, toSeconds: (frame + samples.length / 2) / RATE };
    parts.push(samples, pause);
    frame += samples.length / 2 + PAUSE_FRAMES;
    return span;
  });
  const raw = join(work, `${name}.raw`);
  writeFileSync(raw, Buffer.concat(parts));
  const format = [
    "--force-raw-format",
    "--endian=little",
    "--sign=signed",
    "--channels=1",
    "--bps=16",
    `--sample-rate=${RATE}`,
  ];
  execFileSync("flac", ["-s", "-8", "-f", "--no-padding", ...format, "-o", join(folder, `${name}.flac`), raw]);
}
writeFileSync(join(folder, "speech.json"), `${JSON.stringify(spans, null, 2)}\n`);
rmSync(work, { recursive: true });
