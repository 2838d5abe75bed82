import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./icon.tsx";
import "./empty-state.css";

interface Props {
  icon: IconName;
  title: string;
  text: string;
  children?: ComponentChildren;
}

/** What stands where there is nothing to show: why, and what to do. */
export function EmptyState({ icon, title, text, children }: Props) {
  return (
    <div class="empty-state">
      <span class="empty-state-icon">
        <Icon name={icon} size={28} />
      </span>
      <h2>{title}</h2>
      <p>{text}</p>
      {children}
    </div>
  );
}
