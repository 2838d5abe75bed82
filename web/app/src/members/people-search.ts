import type { Member } from "@chat-stack/sdk";

export function isUserId(text: string): boolean {
  return /^[A-Za-z0-9_.-]{1,48}$/.test(text);
}

/** Those whose name or id contains what was typed, whose names begin with it first. */
export function findPeople(names: ReadonlyMap<string, string>, typed: string, except: string): readonly Member[] {
  const wanted = typed.trim().toLocaleLowerCase();
  const rank = ({ name }: Member) => (name.toLocaleLowerCase().startsWith(wanted) ? 0 : 1);
  return [...names]
    .map(([user, name]) => ({ user, name }))
    .filter(({ user }) => user !== except)
    .filter(({ user, name }) => user.toLowerCase().includes(wanted) || name.toLocaleLowerCase().includes(wanted))
    .toSorted((one, other) => rank(one) - rank(other) || one.name.localeCompare(other.name));
}
