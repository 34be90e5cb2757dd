/** What the server has sent: all jobs, the requests to the inbox, and the line. */
export const jobs = new Map();
export const deliveries = new Map();

/** The server keeps as many. */
const MAX_DELIVERIES = 1_000;

let places = new Map();
let offset = 0;

/** The server's time, which may differ from the browser's. */
export const now = () => Date.now() + offset;

export function setTime(at) {
  offset = at - Date.now();
}

/** A job's place in line; 0: it is not in line. */
export const place = (id) => places.get(id) ?? 0;

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
