import { useEffect, useState } from "preact/hooks";
import { createStore, useStore } from "../chat/store.ts";
import { IconButton } from "./form.tsx";
import "./toasts.css";

interface Toast {
  readonly id: number;
  readonly text: string;
  readonly isError: boolean;
  readonly action: { readonly label: string; readonly run: () => void } | null;
}

const SHOWN_MS = 6000;
const toasts = createStore<readonly Toast[]>([]);
let lastId = 0;

/** Says something in passing, at the edge of the page; what asks for an action stays until it is dismissed. */
export function showToast(text: string, options: { isError?: boolean; action?: Toast["action"] } = {}): void {
  lastId += 1;
  const toast: Toast = { id: lastId, text, isError: options.isError ?? false, action: options.action ?? null };
  toasts.set((shown) => [...shown.slice(-2), toast]);
}

/** For promises whose failure the user has to know of. */
export function showFailure(error: unknown): void {
  showToast(error instanceof Error ? error.message : String(error), { isError: true });
}

function dismiss(id: number): void {
  toasts.set((shown) => shown.filter((toast) => toast.id !== id));
}

export function Toasts() {
  const shown = useStore(toasts);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown.map((toast) => (
        <ToastItem key={toast.id} toast={toast} />
      ))}
    </div>
  );
}

function ToastItem({ toast: { id, text, isError, action } }: { toast: Toast }) {
  const [isHeld, hold] = useState(false);
  useEffect(() => {
    if (isHeld || action) return;
    const timer = setTimeout(() => dismiss(id), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [id, isHeld, action]);
  return (
    <div
      class={`toast ${isError ? "toast-error" : ""}`}
      onPointerEnter={() => hold(true)}
      onPointerLeave={() => hold(false)}
      onFocusIn={() => hold(true)}
      onFocusOut={() => hold(false)}
    >
      <span class="toast-text">{text}</span>
      {action && (
        <button
          type="button"
          class="toast-action"
          onClick={() => {
            dismiss(id);
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <IconButton icon="close" label="Dismiss" size={16} onClick={() => dismiss(id)} />
    </div>
  );
}
