import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef } from "preact/hooks";
import { isForTyping } from "./pointer.ts";
import "./popover.css";

interface Props {
  /** What it opens beside. */
  anchor: Element;
  label: string;
  role?: "menu" | "dialog";
  onClose: () => void;
  onKeyDown?: (event: KeyboardEvent) => void;
  children: ComponentChildren;
}

const MARGIN_PX = 8;

/** Content over the page beside an element, at the foot of the screen on phones; closed by Escape and by a click elsewhere. */
export function Popover({ anchor, label, role = "dialog", onClose, onKeyDown, children }: Props) {
  const popover = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = popover.current;
    if (!element) return;
    const opener = document.activeElement;
    element.showPopover();
    place(element, anchor.getBoundingClientRect());
    const first = element.querySelector<HTMLElement>("button, input");
    // A field that took the focus would open a phone's keyboard over its own popover.
    const target = first instanceof HTMLInputElement && !isForTyping() ? element : first;
    target?.focus({ preventScroll: true });
    return () => {
      const isFocusLost = document.activeElement === document.body || element.contains(document.activeElement);
      if (isFocusLost && opener instanceof HTMLElement) opener.focus({ preventScroll: true });
    };
  }, [anchor]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it has one of two roles
    // biome-ignore lint/a11y/useAriaPropsSupportedByRole: both roles take a name
    <div
      ref={popover}
      popover="auto"
      tabIndex={-1}
      class="popover"
      role={role}
      aria-label={label}
      onToggle={(event) => event.newState === "closed" && onClose()}
      onKeyDown={onKeyDown}
    >
      {children}
    </div>
  );
}

/** Below the anchor where there is room, else above; within the window. Phones place it by the style sheet. */
function place(element: HTMLElement, anchor: DOMRect): void {
  const { width, height } = element.getBoundingClientRect();
  const below = anchor.bottom + MARGIN_PX / 2;
  const top = below + height + MARGIN_PX <= innerHeight ? below : anchor.top - height - MARGIN_PX / 2;
  const left = anchor.left + width + MARGIN_PX <= innerWidth ? anchor.left : anchor.right - width;
  element.style.setProperty("--top", `${Math.max(MARGIN_PX, Math.min(top, innerHeight - height - MARGIN_PX))}px`);
  element.style.setProperty("--left", `${Math.max(MARGIN_PX, left)}px`);
}
