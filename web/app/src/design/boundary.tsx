import { Component, type ComponentChildren } from "preact";

interface Props {
  /** What is shown: once it is another, it is tried again. */
  of: object;
  fallback: ComponentChildren;
  children: ComponentChildren;
}

/** Keeps what throws while it is rendered from taking the page with it. */
export class Boundary extends Component<Props, { broken: object | null }> {
  override state = { broken: null };

  override componentDidCatch(error: unknown): void {
    console.error(error);
    this.setState({ broken: this.props.of });
  }

  override render({ of, fallback, children }: Props) {
    return this.state.broken === of ? fallback : children;
  }
}
