/** Whether the device has a keyboard of its own, as far as its pointer tells: there Enter sends. */
export function isForTyping(): boolean {
  return matchMedia("(hover: hover) and (pointer: fine)").matches;
}
