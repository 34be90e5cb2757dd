// Has a message signed by SignRelay and waits for the signature, without a receiver.
// Requires Node.js 20.10 and no packages. See README.md in this directory.

import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

// How long the signature is wanted. After that, SignRelay does nothing more for the job.
const VALID_FOR_SECONDS = 3600;

// A request that gets no answer, or one of TRY_AGAIN, is sent this often at most.
const TRIES = 10;
const TIMEOUT_MILLIS = 10_000;
const TRY_AGAIN = new Set([409, 429, 500, 502, 503, 504]);

const [message, url = "http://localhost:3000/crypto/sign"] = process.argv.slice(2);
const key = process.env.SIGNRELAY_KEY;
const authorization = key ? { Authorization: `Bearer ${key}` } : {};

/** Returns the response to a request that may be repeated, with its body as text. */
async function send(target, options) {
  for (let attempt = 1; attempt <= TRIES; attempt++) {
    let wait = Math.min(2 ** (attempt - 1), 30);
    let reason;
    try {
      const response = await fetch(target, { ...options, signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
      const text = await response.text();
      if (!TRY_AGAIN.has(response.status)) {
        return { status: response.status, headers: response.headers, text };
      }
      reason = `status ${response.status}`;
      wait = seconds(response.headers) || wait;
    } catch (e) {
      reason = e.cause?.message ?? e.message;
    }
    console.error(`${reason}: next request in ${wait} s`);
    await sleep(wait * 1000);
  }
  throw new Error(`No answer after ${TRIES} requests`);
}

/** Reads Retry-After; 0 if there is none. */
function seconds(headers) {
  const value = headers.get("Retry-After") ?? "";
  return /^[0-9]{1,9}$/.test(value) ? Number(value) : 0;
}

async function ask() {
  const { status, headers, text } = await send(url, {
    method: "POST",
    headers: {
      ...authorization,
      "Content-Type": "application/json",
      Prefer: "respond-async",
      // The same in each repetition, so that no repetition makes a second job.
      "Idempotency-Key": `"${randomUUID()}"`,
    },
    body: JSON.stringify({ message, valid_for: VALID_FOR_SECONDS }),
  });
  if (status === 202) {
    return poll(new URL(headers.get("Location"), url));
  }
  const answer = JSON.parse(text);
  if (status !== 200) {
    throw new Error(`${status}: ${answer.error ?? answer.message}`);
  }
  return answer.data ?? fail(headers.get("X-Sign-Status"));
}

async function poll(location) {
  for (;;) {
    const { status, headers, text } = await send(location, { headers: authorization });
    if (status !== 200) {
      throw new Error(`The job is unknown: ${status}`);
    }
    const job = JSON.parse(text).data;
    const wait = seconds(headers);
    if (!wait) {
      // The job is over.
      return job.signature ?? fail(`${job.status}, ${job.reason}`);
    }
    console.error(`${job.status}: next look in ${wait} s`);
    await sleep(wait * 1000);
  }
}

function fail(reason) {
  throw new Error(`No signature: ${reason}`);
}

try {
  if (message === undefined) {
    throw new Error("Usage: client.mjs MESSAGE [URL]");
  }
  console.log(await ask());
} catch (e) {
  console.error(e.message);
  process.exitCode = 1;
}
