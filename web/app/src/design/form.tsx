import type { ComponentChildren, TargetedInputEvent } from "preact";
import { useEffect, useId, useRef } from "preact/hooks";
import { Icon, type IconName } from "./icon.tsx";
import "./form.css";

interface ButtonProps {
  kind?: "primary" | "plain" | "danger" | "link";
  type?: "button" | "submit";
  isBusy?: boolean;
  disabled?: boolean;
  onClick?: () => void;
  children: ComponentChildren;
}

export function Button({
  kind = "plain",
  type = "button",
  isBusy = false,
  disabled = false,
  onClick,
  children,
}: ButtonProps) {
  return (
    <button
      type={type}
      class={`button button-${kind}`}
      disabled={disabled || isBusy}
      aria-busy={isBusy}
      onClick={onClick}
    >
      {isBusy && <span class="spinner" />}
      {children}
    </button>
  );
}

interface IconButtonProps {
  icon: IconName;
  /** What it does: its name for screen readers, and its tooltip. */
  label: string;
  size?: number;
  isPressed?: boolean;
  isDisabled?: boolean;
  class?: string;
  onClick?: (event: MouseEvent) => void;
}

export function IconButton({
  icon,
  label,
  size = 20,
  isPressed,
  isDisabled = false,
  onClick,
  ...rest
}: IconButtonProps) {
  return (
    <button
      type="button"
      class={`icon-button ${rest.class ?? ""}`}
      aria-label={label}
      title={label}
      aria-pressed={isPressed}
      disabled={isDisabled}
      onClick={onClick}
    >
      <Icon name={icon} size={size} />
    </button>
  );
}

interface TextFieldProps {
  label: string;
  hint?: string;
  error?: string | null;
  autofocus?: boolean;
  name?: string;
  type?: "text" | "email" | "password";
  inputMode?: "numeric";
  autocomplete?: string;
  autocapitalize?: "none";
  spellcheck?: boolean;
  placeholder?: string;
  maxLength?: number;
  required?: boolean;
  value?: string | undefined;
  onInput?: (event: TargetedInputEvent<HTMLInputElement>) => void;
}

export function TextField({ label, hint, error, autofocus, type = "text", ...input }: TextFieldProps) {
  const id = useId();
  const field = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (autofocus) field.current?.focus();
  }, [autofocus]);
  const note = error ?? hint;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <input
        {...input}
        // Its types tell each kind of field from the others; this one is one of three alike.
        type={type as "text"}
        ref={field}
        id={id}
        aria-invalid={error ? true : undefined}
        aria-describedby={note ? `${id}-note` : undefined}
      />
      {note && (
        <p id={`${id}-note`} class={error ? "field-error" : "field-hint"}>
          {note}
        </p>
      )}
    </div>
  );
}

export function FormError({ message }: { message: string | null }) {
  return (
    <div role="alert" class="form-error">
      {message}
    </div>
  );
}
