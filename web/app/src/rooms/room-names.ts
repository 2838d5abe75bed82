const DIRECT = "dm:";
const ROOM_NAME = /^[A-Za-z0-9_.:-]{1,128}$/;

/** The other user of a direct room; null for any other room. */
export function readDirectRoom(room: string, me: string): string | null {
  if (!room.startsWith(DIRECT)) return null;
  const users = room.slice(DIRECT.length).split(":");
  return users.find((user) => user !== me) ?? me;
}

/** What a typed name becomes: in lower case, words joined by hyphens, an initial "#" left out. */
export function suggestRoomName(typed: string): string {
  return typed.trim().toLowerCase().replace(/^#+/, "").replace(/\s+/g, "-");
}

/** Why a room can't be called so, for people; null where it can. */
export function explainBadRoomName(name: string): string | null {
  if (name === "") return "Give the room a name.";
  if (name.startsWith(DIRECT)) return "Names that begin with “dm:” belong to direct messages.";
  if (name.length > 128) return `A name has at most 128 characters; this one has ${name.length}.`;
  const wrong = [...name].find((character) => !ROOM_NAME.test(character));
  return wrong ? `“${wrong}” can't stand in a room's name: use letters, digits, - _ . :` : null;
}
