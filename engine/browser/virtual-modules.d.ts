/** engine.wasm in base64, put in by the build. */
declare module "virtual:engine-wasm" {
  const base64: string;
  export default base64;
}
