// What the build of an embed puts in place of an import.
declare module "*.css" {
  const text: string;
  export default text;
}
declare module "packed:worker" {
  const code: string;
  export default code;
}
declare module "packed:wasm" {
  const gzipped: Uint8Array<ArrayBuffer>;
  export default gzipped;
}
