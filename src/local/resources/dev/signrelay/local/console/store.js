/** What the server has sent: all jobs, the requests to the inbox, the line and its calls. */
export const jobs = new Map();
export const deliveries = new Map();

/** The server keeps as many. */
const MAX_DELIVERIES = 1_000;

let places = new Map();
let metrics = { line: { inFlight: 0 }, nextCalls: [] };
let offset = 0;

/** The server's time, which may differ from the browser's. */
export const now = () => Date.now() + offset;

export function setMetrics(read) {
  metrics = read;
  offset = read.at - Date.now();
}

/** A job's place in line; 0: it is not in line. */
export const place = (id) => places.get(id) ?? 0;

/** When the job at a place in line can expect its call. Those that have been received are called now. */
export const expectedCall = (at) => (at > metrics.line.inFlight ? metrics.nextCalls[at - 1 - metrics.line.inFlight] : 0);

/** The end of a pause of all upstream calls; 0: they are not paused. */
export const pausedUntil = () => (metrics.pausedUntil > now() ? metrics.pausedUntil : 0);

export const isDeadLetter = (job) => job.state === "failed" || job.state === "expired";

export function setLine(ids) {
  places = new Map(ids.map((id, i) => [id, i + 1]));
}

export function putJob(job) {
  job.host = hostOf(job.callbackUrl) || job.host;
  job.searched = [job.id, job.message, job.host, job.client].join("\n").toLowerCase();
  jobs.set(job.id, job);
}

/** Removes the jobs that the server no longer has. */
export function keepOnly(ids) {
  const known = new Set(ids);
  [...jobs.keys()].filter((id) => !known.has(id)).forEach((id) => jobs.delete(id));
}

/** Requests arrive in the order of their numbers. The oldest are dropped, as the server does. */
export function putDelivery(delivery) {
  deliveries.set(delivery.number, delivery);
  if (deliveries.size > MAX_DELIVERIES) {
    deliveries.delete(deliveries.keys().next().value);
  }
}

/** The requests to the inbox, the newest first. */
export const newestDeliveries = () => [...deliveries.values()].sort((a, b) => b.number - a.number);

function hostOf(url) {
  try {
    return new URL(url).host;
  } catch {
    return "";
  }
}
