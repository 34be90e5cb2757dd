import { byId } from "./dom.js";
import { timeOfDay } from "./time.js";

const RECONNECT_MILLIS = 1_000;

let live = 0;

/**
 * Reads the server's events and reconnects for as long as the page is open. While the connection is lost, a
 * banner says so and the data are grey.
 */
export function connect(listeners) {
  const stream = new EventSource("/console/events");
  stream.addEventListener("open", () => {
    show("Live", "live");
    listeners.open();
  });
  for (const [name, listener] of Object.entries(listeners)) {
    if (name !== "open") {
      stream.addEventListener(name, ({ data }) => {
        live = Date.now();
        listener(JSON.parse(data));
      });
    }
  }
  stream.addEventListener("error", () => {
    show("Disconnected", "lost");
    // The browser reconnects by itself, except after some answers.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(() => connect(listeners), RECONNECT_MILLIS);
    }
  });
}

function show(text, name) {
  const status = byId("connection");
  if (status.textContent !== text) {
    status.textContent = text;
    status.className = `connection ${name}`;
    const lost = name === "lost";
    document.body.classList.toggle("stale", lost);
    byId("lost").hidden = !lost;
    byId("lost-text").textContent = lost ? `The local run does not answer. ${since()} Start it again: this page reconnects by itself.` : "";
  }
}

const since = () => (live ? `This is what it said at ${timeOfDay(live)}.` : "");
