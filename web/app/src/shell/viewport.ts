import { useEffect } from "preact/hooks";

/** Keeps the page as high as what the on-screen keyboard leaves of it, where the browser doesn't do so by itself. */
export function useViewportHeight(): void {
  useEffect(() => {
    const viewport = window.visualViewport;
    if (!viewport) return;
    const adapt = () => {
      // A page that is zoomed in shows less of itself, too, and is to stay as it is.
      if (viewport.scale > 1.01) return;
      document.documentElement.style.setProperty("--viewport", `${viewport.height}px`);
      document.documentElement.classList.toggle("has-keyboard", window.innerHeight - viewport.height > 120);
      // iOS scrolls the page up under the keyboard.
      window.scrollTo(0, 0);
    };
    adapt();
    viewport.addEventListener("resize", adapt);
    return () => viewport.removeEventListener("resize", adapt);
  }, []);
}
