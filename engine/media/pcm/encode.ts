/** Sample formats of the decoded copies: 16 and 24 bit integers, 32 bit floats, little-endian. */
export type CopyBitDepth = 16 | 24 | 32;

/** The format that holds every sample of a source of `bitDepth` bits exactly; floats where the depth is not known. */
export const copyBitDepth = (bitDepth: number | null, isLossless: boolean): CopyBitDepth => {
  if (!isLossless || bitDepth === null || bitDepth > 24) return 32;
  return bitDepth <= 16 ? 16 : 24;
};

/** Little-endian bytes of samples, full scale = 1.0. Integers are exact for samples that came from that depth. */
export const encodePcm = (samples: Float32Array, bitDepth: CopyBitDepth): Uint8Array => {
  const bytes = new Uint8Array((samples.length * bitDepth) / 8);
  const view = new DataView(bytes.buffer);
  const scale = 2 ** (bitDepth - 1);
  for (let index = 0; index < samples.length; ++index) {
    const sample = samples[index]!;
    if (bitDepth === 32) view.setFloat32(4 * index, sample, true);
    else writeInteger(view, index, Math.max(-scale, Math.min(scale - 1, Math.round(sample * scale))), bitDepth);
  }
  return bytes;
};

const writeInteger = (view: DataView, index: number, value: number, bitDepth: 16 | 24): void => {
  if (bitDepth === 16) {
    view.setInt16(2 * index, value, true);
    return;
  }
  view.setUint16(3 * index, value & 0xffff, true);
  view.setInt8(3 * index + 2, value >> 16);
};
