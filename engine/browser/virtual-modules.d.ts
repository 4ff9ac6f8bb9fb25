/** The wasm files beside the engine, by name, in base64; put in by the build. */
declare module "virtual:engine-wasm" {
  const base64: Readonly<Record<string, string>>;
  export default base64;
}
