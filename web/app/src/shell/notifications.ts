export function canNotify(): boolean {
  return "Notification" in window && Notification.permission === "granted";
}

export async function askForNotifications(): Promise<boolean> {
  return "Notification" in window && (await Notification.requestPermission()) === "granted";
}

interface Notice {
  readonly title: string;
  readonly body: string;
  /** The address of what it tells of; a later notice of the same replaces it. */
  readonly hash: string;
}

/** Shows a notification of the system; a click leads to its room. */
export async function notify({ title, body, hash }: Notice): Promise<void> {
  if (!canNotify()) return;
  const options = { body, tag: hash, data: hash, icon: "/pwa-192x192.png" };
  const registration = await navigator.serviceWorker?.getRegistration();
  // Phones only take those of a service worker, which brings the page back even when it was closed.
  if (registration) return registration.showNotification(title, options);
  const notification = new Notification(title, options);
  notification.onclick = () => {
    window.focus();
    location.hash = hash;
  };
}
