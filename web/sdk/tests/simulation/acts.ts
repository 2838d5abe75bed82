import type { ChatClient } from "../../src/index.ts";

/** What an act is about, beside its room. */
export interface Fields {
  readonly user: string;
  readonly text: string;
  readonly seq: number;
  readonly emoji: string;
  readonly remove: boolean;
  readonly private: boolean;
  readonly seconds: number;
  readonly position: { readonly after: number; readonly epoch: string | null } | null;
}

type Act = (client: ChatClient, room: string, fields: Fields) => unknown;

/** What a user does, by the names that the simulator has for it; a promise where there is an answer to wait for. */
export const ACTS: Readonly<Record<string, Act>> = {
  join: (client, room, { position }) => client.room(room).join(position ?? undefined),
  leave: (client, room) => client.room(room).leave(),
  send: (client, room, { text }) => client.room(room).send(text),
  "send to": (client, _, { user, text }) => client.sendTo(user, text),
  edit: (client, room, { seq, text }) => client.room(room).edit(seq, text),
  delete: (client, room, { seq }) => client.room(room).delete(seq),
  react: (client, room, { seq, emoji, remove }) => client.room(room).react(seq, emoji, { remove }),
  read: (client, room, { seq }) => client.room(room).markRead(seq),
  typing: (client, room) => client.room(room).typing(),
  members: (client, room) => client.room(room).members(),
  history: (client, room) => client.room(room).loadOlder(),
  rooms: (client) => client.rooms.load(),
  create: (client, room, fields) => client.room(room).create({ private: fields.private }),
  invite: (client, room, { user }) => client.room(room).invite(user),
  remove: (client, room, { user }) => client.room(room).remove(user),
  kick: (client, room, { user }) => client.room(room).kick(user),
  ban: (client, room, { user }) => (room ? client.room(room).ban(user) : client.ban(user)),
  unban: (client, room, { user }) => (room ? client.room(room).unban(user) : client.unban(user)),
  mute: (client, room, { user, seconds }) => client.room(room).mute(user, seconds),
};
