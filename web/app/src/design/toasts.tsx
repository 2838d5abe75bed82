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

/** Says something in passing, at the edge of the page. */
export function showToast(
  text: string,
  options: { isError?: boolean; action?: Toast["action"]; stays?: boolean } = {},
): void {
  lastId += 1;
  const toast: Toast = { id: lastId, text, isError: options.isError ?? false, action: options.action ?? null };
  toasts.set((shown) => [...shown.slice(-2), toast]);
  if (!options.stays) setTimeout(() => dismiss(toast.id), SHOWN_MS);
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
        <div key={toast.id} class={`toast ${toast.isError ? "toast-error" : ""}`}>
          <span class="toast-text">{toast.text}</span>
          {toast.action && (
            <button
              type="button"
              class="toast-action"
              onClick={() => {
                dismiss(toast.id);
                toast.action?.run();
              }}
            >
              {toast.action.label}
            </button>
          )}
          <IconButton icon="close" label="Dismiss" size={16} onClick={() => dismiss(toast.id)} />
        </div>
      ))}
    </div>
  );
}
