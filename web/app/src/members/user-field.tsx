import { useState } from "preact/hooks";
import { useChat } from "../chat/chat.ts";
import { useStore } from "../chat/store.ts";
import { Avatar } from "../design/avatar.tsx";
import { TextField } from "../design/form.tsx";
import { findPeople, isUserId } from "./people-search.ts";
import "./user-field.css";

interface Props {
  /** The chosen user's id; "" for none. */
  value: string;
  onChange: (user: string) => void;
}

const MOST_SHOWN = 5;

/** Picks a user: one of those that were met, by name, or anybody by id. */
export function UserField({ value, onChange }: Props) {
  const { people, me } = useChat();
  const names = useStore(people.store);
  const [typed, setTyped] = useState("");
  const found = findPeople(names, typed, me.user).slice(0, MOST_SHOWN);
  const type = (text: string) => {
    setTyped(text);
    onChange(isUserId(text.trim()) ? text.trim() : "");
  };
  return (
    <div class="user-field">
      <TextField
        label="Person"
        value={value && names.has(value) ? people.name(value) : typed}
        placeholder="A name, or a user id"
        autocomplete="off"
        autocapitalize="none"
        spellcheck={false}
        hint="Somebody you have not met yet is found by their user id: it stands in their settings."
        onInput={(event) => type(event.currentTarget.value)}
        autofocus
      />
      <ul aria-label="People">
        {found.map(({ user, name }) => (
          <li key={user}>
            <button type="button" class="menu-item" aria-pressed={user === value} onClick={() => onChange(user)}>
              <Avatar user={user} name={name} />
              <span class="truncate">{name}</span>
              <code class="user-field-id truncate">{user}</code>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
