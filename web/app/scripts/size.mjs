// Fails where the app's JavaScript has grown too large. Run it after `npm run build`.
import { readdirSync, readFileSync } from "node:fs";
import { gzipSync } from "node:zlib";

const LIMIT_BYTES = 100_000;
const FOLDER = new URL("../dist/assets/", import.meta.url);

const scripts = readdirSync(FOLDER).filter((name) => name.endsWith(".js"));
const sizeBytes = scripts.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, FOLDER))).length, 0);
console.log(`${sizeBytes} of ${LIMIT_BYTES} bytes, gzipped`);
if (sizeBytes > LIMIT_BYTES || scripts.length === 0) process.exit(1);
