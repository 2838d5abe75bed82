/** Returns what a record has under a key that somebody else has chosen, which may be the name of a built-in. */
export function lookUp<Value>(record: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
