import { showToast } from "../design/toasts.tsx";

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
    showToast("A new version is ready.", { stays: true, action: { label: "Reload", run } });
  };
  const watch = (registration: ServiceWorkerRegistration) => {
    if (registration.waiting) offer(registration.waiting);
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
