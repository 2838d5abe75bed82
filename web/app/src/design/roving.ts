const STEPS: Readonly<Record<string, number>> = { ArrowDown: 1, ArrowUp: -1, ArrowRight: 1, ArrowLeft: -1 };

/**
 * Moves the focus among the elements that match, inside the element that handles the key: with the arrows, Home and End.
 *
 * @param columns how many stand side by side: up and down skip a line. Of a list, 1.
 * @returns whether the key was one of these.
 */
export function moveFocus(event: KeyboardEvent, selector: string, columns = 1): boolean {
  const elements = [...(event.currentTarget as Element).querySelectorAll<HTMLElement>(selector)];
  if (elements.length === 0) return false;
  const at = elements.indexOf(document.activeElement as HTMLElement);
  const target = findTarget(event.key, at, elements.length, columns);
  if (target === null) return false;
  elements[target]?.focus();
  return true;
}

export function findTarget(key: string, at: number, count: number, columns: number): number | null {
  if (key === "Home") return 0;
  if (key === "End") return count - 1;
  const step = STEPS[key];
  if (step === undefined) return null;
  const isLine = key === "ArrowDown" || key === "ArrowUp";
  const target = at + (isLine ? step * columns : step);
  if (columns === 1) return (target + count) % count;
  return Math.max(0, Math.min(target, count - 1));
}
