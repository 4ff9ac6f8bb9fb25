import "./theme.css";
import { render } from "preact";
import { App, NoHost } from "./app.tsx";
import { createPanelPorts } from "./panel-ports.ts";
import { createSessionState } from "./session-state.ts";

const place = document.getElementById("panel");
if (!place) throw new TypeError("index.html has no #panel");
const ports = createPanelPorts();
if (ports) {
  const state = createSessionState(ports);
  render(<App state={state} />, place);
  void state.read();
} else {
  render(<NoHost />, place);
}
