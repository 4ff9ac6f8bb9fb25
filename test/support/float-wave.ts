/** A plain 32-bit float WAV, written as other programs write it: `fmt ` and `data` only. */
export const floatWave = (interleaved: Float32Array, channels: number, sampleRate = 48_000): Uint8Array => {
  const bytes = new Uint8Array(44 + interleaved.length * 4);
  const view = new DataView(bytes.buffer);
  const word = (at: number, value: string) =>
    bytes.set(
      [...value].map((letter) => letter.charCodeAt(0)),
      at,
    );
  word(0, "RIFF");
  view.setUint32(4, bytes.length - 8, true);
  word(8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, 3, true);
  view.setUint16(22, channels, true);
  view.setUint32(24, sampleRate, true);
  view.setUint32(28, sampleRate * channels * 4, true);
  view.setUint16(32, channels * 4, true);
  view.setUint16(34, 32, true);
  word(36, "data");
  view.setUint32(40, interleaved.length * 4, true);
  for (const [at, value] of interleaved.entries()) view.setFloat32(44 + at * 4, value, true);
  return bytes;
};
