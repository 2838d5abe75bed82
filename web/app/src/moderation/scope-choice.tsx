import { Choice } from "../design/choice.tsx";

export type Scope = "room" | "chat";

const SCOPES = [
  { value: "room", label: "This room" },
  { value: "chat", label: "The whole chat", hint: "For the chat's moderators: it is refused to owners of rooms." },
] as const;

/** What a ban is for. Who may ban from the whole chat is told by the chat's answer only. */
export function ScopeChoice({ value, onChange }: { value: Scope; onChange: (scope: Scope) => void }) {
  return <Choice label="From where" options={SCOPES} value={value} onChange={onChange} />;
}
