import { useState } from "preact/hooks";

export interface Submit {
  readonly isBusy: boolean;
  readonly error: string | null;
  readonly run: (fields: FormData) => Promise<void>;
  /** For a form's `onSubmit`. */
  readonly onSubmit: (event: SubmitEvent) => void;
}

/** Runs a form's work once at a time, and keeps why it failed. */
export function useSubmit(work: (fields: FormData) => Promise<void> | void): Submit {
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const run = async (fields: FormData) => {
    setBusy(true);
    setError(null);
    try {
      await work(fields);
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure));
    } finally {
      setBusy(false);
    }
  };
  const onSubmit = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isBusy) void run(new FormData(event.currentTarget as HTMLFormElement));
  };
  return { isBusy, error, run, onSubmit };
}

/** A field's text. */
export function readField(fields: FormData, name: string): string {
  return String(fields.get(name) ?? "");
}
