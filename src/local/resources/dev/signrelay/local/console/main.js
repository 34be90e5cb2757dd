import { byId, NO_ANSWER, setText } from "./dom.js";
import * as inbox from "./inbox.js";
import * as job from "./job.js";
import * as list from "./list.js";
import * as metrics from "./metrics.js";
import * as send from "./send.js";
import * as store from "./store.js";
import { clock } from "./text.js";
import * as views from "./views.js";

/** The interval at which countdowns are updated. */
const TICK_MILLIS = 250;

const RECONNECT_MILLIS = 1_000;

const VIEWS = { jobs: list, job, inbox };

let live = 0;

function draw() {
  VIEWS[views.current()].draw();
  setText(byId("jobs-total"), store.jobs.size);
  setText(byId("inbox-total"), store.deliveries.size);
  tick();
}

const tick = () => VIEWS[views.current()].tick?.();

/** Reads the server's events and reconnects for as long as the page is open. */
function connect() {
  const stream = new EventSource("/console/events");
  stream.addEventListener("open", () => {
    showConnection("Live");
    store.deliveries.clear();
    if (byId("answer").textContent === NO_ANSWER) {
      byId("answer").replaceChildren();
    }
  });
  stream.addEventListener("message", ({ data }) => {
    live = Date.now();
    store.put(JSON.parse(data));
    metrics.show();
    send.prepare(store.metrics);
    draw();
  });
  stream.addEventListener("error", () => {
    showConnection("Disconnected");
    // The browser reconnects by itself, except after some answers.
    if (stream.readyState === EventSource.CLOSED) {
      setTimeout(connect, RECONNECT_MILLIS);
    }
  });
}

/** While the connection is lost, a banner says so and the data are grey. */
function showConnection(text) {
  const isLost = text === "Disconnected";
  setText(byId("connection"), text);
  byId("connection").className = `connection ${isLost ? "lost" : "live"}`;
  document.body.classList.toggle("stale", isLost);
  byId("lost").hidden = !isLost;
  const since = live ? ` This is what it said at ${clock(live)}.` : "";
  setText(byId("lost-text"), isLost ? `${NO_ANSWER}${since} This page reconnects by itself.` : "");
}

list.listen();
job.listen();
metrics.listen();
views.listen(VIEWS);
send.listen((ids) => {
  list.sent(ids);
  draw();
});
connect();
setInterval(tick, TICK_MILLIS);
