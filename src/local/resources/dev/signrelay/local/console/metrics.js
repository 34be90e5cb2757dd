import { byId, change, fill, setText } from "./dom.js";
import { jobs, metrics, now, pausedUntil } from "./store.js";
import { clock, seconds } from "./text.js";

const MODES = ["upstream", "receiver"];

/** Registers the listeners of the switches that simulate failures. */
export const listen = () =>
  MODES.forEach((name) =>
    byId(name).addEventListener("change", async ({ target }) => {
      const done = await change(`${name}/${target.value}`, null, byId(`${name}-note`));
      select(name, done ? target.value : byId(name).dataset.shown, done);
    }),
  );

/** Displays the current metrics and modes, which another page may have changed. */
export function show() {
  const { line, retry, callback, calls, limit, signatures } = metrics;
  depth("line", line, wait());
  depth("retry", retry, parts(retry));
  depth("callback", callback, parts(callback));
  // Letters that are not listed are messages that are no jobs.
  const listed = [...jobs.values()].filter(({ state }) => state === "failed" || state === "expired").length;
  const others = Math.max(0, metrics.deadLetters - listed);
  const dead = others > 0 ? `${others} not in the list` : listed === 0 ? "no failed jobs" : "";
  fill(document, {
    "#calls": calls,
    "#limit": limit === 0 ? "no limit" : `of ${limit}`,
    "#signatures": signatures.at(-1),
    "#dead": listed + others,
    "#dead-note": dead,
  });
  byId("calls-meter").hidden = limit === 0;
  Object.assign(byId("calls-meter"), { max: limit, value: calls });
  chart(byId("chart"), signatures);
  MODES.forEach(mode);
}

function depth(name, { ready, delayed, inFlight }, text) {
  const all = ready + delayed + inFlight;
  const unit = all === 1 ? "job" : "jobs";
  fill(document, { [`#${name}-depth`]: all, [`#${name}-unit`]: unit, [`#${name}-note`]: text });
}

const parts = ({ delayed, inFlight }) =>
  [delayed && `${delayed} delayed`, inFlight && `${inFlight} in flight`].filter(Boolean).join(", ");

/** A pause, or how long a job waits that joins the line now. */
function wait() {
  const estimate = (metrics.nextCalls.at(-1) - now()) / 1_000;
  if (pausedUntil()) {
    return `calls paused until ${clock(pausedUntil())}`;
  }
  return metrics.line.ready > 0 && estimate > 0 ? `new jobs wait ${seconds(estimate)}` : "";
}

/** Draws one bar per minute, the current minute last. The highest bar has the height of the chart. */
function chart(svg, counts) {
  svg.ariaLabel = `Signatures in each of the last ${counts.length} minutes, the current one last: ${counts.join(", ")}`;
  const highest = Math.max(4, ...counts);
  const bars = counts.map((number, i) => `M${i * 10} 28v-${Math.max(1.5, (number / highest) * 28)}h8V28z`);
  svg.querySelector(".some").setAttribute("d", bars.filter((_, i) => counts[i] > 0).join(""));
  svg.querySelector(".none").setAttribute("d", bars.filter((_, i) => counts[i] === 0).join(""));
}

function mode(name) {
  const fieldset = byId(name);
  fieldset.disabled = metrics[name] === null;
  if (fieldset.disabled) {
    setText(byId(`${name}-note`), "Not available: CRYPTO_CLIENT_BASE_URL selects another upstream.");
  } else if (fieldset.dataset.shown !== metrics[name]) {
    fieldset.dataset.shown = metrics[name];
    select(name, metrics[name], true);
  }
}

function select(name, value, withNote) {
  const input = byId(name).querySelector(`[value="${value}"]`);
  input.checked = true;
  if (withNote) {
    setText(byId(`${name}-note`), input.dataset.note);
  }
}
