import { render } from "preact";
import "./design/tokens.css";
import "./design/base.css";
import { applyTheme } from "./design/theme.ts";
import { registerWorker } from "./offline/registration.ts";
import { App } from "./shell/app.tsx";

applyTheme();
render(<App />, document.getElementById("app") as HTMLElement);
registerWorker();
