import { Icon, type IconName } from "./icon.tsx";
import { Popover } from "./popover.tsx";
import { moveFocus } from "./roving.ts";

export type MenuEntry =
  | { readonly heading: string }
  | "separator"
  | {
      readonly label: string;
      readonly icon: IconName;
      readonly isDanger?: boolean;
      /** Given where it is one choice of several. */
      readonly isChecked?: boolean;
      readonly onSelect: () => void;
    };

interface Props {
  anchor: Element;
  label: string;
  /** `false` and `null` stand for entries that this user has no use for. */
  entries: readonly (MenuEntry | false | null)[];
  onClose: () => void;
}

/** A list of actions beside the button that opens it: arrows move, Enter chooses, Escape closes. */
export function Menu({ anchor, label, entries, onClose }: Props) {
  const onKeyDown = (event: KeyboardEvent) => {
    if (moveFocus(event, '[role^="menuitem"]')) event.preventDefault();
    if (event.key === "Tab") onClose();
  };
  return (
    <Popover anchor={anchor} label={label} role="menu" onClose={onClose} onKeyDown={onKeyDown}>
      <div class="menu" role="none">
        {entries.map((entry, index) => entry && <MenuLine key={index} entry={entry} onClose={onClose} />)}
      </div>
    </Popover>
  );
}

function MenuLine({ entry, onClose }: { entry: MenuEntry; onClose: () => void }) {
  if (entry === "separator") return <hr class="menu-separator" />;
  if ("heading" in entry) return <div class="menu-heading">{entry.heading}</div>;
  const select = () => {
    onClose();
    entry.onSelect();
  };
  const isChoice = entry.isChecked !== undefined;
  const role = isChoice
    ? ({ role: "menuitemradio", "aria-checked": entry.isChecked } as const)
    : ({ role: "menuitem" } as const);
  return (
    <button type="button" {...role} class={`menu-item ${entry.isDanger ? "menu-item-danger" : ""}`} onClick={select}>
      <Icon name={entry.icon} size={18} />
      {entry.label}
      {entry.isChecked && (
        <span class="menu-item-checked">
          <Icon name="check" size={16} />
        </span>
      )}
    </button>
  );
}
