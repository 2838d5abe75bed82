import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import type { VirtualizerHandle } from "virtua";
import type { Row } from "./rows.ts";

interface ListFocus {
  /** The row that Tab leads to. */
  readonly index: number;
  /** Rows that stay in the page while they are out of sight: the focus would be lost with them. */
  readonly kept: readonly number[];
  readonly handlers: {
    readonly onKeyDown: (event: KeyboardEvent) => void;
    readonly onFocusIn: (event: FocusEvent) => void;
  };
}

const PAGE = 10;

/** One row at a time takes the focus; the arrows, Page Up and Down, Home and End move it. */
export function useListFocus(
  rows: readonly Row[],
  scroller: RefObject<HTMLElement | null>,
  virtualizer: RefObject<VirtualizerHandle | null>,
): ListFocus {
  const [key, setKey] = useState<string | null>(null);
  const found = key === null ? -1 : rows.findIndex((row) => row.key === key);
  const index = found >= 0 ? found : rows.length - 1;

  const focusRow = (target: number) => {
    const row = rows[target];
    if (!row) return;
    setKey(row.key);
    virtualizer.current?.scrollToIndex(target, { align: "nearest" });
    // The row may be out of sight, and enter the page with the next frame only.
    requestAnimationFrame(() =>
      requestAnimationFrame(() => findRow(scroller.current, row.key)?.focus({ preventScroll: true })),
    );
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const isOnRow = event.target instanceof Element && event.target.matches("[data-row]");
    if (!isOnRow || event.altKey || event.ctrlKey || event.metaKey) return;
    if (event.key === "Escape") document.getElementById("composer")?.focus();
    const target = findTarget(rows, index, event.key);
    if (target === null) return;
    event.preventDefault();
    focusRow(target);
  };
  const onFocusIn = (event: FocusEvent) => {
    const row = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-row]") : null;
    if (row?.dataset.row) setKey(row.dataset.row);
  };
  return { index, kept: index >= 0 ? [index] : [], handlers: { onKeyDown, onFocusIn } };
}

function findTarget(rows: readonly Row[], index: number, key: string): number | null {
  const last = rows.length - 1;
  const move = (step: number) => {
    let target = Math.max(0, Math.min(index + step, last));
    const direction = Math.sign(step);
    // Separators are read with the messages; they have nothing to do with them.
    while (rows[target] && !isMessage(rows[target]) && rows[target + direction]) target += direction;
    return isMessage(rows[target]) ? target : null;
  };
  switch (key) {
    case "ArrowUp":
      return move(-1);
    case "ArrowDown":
      return move(1);
    case "PageUp":
      return move(-PAGE);
    case "PageDown":
      return move(PAGE);
    case "Home":
      return rows.findIndex(isMessage);
    case "End":
      return last;
    default:
      return null;
  }
}

function isMessage(row: Row | undefined): boolean {
  return row?.kind === "message" || row?.kind === "pending";
}

function findRow(scroller: HTMLElement | null, key: string): HTMLElement | null {
  return scroller?.querySelector<HTMLElement>(`[data-row="${CSS.escape(key)}"]`) ?? null;
}
