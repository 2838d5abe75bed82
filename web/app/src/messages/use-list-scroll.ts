import type { RoomSnapshot } from "@chat-stack/sdk";
import type { RefObject } from "preact";
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { VirtualizerHandle } from "virtua";
import { useChat } from "../chat/chat.ts";
import type { Row } from "./rows.ts";
import { useMarkRead } from "./use-mark-read.ts";

/** From this far below the top on, older messages are asked for. */
const NEAR_TOP_PX = 800;
const AT_END_PX = 60;
const SETTLED_MS = 300;

interface Options {
  readonly rows: readonly Row[];
  readonly snapshot: RoomSnapshot;
  readonly scroller: RefObject<HTMLElement | null>;
  readonly virtualizer: RefObject<VirtualizerHandle | null>;
}

export interface ListScroll {
  readonly isAtEnd: boolean;
  readonly isLoadingOlder: boolean;
  /** Whether this rendering puts rows in front of those that are shown: they are to stay where they are. */
  readonly isPrepending: boolean;
  readonly onScroll: (offset: number) => void;
  readonly showNewest: () => void;
  /** Scrolls to a message; false where it is not loaded. */
  readonly showMessage: (seq: number) => boolean;
}

/** Keeps the list at its end while it is there, and loads older messages towards its top. */
export function useListScroll({ rows, snapshot, scroller, virtualizer }: Options): ListScroll {
  const [isAtEnd, setAtEnd] = useState(true);
  // What is true now, for observers that were set up earlier.
  const stays = useRef(true);
  const lastOffset = useRef(0);
  const { isLoadingOlder, loadOlder } = useOlder(snapshot);
  const isPrepending = useIsPrepending(rows);

  const showNewest = useCallback(() => {
    stays.current = true;
    setAtEnd(true);
    const element = scroller.current;
    if (element) element.scrollTop = element.scrollHeight;
  }, [scroller]);

  const onScroll = (offset: number) => {
    const element = scroller.current;
    if (!element) return;
    const rest = element.scrollHeight - element.scrollTop - element.clientHeight;
    // Rows that turn out higher than expected move the end away; only scrolling up leaves it.
    const isUp = offset < lastOffset.current;
    lastOffset.current = offset;
    stays.current = rest < AT_END_PX || (stays.current && !isUp);
    setAtEnd(stays.current);
    if (offset < NEAR_TOP_PX) loadOlder();
  };
  useFillUp(scroller, snapshot, loadOlder);
  useFollowEnd(scroller, stays, rows);
  useMarkRead(rows, snapshot, isAtEnd);
  const showMessage = (seq: number) => {
    const index = rows.findIndex((row) => row.kind === "message" && row.message.seq === seq);
    if (index >= 0) virtualizer.current?.scrollToIndex(index, { align: "center" });
    return index >= 0;
  };
  return { isAtEnd, isLoadingOlder, isPrepending, onScroll, showNewest, showMessage };
}

function useOlder({ room: name, hasOlder }: RoomSnapshot) {
  const { client } = useChat();
  const [isLoadingOlder, setLoading] = useState(false);
  const isBusy = useRef(false);
  const loadOlder = () => {
    if (!hasOlder || isBusy.current) return;
    isBusy.current = true;
    setLoading(true);
    const end = () => {
      isBusy.current = false;
      setLoading(false);
    };
    // One that failed is made again by the next scrolling.
    client.room(name).loadOlder().then(end, end);
  };
  return { isLoadingOlder, loadOlder };
}

/** Loads older messages where nothing can be scrolled up: a page may bring a few messages, or none, beside their changes. */
export function useFillUp(
  scroller: RefObject<HTMLElement | null>,
  { messages, hasOlder }: Pick<RoomSnapshot, "messages" | "hasOlder">,
  loadOlder: () => void,
): void {
  const load = useRef(loadOlder);
  load.current = loadOlder;
  useEffect(() => {
    if (!hasOlder) return;
    // The list has scrolled to where it stays by then. One that is not shown has no height.
    const timer = setTimeout(() => {
      const { scrollTop, clientHeight } = scroller.current ?? { scrollTop: 0, clientHeight: 0 };
      if (scrollTop === 0 && clientHeight > 0) load.current();
    }, SETTLED_MS);
    return () => clearTimeout(timer);
  }, [scroller, messages, hasOlder]);
}

function useIsPrepending(rows: readonly Row[]): boolean {
  const before = useRef(rows);
  const firstSeq = (list: readonly Row[]) => {
    const first = list.find((row) => row.kind === "message");
    return first?.kind === "message" ? first.message.seq : null;
  };
  const [now, then] = [firstSeq(rows), firstSeq(before.current)];
  useLayoutEffect(() => {
    before.current = rows;
  }, [rows]);
  return now !== null && then !== null && now < then;
}

/** Scrolls to the end again whenever the list or the window changes its size, as long as it was there. */
function useFollowEnd(scroller: RefObject<HTMLElement | null>, stays: RefObject<boolean>, rows: readonly Row[]): void {
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && stays.current) element.scrollTop = element.scrollHeight;
  }, [rows, scroller, stays]);
  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    const follow = () => {
      if (stays.current) element.scrollTop = element.scrollHeight;
    };
    const observer = new ResizeObserver(follow);
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => observer.disconnect();
  }, [scroller, stays]);
}
