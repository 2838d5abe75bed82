import type { ComponentChildren } from "preact";
import { Logo } from "../design/logo.tsx";
import "./splash.css";

interface Props {
  title?: string;
  text?: string | null;
  isBusy?: boolean;
  children?: ComponentChildren;
}

/** The page while there is nothing to show yet. */
export function Splash({ title, text, isBusy = false, children }: Props) {
  return (
    <main class="splash" aria-busy={isBusy}>
      <Logo />
      {title && <h1>{title}</h1>}
      {text && <p>{text}</p>}
      {isBusy && <span class="spinner" role="status" aria-label="Loading" />}
      {children}
    </main>
  );
}
