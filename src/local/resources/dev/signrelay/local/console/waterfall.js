import { duration, element } from "./dom.js";
import { next } from "./status.js";
import { date, timeOfDay } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";

/** The least width of a bar, in percent. */
const MIN_WIDTH = 0.8;

/**
 * The steps of a job as a table. The last column has a bar for what took time, on one axis for all rows, and a
 * thin line for the wait until the next step. The other columns say the same in words.
 */
export function draw(body, job) {
  body.replaceChildren(...job.steps.map((step) => row(step, job)));
}

/** Draws the bars up to now, if the job goes on. Returns the length of the axis in milliseconds. */
export function scale(body, job, now) {
  const end = Math.max(...job.steps.map((step) => step.to), job.due ?? 0, job.over || job.reason ? 0 : now);
  const percent = (at) => ((at - job.start) / Math.max(1, end - job.start)) * 100;
  job.steps.forEach((step, i) => bars(body.children[i].lastChild.firstChild, step, waitEnd(job, i, now), percent));
  return end - job.start;
}

/** A job waits from a step to the next one, or, after the last one, until it is due. */
function waitEnd({ steps, over, reason, due }, i, now) {
  return i + 1 < steps.length ? steps[i + 1].from : over || reason ? steps[i].to : Math.max(now, due ?? 0);
}

function row(step, job) {
  const made = element("tr");
  const time = element("td", "when");
  const stamp = element("time");
  stamp.dateTime = new Date(step.at).toISOString();
  stamp.title = `${date(step.at)} ${timeOfDay(step.at)}`;
  stamp.append(element("span", "date", date(step.at) === date(job.start) ? "" : `${date(step.at)} `), timeOfDay(step.at));
  time.append(stamp, " ", element("span", "note", `+${duration(Math.max(0, step.at - job.start))}`));
  const title = element("th", "", step.title);
  title.scope = "row";
  const chart = element("td", "chart-cell");
  chart.append(canvas());
  made.append(time, title, element("td", "", step.detail), element("td", "note", next(step)), chart);
  return made;
}

function canvas() {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 100 12", preserveAspectRatio: "none", class: "bars", "aria-hidden": "true" };
  Object.entries(attributes).forEach(([name, value]) => svg.setAttribute(name, value));
  return svg;
}

function bars(svg, step, until, percent) {
  const from = percent(step.from);
  const to = percent(step.to);
  svg.replaceChildren(
    rect("gap", to, percent(until) - to, 5, 2),
    rect(`bar ${step.tone}`, Math.min(from, 100 - MIN_WIDTH), Math.max(MIN_WIDTH, to - from), 1, 10),
  );
}

function rect(name, x, width, y, height) {
  const made = document.createElementNS(SVG, "rect");
  const attributes = { class: name, x, width: Math.max(0, width), y, height };
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
