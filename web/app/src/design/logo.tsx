import "./logo.css";

export function Logo() {
  return (
    <div class="logo">
      <img src="/icon.svg" alt="" width="36" height="36" />
      <span>Chat Stack</span>
    </div>
  );
}
