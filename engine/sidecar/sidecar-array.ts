/** Numbers of one kind with their shape; `shape` has up to three dimensions, the slowest first. */
export type SidecarArray = {
  readonly values: Float32Array | Float64Array | Uint8Array;
  readonly shape: readonly number[];
};

/** Element type, then three dimensions, as u32; 16 bytes keep the elements aligned. */
const HEADER_BYTES = 16;
const DIMENSIONS = 3;
/** Larger arrays are neither kept nor read: one hour of eight channels of peaks is 23 MB. */
export const MAX_ARRAY_BYTES = 64 * 1024 * 1024;

const elements = { 1: Float32Array, 3: Float64Array, 4: Uint8Array } as const;
type ElementCode = keyof typeof elements;

const codeOf = (values: SidecarArray["values"]): ElementCode => {
  if (values instanceof Float32Array) return 1;
  return values instanceof Float64Array ? 3 : 4;
};

const isElementCode = (code: number): code is ElementCode => code in elements;

/** The content of an array's chunk. */
export const encodeArray = ({ values, shape }: SidecarArray): Uint8Array => {
  const bytes = new Uint8Array(HEADER_BYTES + values.byteLength);
  const header = new DataView(bytes.buffer);
  header.setUint32(0, codeOf(values), true);
  for (let index = 0; index < DIMENSIONS; index += 1) header.setUint32(4 + index * 4, shape[index] ?? 1, true);
  bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), HEADER_BYTES);
  return bytes;
};

/** The array in a chunk's content, a view on it where that is aligned; null when the header does not describe what follows it. */
export const decodeArray = (bytes: Uint8Array): SidecarArray | null => {
  if (bytes.length < HEADER_BYTES) return null;
  const header = new DataView(bytes.buffer, bytes.byteOffset);
  const code = header.getUint32(0, true);
  if (!isElementCode(code)) return null;
  const shape = Array.from({ length: DIMENSIONS }, (_, index) => header.getUint32(4 + index * 4, true));
  const data = bytes.byteOffset % 8 === 0 ? bytes.subarray(HEADER_BYTES) : bytes.slice(HEADER_BYTES);
  const Elements = elements[code];
  const count = shape.reduce((product, size) => product * size, 1);
  if (count * Elements.BYTES_PER_ELEMENT !== data.byteLength) return null;
  return { values: new Elements(data.buffer as ArrayBuffer, data.byteOffset, count), shape };
};
