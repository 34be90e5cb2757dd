import { byId, element, seconds } from "./dom.js";
import * as redrive from "./redrive.js";
import * as store from "./store.js";
import { clock, setText } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";
const MAX_CELLS = 30;

let deadLetters = 0;

/** Displays the current metrics. */
export function show(metrics) {
  const { at, line, retry, callback, calls, limit, signatures } = metrics;
  depth("line", line, wait(metrics, at));
  depth("retry", retry, parts(retry));
  depth("callback", callback, parts(callback));
  byId("calls").textContent = calls;
  byId("limit").textContent = limit === 0 ? "no limit" : `of ${limit}`;
  meter(byId("calls-meter"), calls, limit);
  byId("signatures").textContent = signatures.at(-1);
  chart(byId("chart"), signatures);
  deadLetters = metrics.deadLetters;
  showDeadLetters();
}

/** The dead letters of the list, and others, such as messages that are no jobs. */
export function showDeadLetters() {
  const listed = [...store.jobs.values()].filter(store.isDeadLetter);
  const others = Math.max(0, deadLetters - listed.length);
  setText(byId("dead"), String(listed.length + others));
  setText(byId("dead-note"), others > 0 ? `${others} not in the list` : listed.length === 0 ? "no failed jobs" : "");
  byId("redrive-all").hidden = others === 0 && !listed.some(redrive.isRedrivable);
}

function depth(name, queue, note) {
  const jobs = total(queue);
  byId(`${name}-depth`).textContent = jobs;
  byId(`${name}-unit`).textContent = jobs === 1 ? "job" : "jobs";
  byId(`${name}-note`).textContent = note;
}

const parts = ({ delayed, inFlight }) => [delayed && `${delayed} delayed`, inFlight && `${inFlight} in flight`].filter(Boolean).join(", ");

const total = ({ ready, delayed, inFlight }) => ready + delayed + inFlight;

/** A pause, or how long a job waits that joins the line now. */
function wait({ line, nextCalls }, now) {
  const estimate = (nextCalls.at(-1) - now) / 1_000;
  if (store.pausedUntil()) {
    return `calls paused until ${clock(store.pausedUntil())}`;
  }
  return line.ready > 0 && estimate > 0 ? `new jobs wait ${seconds(estimate)}` : "";
}

function meter(bar, calls, limit) {
  bar.hidden = limit === 0;
  bar.setAttribute("aria-valuemax", limit);
  bar.setAttribute("aria-valuenow", Math.min(calls, limit));
  bar.setAttribute("aria-valuetext", `${calls} of ${limit}`);
  const cells = Math.min(limit, MAX_CELLS);
  const full = Math.min(cells, Math.ceil((calls / limit) * cells));
  bar.replaceChildren(...Array.from({ length: cells }, (_, i) => element("i", i < full ? "full" : "")));
}

/** Draws one bar per minute, the current minute last. The highest bar has the height of the chart. */
function chart(svg, counts) {
  svg.setAttribute("aria-label", `Signatures in each of the last ${counts.length} minutes, the current minute last: ${counts.join(", ")}`);
  const highest = Math.max(4, ...counts);
  const width = 150 / counts.length;
  svg.replaceChildren(
    ...counts.map((count, i) => {
      const height = Math.max(1.5, (count / highest) * 28);
      const bar = document.createElementNS(SVG, "rect");
      const place = { x: i * width, y: 28 - height, width: width - 2, height };
      Object.entries(place).forEach(([name, value]) => bar.setAttribute(name, value));
      bar.setAttribute("class", count > 0 ? "some" : "");
      return bar;
    }),
  );
}
