import { Fragment, type VNode } from "preact";
import { createStore, useStore, type WritableStore } from "../chat/store.ts";
import { Menu, type MenuEntry } from "./menu.tsx";
import { Popover } from "./popover.tsx";

type Overlay = (close: () => void) => VNode;
type Shown = { readonly key: number; readonly show: Overlay } | null;

const dialog = createStore<Shown>(null);
const popover = createStore<Shown>(null);
let lastKey = 0;

function show(place: WritableStore<Shown>, overlay: Overlay): void {
  lastKey += 1;
  place.set({ key: lastKey, show: overlay });
}

/** Shows a dialog in the place of the one before it. */
export function openDialog(overlay: Overlay): void {
  show(dialog, overlay);
}

export function openMenu(anchor: Element, label: string, entries: readonly (MenuEntry | false | null)[]): void {
  show(popover, (close) => <Menu anchor={anchor} label={label} entries={entries} onClose={close} />);
}

export function openPopover(anchor: Element, label: string, content: Overlay): void {
  show(popover, (close) => (
    <Popover anchor={anchor} label={label} onClose={close}>
      {content(close)}
    </Popover>
  ));
}

/** Where overlays are shown: once in the page. */
export function Overlays() {
  return (
    <>
      <Place of={popover} />
      <Place of={dialog} />
    </>
  );
}

function Place({ of }: { of: WritableStore<Shown> }) {
  const shown = useStore(of);
  if (!shown) return null;
  // What was closed late must not close what took its place.
  const close = () => of.set((current) => (current === shown ? null : current));
  return <Fragment key={shown.key}>{shown.show(close)}</Fragment>;
}
