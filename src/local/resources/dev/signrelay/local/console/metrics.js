import { byId, element } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
const MAX_CELLS = 30;

/** Displays the current metrics. */
export function show(metrics) {
  const { ready, delayed, inFlight, deadLetters, calls, limit, signatures } = metrics;
  const depth = ready + delayed + inFlight;
  byId("depth").textContent = depth;
  byId("depth-unit").textContent = depth === 1 ? "job" : "jobs";
  byId("depth-parts").textContent = `${delayed} delayed, ${inFlight} in flight`;
  byId("calls").textContent = calls;
  byId("limit").textContent = limit === 0 ? "no limit" : `of ${limit}`;
  meter(byId("calls-meter"), calls, limit);
  byId("signatures").textContent = signatures.at(-1);
  chart(byId("chart"), signatures);
  byId("dead").textContent = deadLetters;
  byId("dead-note").textContent = deadLetters === 0 ? "no failed jobs" : "can be redriven";
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
