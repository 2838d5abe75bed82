import { createStore } from "../chat/store.ts";
import { onDevice } from "../storage.ts";

export type Theme = "system" | "light" | "dark";

const SAVED = "chat.theme";
const saved = onDevice.read(SAVED);

export const theme = createStore<Theme>(saved === "light" || saved === "dark" ? saved : "system");

/** Has the page follow the chosen theme, now and whenever it is changed. */
export function applyTheme(): void {
  const apply = () => {
    const chosen = theme.getSnapshot();
    onDevice.write(SAVED, chosen);
    if (chosen === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = chosen;
  };
  theme.subscribe(apply);
  apply();
}
