import { showToast } from "../design/toasts.tsx";

const HOUR_MS = 3_600_000;

/** Installs the service worker, and offers a newer version of the app once it is there. */
export function registerWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  let isReloading = false;
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (isReloading) location.reload();
  });
  const offer = (worker: ServiceWorker) => {
    const run = () => {
      isReloading = true;
      worker.postMessage("activate");
    };
    showToast("A new version is ready.", { action: { label: "Reload", run } });
  };
  const watch = (registration: ServiceWorkerRegistration) => {
    if (registration.waiting) offer(registration.waiting);
    keepUpToDate(registration);
    registration.addEventListener("updatefound", () => {
      const worker = registration.installing;
      worker?.addEventListener("statechange", () => {
        // The first worker of a page takes nobody's place.
        if (worker.state === "installed" && navigator.serviceWorker.controller) offer(worker);
      });
    });
  };
  // Without it the app works all the same, with a network.
  void navigator.serviceWorker.register("/sw.js").then(watch, () => undefined);
}

/** Looks for a newer version when the app is looked at again; by itself the browser does so when it is opened only. */
export function keepUpToDate(registration: Pick<ServiceWorkerRegistration, "update">): void {
  let askedMs = Date.now();
  document.addEventListener("visibilitychange", () => {
    if (document.hidden || Date.now() - askedMs < HOUR_MS) return;
    askedMs = Date.now();
    // Without a network the next time will do.
    void registration.update().catch(() => undefined);
  });
}
