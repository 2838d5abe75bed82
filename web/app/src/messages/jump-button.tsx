import { Icon } from "../design/icon.tsx";

interface Props {
  isShown: boolean;
  unread: number;
  onClick: () => void;
}

/** Leads back to the newest message. */
export function JumpButton({ isShown, unread, onClick }: Props) {
  if (!isShown) return null;
  const label = unread > 0 ? `${unread} new, to the newest message` : "To the newest message";
  return (
    <button type="button" class="jump-button" aria-label={label} onClick={onClick}>
      {unread > 0 && <span>{unread > 99 ? "99+" : unread} new</span>}
      <Icon name="chevronDown" />
    </button>
  );
}
