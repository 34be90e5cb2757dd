import { duration, seconds } from "./dom.js";
import { expectedCall, pausedUntil, place } from "./store.js";
import { clock } from "./time.js";

/** What a job waits for and until when, or since when it is as it is, or how long it took. */
export function status(job, now) {
  const at = place(job.id);
  if (at > 0) {
    return [`place ${at}`, call(expectedCall(at), now)].filter(Boolean).join(", ");
  }
  if (job.due !== null) {
    return job.due > now ? `next attempt in ${seconds((job.due - now) / 1_000)}` : "attempt due";
  }
  if (job.formerRun) {
    return "former run";
  }
  return job.over && job.state !== "lost" ? `after ${duration(job.end - job.start)}` : `since ${clock(job.end)}`;
}

function call(expected, now) {
  if (pausedUntil()) {
    return `paused until ${clock(pausedUntil())}`;
  }
  return expected === undefined ? "" : expected > now ? `call in ${seconds((expected - now) / 1_000)}` : "call due";
}

/** What followed a step. */
export const next = (step) => (step.due > step.at ? `next attempt after ${duration(step.due - step.at)}` : step.next);
