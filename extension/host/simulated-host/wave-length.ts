import { closeSync, fstatSync, openSync, readSync } from "node:fs";
import { framesToTicks } from "../../../schema/ticks.ts";
import type { MediaFacts } from "./model.ts";

type Found = { channels: number; sampleRate: number; blockBytes: number; dataBytes: bigint };

const readAt = (file: number, position: bigint, length: number): Buffer => {
  const buffer = Buffer.alloc(length);
  return buffer.subarray(0, readSync(file, buffer, 0, length, position));
};

/** In RF64 and BW64 a chunk size of 0xFFFFFFFF stands for the one in ds64. */
const dataSize = (size: number, ds64: bigint | null): bigint =>
  size === 0xffffffff && ds64 !== null ? ds64 : BigInt(size);

const chunksOf = (file: number, sizeBytes: bigint): Found | null => {
  const found: Found = { channels: 0, sampleRate: 0, blockBytes: 0, dataBytes: -1n };
  let ds64: bigint | null = null;
  for (let position = 12n; position + 8n <= sizeBytes && found.dataBytes < 0n; ) {
    const head = readAt(file, position, 40);
    const id = head.toString("latin1", 0, 4);
    const size = head.readUInt32LE(4);
    if (id === "ds64" && head.length >= 24) ds64 = head.readBigUInt64LE(16);
    if (id === "fmt " && head.length >= 24) {
      found.channels = head.readUInt16LE(10);
      found.sampleRate = head.readUInt32LE(12);
      found.blockBytes = head.readUInt16LE(20);
    }
    if (id === "data") found.dataBytes = dataSize(size, ds64);
    position += 8n + BigInt(size) + BigInt(size % 2);
  }
  return found.dataBytes >= 0n && found.blockBytes > 0 && found.sampleRate > 0 ? found : null;
};

/** Length and channels from the header of a WAV (RIFF, RF64, BW64); null for anything else or a header that is cut off. */
export const readWaveFacts = (path: string): MediaFacts | null => {
  const file = openSync(path, "r");
  try {
    const magic = readAt(file, 0n, 12).toString("latin1");
    if (!/^(RIFF|RF64|BW64)[\s\S]{4}WAVE$/.test(magic)) return null;
    const found = chunksOf(file, BigInt(fstatSync(file).size));
    if (!found) return null;
    const frames = Number(found.dataBytes / BigInt(found.blockBytes));
    return { durationTicks: BigInt(framesToTicks(frames, found.sampleRate)), channels: found.channels };
  } finally {
    closeSync(file);
  }
};
