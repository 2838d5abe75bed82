import type { RoomSnapshot } from "@chat-stack/sdk";

interface Explanation {
  readonly title: string;
  readonly text: string;
  readonly canJoin: boolean;
}

const EXPLANATIONS: Readonly<Record<string, Explanation>> = {
  kicked: { title: "You were put out of this room", text: "A moderator did so. You may join again.", canJoin: true },
  banned: {
    title: "You are banned from this room",
    text: "You can't join it until a moderator lets you.",
    canJoin: false,
  },
  removed: {
    title: "You are no member any more",
    text: "The room is private, and its owner removed you.",
    canJoin: false,
  },
  "room.private": { title: "This room is private", text: "Ask its owner for an invitation.", canJoin: false },
  "room.not_allowed": {
    title: "This room is not open to you",
    text: "The chat's rules don't let you in.",
    canJoin: false,
  },
  "room.bad_name": { title: "There is no such room", text: "A room can't be called so.", canJoin: false },
  "room.too_many": {
    title: "You are in too many rooms",
    text: "Leave one of them, then join this one.",
    canJoin: true,
  },
};

/** Why this user is not in a room, and whether joining may help. */
export function explainRemoval({ state, reason, room }: Pick<RoomSnapshot, "state" | "reason" | "room">): Explanation {
  if (state === "left")
    return { title: `Join #${room}?`, text: "You read and write there once you are in.", canJoin: true };
  const code = reason === "room.banned" ? "banned" : (reason ?? "");
  return (
    EXPLANATIONS[code] ?? { title: "You left this room", text: `The chat says: ${code || "no reason"}.`, canJoin: true }
  );
}
