// Says how large the SDK is for a page that imports all of it, minified and gzipped; fails above the limit.
import { gzipSync } from "node:zlib";
import { build } from "esbuild";

const LIMIT_BYTES = 10 * 1024;

const { outputFiles } = await build({
  entryPoints: [new URL("../src/index.ts", import.meta.url).pathname],
  bundle: true,
  format: "esm",
  minify: true,
  target: "es2022",
  write: false,
});
const bytes = gzipSync(outputFiles[0].contents, { level: 9 }).length;
console.log(`${bytes} bytes minified and gzipped, of at most ${LIMIT_BYTES}`);
if (bytes > LIMIT_BYTES) process.exitCode = 1;
