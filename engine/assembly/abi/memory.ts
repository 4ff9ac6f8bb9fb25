/** Gives `bytes` of zeroed memory, 16-byte aligned, with 64 spare bytes behind (SIMD loads may run past the end). Never freed. */
export function allocate(bytes: i32): usize {
  const size = (bytes + 15 + 64) & ~15;
  const at = (heap.alloc(size + 16) + 15) & ~15;
  memory.fill(at, 0, size);
  return at;
}
