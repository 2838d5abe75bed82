// Writes src/frames.ts, the types of all frames, from docs/asyncapi.yaml. With --check it only says whether they differ.
import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { parse } from "yaml";

const source = new URL("../../../docs/asyncapi.yaml", import.meta.url);
const target = new URL("../src/frames.ts", import.meta.url);

const document = parse(readFileSync(source, "utf8"));
const { schemas, messages } = document.components;

const capitalise = (name) => name[0].toUpperCase() + name.slice(1);
// Of a schema, or of a message's payload.
const nameOf = (ref) =>
  capitalise(
    ref
      .replace(/\/payload$/, "")
      .split("/")
      .at(-1),
  );
const find = (ref) =>
  ref
    .split("/")
    .slice(1)
    .reduce((place, name) => place[name], document);
const resolve = (schema) => (schema.$ref ? find(schema.$ref) : schema);
// Only what has a shape gets a name of its own; a `Room` that is a string stays a string.
const isNamed = (schema) => schema.properties?.type || schema.properties?.error || schema.required || schema.enum;

/** Writes a JSON schema as a type. */
function writeType(schema) {
  if (schema.$ref) return isNamed(resolve(schema)) ? nameOf(schema.$ref) : writeType(resolve(schema));
  if ("const" in schema) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.oneOf?.every((branch) => branch.$ref)) return writeBranches(schema);
  if (schema.anyOf) return schema.anyOf.map(writeType).join(" | ");
  if (Array.isArray(schema.type)) return schema.type.map((type) => writeType({ ...schema, type })).join(" | ");
  if (schema.type === "integer") return "number";
  if (schema.type === "array") return `(${writeType(schema.items)})[]`;
  return schema.type === "object" ? writeObject(schema) : schema.type;
}

/** Writes a choice between named schemas; what the schema requires beyond them stands once for all. */
function writeBranches(schema) {
  const branches = schema.oneOf.map(writeType).join(" | ");
  const { properties } = resolve(schema.oneOf[0]);
  const added = schema.type === "object" && schema.required.filter((field) => !schema.properties?.[field]);
  return added
    ? `(${branches}) & {${added.map((field) => ` ${field}: ${writeType(properties[field])};`).join("")} }`
    : branches;
}

/** Writes an object, a map or, where nothing is known of it, a record. */
function writeObject({ properties, required = [], additionalProperties }) {
  if (!properties) return `Record<string, ${additionalProperties ? writeType(additionalProperties) : "unknown"}>`;
  const fields = Object.entries(properties).map(([field, schema]) => {
    return ` ${field}${required.includes(field) ? "" : "?"}: ${writeType(schema)};`;
  });
  return `{${fields.join("")} }`;
}

function writeDeclaration(name, schema, description) {
  const comment = description ? `/** ${description.trim().replaceAll("\n", " ")} */\n` : "";
  return `${comment}export type ${name} = ${writeType(schema)};\n`;
}

function writeFile() {
  const named = Object.entries(schemas).filter(([, schema]) => isNamed(schema));
  const frames = Object.entries(messages).map(([name, message]) => [capitalise(name), message]);
  const union = (suffixes) => frames.map(([name]) => name).filter((name) => suffixes.some((end) => name.endsWith(end)));
  return [
    "// Written by scripts/frames.mjs from docs/asyncapi.yaml: change that, then run `npm run frames -w sdk`.\n",
    ...named.map(([name, schema]) => writeDeclaration(name, schema, schema.description)),
    "/** An entry of a room's log, as a page carries it. */",
    `export type Entry = ${writeType(schemas.Entries.items)};\n`,
    ...frames.map(([name, { payload, summary }]) => writeDeclaration(name, payload, summary)),
    `export type ClientFrame = ${union(["Request"]).join(" | ")};\n`,
    `export type ServerFrame = ${union(["Reply", "Push"]).join(" | ")};\n`,
  ].join("\n");
}

const written = execFileSync("npx", ["biome", "format", "--stdin-file-path=src/frames.ts"], {
  cwd: new URL("..", import.meta.url),
  input: writeFile(),
  encoding: "utf8",
});
if (!process.argv.includes("--check")) writeFileSync(target, written);
else if (readFileSync(target, "utf8") !== written) {
  console.error("src/frames.ts does not say what docs/asyncapi.yaml does: run `npm run frames -w sdk`");
  process.exitCode = 1;
}
