import { duration, element } from "./dom.js";
import { date, timeOfDay } from "./time.js";

const SVG = "http://www.w3.org/2000/svg";

/** The least width of a bar, in percent. */
const MIN_WIDTH = 0.8;

/**
 * The steps of a job as a table. The last column has a bar for what took time, on one axis for all rows, and a
 * thin line for the wait until the next step. The other columns say the same in words.
 */
export function draw(body, job, now) {
  const steps = job.steps;
  const end = Math.max(...steps.map((step) => step.to), job.due ?? 0, job.over ? 0 : now);
  const scale = (at) => ((at - job.start) / Math.max(1, end - job.start)) * 100;
  body.replaceChildren(...steps.map((step, i) => row(step, job, waitEnd(steps, i, job, now), scale)));
  return end - job.start;
}

/** A job waits from a step to the next one, or, after the last one, until it is due. */
function waitEnd(steps, i, job, now) {
  return i + 1 < steps.length ? steps[i + 1].from : job.over || job.reason ? steps[i].to : Math.max(now, job.due ?? 0);
}

function row(step, job, until, scale) {
  const made = element("tr");
  const time = element("td", "when");
  const stamp = element("time");
  stamp.dateTime = new Date(step.at).toISOString();
  stamp.append(element("span", "date", `${date(step.at)} `), timeOfDay(step.at));
  time.append(stamp, " ", element("span", "note", `+${duration(Math.max(0, step.at - job.start))}`));
  const title = element("th", "", step.title);
  title.scope = "row";
  const then = step.due ? `next attempt after ${duration(step.due - step.at)}` : step.next;
  const chart = element("td", "chart-cell");
  chart.append(bars(step, until, scale));
  made.append(time, title, element("td", "", step.detail), element("td", "note", then), chart);
  return made;
}

function bars(step, until, scale) {
  const svg = document.createElementNS(SVG, "svg");
  const attributes = { viewBox: "0 0 100 12", preserveAspectRatio: "none", class: "bars", "aria-hidden": "true" };
  Object.entries(attributes).forEach(([name, value]) => svg.setAttribute(name, value));
  const from = scale(step.from);
  const width = Math.max(MIN_WIDTH, scale(step.to) - from);
  svg.append(rect("gap", scale(step.to), scale(until) - scale(step.to), 5, 2));
  svg.append(rect(`bar ${step.tone}`, Math.min(from, 100 - MIN_WIDTH), width, 1, 10));
  return svg;
}

function rect(name, x, width, y, height) {
  const made = document.createElementNS(SVG, "rect");
  const attributes = { class: name, x, width: Math.max(0, width), y, height };
  Object.entries(attributes).forEach(([key, value]) => made.setAttribute(key, value));
  return made;
}
