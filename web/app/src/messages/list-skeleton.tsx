const WIDTHS = ["wide", "narrow", "middle", "wide", "middle"];

/** In the place of messages that are on their way. */
export function ListSkeleton() {
  return (
    <div class="list-skeleton" aria-hidden="true">
      {WIDTHS.map((width, index) => (
        <div key={`${width} ${index}`} class={`list-skeleton-line list-skeleton-${width}`} />
      ))}
    </div>
  );
}
