/** The bundler hands a file over as its text, so that one form of preset serves people, houses and the program. */
declare module "*.jsonc?raw" {
  const text: string;
  export default text;
}
