import { readFileSync } from "node:fs";
import { Ajv, type ValidateFunction } from "ajv";
import { parse } from "yaml";

const SOURCE = new URL("../../../../docs/asyncapi.yaml", import.meta.url);

const { components } = parse(readFileSync(SOURCE, "utf8")) as {
  components: { messages: Record<string, { payload: { properties: Record<string, { const?: string }> } }> };
};
const ajv = new Ajv({ strict: false, allErrors: true });
ajv.addSchema({ components }, "asyncapi");

const validators = new Map<string, ValidateFunction[]>();
for (const [name, { payload }] of Object.entries(components.messages)) {
  const { action, type } = payload.properties;
  const key = action ? `client ${action.const}` : `server ${type?.const}`;
  const validate = ajv.getSchema(`asyncapi#/components/messages/${name}/payload`);
  if (!validate) throw new Error(`docs/asyncapi.yaml has no ${name}`);
  validators.set(key, [...(validators.get(key) ?? []), validate]);
}

/** Throws where a frame is not one of docs/asyncapi.yaml. */
export function checkFrame(side: "client" | "server", frame: Record<string, unknown>): void {
  const known = validators.get(`${side} ${side === "client" ? frame.action : frame.type}`) ?? [];
  if (known.some((validate) => validate(frame))) return;
  const problems = known.map((validate) => ajv.errorsText(validate.errors)).join("; ");
  throw new Error(`no frame of the ${side}'s: ${JSON.stringify(frame).slice(0, 300)}: ${problems}`);
}
