import type { RoomSnapshot } from "@chat-stack/sdk";
import { EmptyState } from "../design/empty-state.tsx";
import { ListSkeleton } from "./list-skeleton.tsx";

interface Props {
  snapshot: RoomSnapshot;
  isEmpty: boolean;
  isLoading: boolean;
}

/** Above the oldest message that is loaded; alone where there is none. */
export function ListStart({ snapshot, isEmpty, isLoading }: Props) {
  if (isEmpty && snapshot.state !== "joined") return <ListSkeleton />;
  if (isEmpty) return <EmptyState icon="message" title="It's quiet here" text="Say the first word." />;
  return (
    <div class="messages-start">
      {isLoading && <span class="spinner" />}
      {!isLoading && !snapshot.hasOlder && snapshot.state === "joined" && "This is where the conversation begins."}
    </div>
  );
}
