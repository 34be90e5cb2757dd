// Requests signatures, one for each line of the standard input, and receives SignRelay's callbacks:
// verifies them, refuses those that were not requested here, and processes each one once.
// Requires Node.js 20.10 and no packages. See README.md in this directory.

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { existsSync, linkSync, mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";

// The local run uses this secret by default. Everybody knows it.
const DEMO_SECRET = "whsec_PublicDemoSecretOfTheLocalRunOfSignRelayDoNotUse";

const TOLERANCE_SECONDS = 300;
const TIMEOUT_MILLIS = 10_000;
const LEAST_KEY_BYTES = 24;

// A signature is at most 16 KiB of text, and JSON needs up to six bytes for one of its bytes.
const MAX_BODY_BYTES = 128 * 1024;

const [port = "3300", folder = "received", api = "http://localhost:3000/crypto/sign"] = process.argv.slice(2);
const key = keyOf(process.env.SIGNRELAY_SECRET ?? DEMO_SECRET);
if (process.env.SIGNRELAY_SECRET === undefined) {
  console.error("SIGNRELAY_SECRET is not set: using the demo secret of the local run only");
}

/** Decodes a secret. Exits if it is invalid, because an empty key would accept forged callbacks. */
function keyOf(secret) {
  const encoded = secret.slice(6);
  const bytes = Buffer.from(encoded, "base64");
  const isSecret = secret.startsWith("whsec_") && bytes.toString("base64") === encoded;
  if (!isSecret || bytes.length < LEAST_KEY_BYTES) {
    console.error(
      "Set SIGNRELAY_SECRET to a secret of CALLBACK_SIGNING_SECRET: whsec_ followed by base64");
    process.exit(1);
  }
  return bytes;
}

/** Verifies the timestamp and the signature. One valid signature of several is sufficient. */
function isGenuine(headers, body) {
  const [id, timestamp, signatures] =
    ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`] ?? "");
  const now = Date.now() / 1000;
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) {
    return false;
  }
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
  const expected = Buffer.from(`v1,${mac.digest("base64")}`);
  return signatures
    .split(" ")
    .map((given) => Buffer.from(given))
    .some((given) => given.length === expected.length && timingSafeEqual(given, expected));
}

/** The file of an id. */
function file(id, suffix) {
  if (!/^[\w-]{1,64}$/.test(id)) {
    throw new Error("The id is not valid as a file name");
  }
  return join(folder, id + suffix);
}

/**
 * Has a message signed, and keeps the id of the request. Any client can name any callback URL, and
 * relay the genuine callback that it gets to this receiver: its signature is valid. So only
 * callbacks for ids of this program's own requests are accepted.
 */
async function request(message, url) {
  const query = new URLSearchParams({ message, callback_url: url });
  const response = await fetch(`${api}?${query}`, { signal: AbortSignal.timeout(TIMEOUT_MILLIS) });
  const body = await response.text();
  const id = response.headers.get("X-Request-Id");
  const status = response.headers.get("X-Sign-Status");
  if (status === "signed") {
    store(id, body);
  } else if (status === "queued") {
    writeFileSync(file(id, ".requested"), "");
  }
  console.log(`${id}: ${status}`);
}

/**
 * Stores a result atomically: writes it to a temporary file, then links it to its final name,
 * which succeeds only once. With a database, use one transaction for the id and the work.
 *
 * @returns false if the id has already been processed
 */
function store(id, body) {
  const draft = join(folder, `${randomUUID()}.draft`);
  writeFileSync(draft, body, { flush: true });
  try {
    linkSync(draft, file(id, ".json"));
    return true;
  } catch (e) {
    if (e.code === "EEXIST") {
      return false;
    }
    throw e;
  } finally {
    unlinkSync(draft);
  }
}

/** Returns the status of the response. */
function receive(headers, body) {
  if (!isGenuine(headers, body)) {
    console.log("refused: no valid signature");
    return 401;
  }
  const id = headers["webhook-id"];
  if (!existsSync(file(id.replace(/-failed$/, ""), ".requested"))) {
    console.log(`${id}: not requested`);
    return 404; // sent again later, because the response with the id can be slower
  }
  const result = JSON.parse(body);
  const outcome = result.success ? "signed" : "failed";
  console.log(`${id}: ${store(id, body) ? outcome : "duplicate"}`);
  return 204;
}

async function handle(request, response) {
  if (request.method !== "POST") {
    return response.writeHead(405, { Allow: "POST" }).end();
  }
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length <= MAX_BODY_BYTES) {
      chunks.push(chunk);
    }
  }
  const isTooLong = length > MAX_BODY_BYTES;
  const status = isTooLong ? 413 : receive(request.headers, Buffer.concat(chunks));
  response.writeHead(status).end();
}

mkdirSync(folder, { recursive: true });
const server = createServer((request, response) =>
  handle(request, response).catch((e) => {
    console.error(e);
    response.writeHead(500).end(); // SignRelay sends the callback again
  }));
server.on("error", (e) => {
  console.error(`Port ${port}: ${e.message}`);
  process.exit(1);
});
server.listen(Number(port), "127.0.0.1", () => {
  const url = `http://localhost:${server.address().port}/`;
  console.log(`Listening on ${url}`);
  createInterface({ input: process.stdin }).on("line", (message) =>
    request(message, url).catch((e) => console.error(`No answer: ${e.cause?.message ?? e.message}`)));
});
