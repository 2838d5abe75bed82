import { findHue, findInitials } from "./identity.ts";
import "./avatar.css";

interface Props {
  user: string;
  name: string;
  size?: "small" | "medium" | "large";
  /** Whether a dot tells that they are here. */
  isOnline?: boolean;
}

/** A user's initials, in their colour. Decoration: the name stands beside it. */
export function Avatar({ user, name, size = "medium", isOnline = false }: Props) {
  return (
    <span class={`avatar avatar-${size}`} style={{ "--hue": `${findHue(user)}` }} aria-hidden="true">
      {findInitials(name)}
      {isOnline && <span class="avatar-dot" />}
    </span>
  );
}
