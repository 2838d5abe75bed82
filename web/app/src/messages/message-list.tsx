import type { ChatMessage, RoomSnapshot } from "@chat-stack/sdk";
import type { RefObject } from "preact";
import { useImperativeHandle, useMemo, useRef, useState } from "preact/hooks";
import { Virtualizer, type VirtualizerHandle } from "virtua";
import { useChat } from "../chat/chat.ts";
import { Boundary } from "../design/boundary.tsx";
import { Announcer } from "./announcer.tsx";
import { JumpButton } from "./jump-button.tsx";
import { ListStart } from "./list-start.tsx";
import { placeReceipts } from "./receipts.ts";
import { RowView } from "./row-view.tsx";
import { buildRows, type Row } from "./rows.ts";
import { useListFocus } from "./use-list-focus.ts";
import { useListScroll } from "./use-list-scroll.ts";
import { useUnreadMark } from "./use-unread-mark.ts";
import "./message-list.css";

/** What other parts of the room ask of the list. */
export interface MessageListHandle {
  /** Scrolls to a message, and points it out. */
  show(seq: number): void;
  showNewest(): void;
}

/** How high what stands above the first message is; the style sheet says so, too. */
const START_PX = 52;

interface Props {
  handle: RefObject<MessageListHandle | null>;
  snapshot: RoomSnapshot;
  messages: readonly ChatMessage[];
}

export function MessageList({ handle, snapshot, messages }: Props) {
  const scroller = useRef<HTMLDivElement>(null);
  const virtualizer = useRef<VirtualizerHandle>(null);
  const [shownSeq, setShownSeq] = useState<number | null>(null);
  const { rows, receipts } = useRows(snapshot, messages);
  const scroll = useListScroll({ rows, snapshot, scroller, virtualizer });
  const focus = useListFocus(rows, scroller, virtualizer);
  useImperativeHandle(handle, () => ({
    show: (seq) => setShownSeq(scroll.showMessage(seq) ? seq : null),
    showNewest: scroll.showNewest,
  }));
  const renderRow = (row: Row, index: number) => (
    <RowView
      key={row.key}
      row={row}
      messages={messages}
      readers={row.kind === "message" ? receipts.get(row.message.seq) : undefined}
      isFocusable={index === focus.index}
      isShown={row.kind === "message" && row.message.seq === shownSeq}
    />
  );
  // What stands there while there are no messages is no feed.
  const feed =
    rows.length > 0 && ({ role: "feed", "aria-label": "Messages", "aria-busy": scroll.isLoadingOlder } as const);
  return (
    <div class="messages">
      <div {...focus.handlers} {...feed} ref={scroller} class="messages-scroller">
        <ListStart snapshot={snapshot} isEmpty={rows.length === 0} isLoading={scroll.isLoadingOlder} />
        <Virtualizer
          ref={virtualizer}
          scrollRef={scroller}
          startMargin={START_PX}
          data={rows}
          shift={scroll.isPrepending}
          keepMounted={focus.kept}
          bufferSize={600}
          onScroll={scroll.onScroll}
        >
          {renderRow}
        </Virtualizer>
      </div>
      <JumpButton isShown={!scroll.isAtEnd} unread={snapshot.unread} onClick={scroll.showNewest} />
      <Boundary of={messages} fallback={null}>
        <Announcer messages={messages} />
      </Boundary>
    </div>
  );
}

function useRows(snapshot: RoomSnapshot, messages: readonly ChatMessage[]) {
  const { me } = useChat();
  const unreadAfter = useUnreadMark(snapshot);
  const { pending, truncatedAfter, readBy } = snapshot;
  const rows = useMemo(
    () => buildRows({ messages, pending, me: me.user, unreadAfter, expiredAfter: truncatedAfter }),
    [messages, pending, me.user, unreadAfter, truncatedAfter],
  );
  const receipts = useMemo(() => placeReceipts(messages, readBy, me.user), [messages, readBy, me.user]);
  return { rows, receipts };
}
