import { clone, element, fill, setText, setTime } from "./dom.js";
import { expectedCall, now, pausedUntil, place } from "./store.js";
import { capital, clock, duration, seconds } from "./text.js";

/** Why jobs are dead-lettered. */
const REASONS = {
  "message-rejected": "The upstream rejected the message.",
  "signing-exhausted": "All signing attempts failed.",
  "callback-exhausted": "All callback attempts failed. The job still has its signature.",
  "callback-gone": "The receiver answered 410 Gone.",
  "callback-forbidden": "The callback URL is not allowed. No callback was sent.",
  malformed: "The message is not a job.",
  expired: "The time for which the result was wanted is over.",
};

/** The tones of steps, and what happened in those that have neither an outcome nor an error. Others are failures. */
const STEPS = {
  request: ["", (step) => `answered ${step.status} ${signStatus(step.status, step.answerHeaders?.["x-sign-status"])}`],
  "request repeated": ["", (step) => `job ${step.jobStatus}`],
  "rate limited": ["wait", () => "no call is free"],
  "grant expired": ["wait", () => "no call could begin in time"],
  "call under way": ["wait", () => "another call for the same message"],
  waiting: ["wait", () => "delay not over yet"],
  expired: ["bad", () => "the result is no longer wanted"],
  "signature from cache": ["good", (step) => `${step.ageSeconds} s old`],
  "failure notice": ["info", () => ""],
  redriven: ["info", () => "back in the retry queue"],
  removed: ["", () => "no longer in the dead-letter queue"],
};

/** The word for a response. API Gateway's own have no X-Sign-Status. */
export const signStatus = (status, header) => (header && status >= 400 && status < 500 ? "refused" : (header ?? ""));

export const why = (job) => REASONS[job.reason] ?? "";

/** The class of a step's mark and bar. */
export const tone = ({ name, outcome, decision, error }) =>
  (outcome === "signed" || decision === "complete") && !error ? "good" : (STEPS[name]?.[0] ?? "bad");

/** What a job waits for and until when, or since when it is as it is, or how long it took. */
export function status(job, time) {
  const at = place(job);
  if (at > 0) {
    const call = pausedUntil() ? `paused until ${clock(pausedUntil())}` : until("call", expectedCall(at), time);
    return [`place ${at}`, call].filter(Boolean).join(", ");
  }
  const end = job.steps.at(-1).to;
  return job.due !== null
    ? until(job.due > time ? "next attempt" : "attempt", job.due, time)
    : job.formerRun
      ? "of a former run"
      : job.over && job.state !== "lost"
        ? `after ${duration(end - job.steps[0].at)}`
        : `since ${clock(end)}`;
}

const until = (what, at, time) =>
  at === undefined ? "" : at > time ? `${what} in ${seconds((at - time) / 1_000)}` : `${what} due`;

function result(step) {
  const took = step.to > step.from && duration(step.to - step.from);
  return [step.outcome ?? STEPS[step.name]?.[1]?.(step), took, step.error].filter(Boolean).join(", ");
}

/** What followed a step. */
function next({ name, decision, due, at, outcome, reason, expectedWaitSeconds, answerHeaders }) {
  const wait = expectedWaitSeconds ?? answerHeaders?.["x-sign-expected-in"];
  const call = wait > 0 ? `call expected in ${seconds(wait)}` : "";
  return {
    requeue: due > at ? `next attempt after ${duration(due - at)}` : "",
    "wait-in-line": ["joins the line", call].filter(Boolean).join(", "),
    "stay-in-line": "stays in line",
    deliver: "callback follows",
    answer: outcome === "signed" ? "returned in the response" : "no signature returned",
    complete: name === "callback attempt" ? "delivered" : "kept in its record",
    "dead-letter": `dead letter: ${reason}`,
  }[decision] ?? call;
}

/** Displays the newest steps as marks. */
export const marks = (node, steps) => node.replaceChildren(...steps.map((step) => element("i", `mark ${tone(step)}`)));

/** Displays the steps of a job as a table. Its last column has bars, which say the same as the others. */
export function draw(table, job) {
  table.tBodies[0].replaceChildren(
    ...job.steps.map((step) => {
      const row = clone("step");
      setTime(row.querySelector("time"), step.at);
      fill(row, {
        ".note": `+${duration(Math.max(0, step.at - job.steps[0].at))}`,
        th: capital(step.name) + (step.name.endsWith("attempt") ? ` ${step.attempt}` : ""),
        ".result": result(step),
        ".next": next(step),
      });
      row.lastElementChild.className = `bars ${tone(step)}`;
      return row;
    }),
  );
  scale(table, job);
}

/**
 * Places the bars on one axis for all rows, which ends now if the job goes on: a bar for what took time, and a thin
 * line for the wait until the next step, or, after the last one, until it is due.
 */
export function scale(table, job) {
  const { steps, due } = job;
  const start = steps[0].at;
  const last = job.over || job.reason ? steps.at(-1).to : Math.max(now(), due ?? 0);
  const span = Math.max(1, last - start, ...steps.map((step) => step.to - start));
  setText(table.querySelector(".span"), `0 to ${duration(span)}`);
  [...table.tBodies[0].rows].forEach((row, i) => {
    const ends = { from: steps[i].from, to: steps[i].to, until: steps[i + 1]?.from ?? last };
    for (const [name, at] of Object.entries(ends)) {
      row.lastElementChild.style.setProperty(`--${name}`, Math.min(1, Math.max(0, (at - start) / span)));
    }
  });
}
