// Receives SignRelay's callbacks: takes only genuine ones, and works on each of them once.
// Needs Node 20.10 and no package. See README.md here.

import { createHmac, randomUUID, timingSafeEqual } from "node:crypto";
import { linkSync, mkdirSync, unlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";

const TOLERANCE_SECONDS = 300;
const LEAST_KEY_BYTES = 24;

// A signature is at most 16 KiB of text, and JSON may take six bytes to write one.
const MAX_BODY_BYTES = 128 * 1024;

const [port = "3300", folder = "received"] = process.argv.slice(2);
const key = keyOf(process.env.SIGNRELAY_SECRET ?? "");

/** The bytes that a secret stands for. Exits if it is none: an empty key would let forgers in. */
function keyOf(secret) {
  const encoded = secret.slice(6);
  const bytes = Buffer.from(encoded, "base64");
  const isSecret = secret.startsWith("whsec_") && bytes.toString("base64") === encoded;
  if (!isSecret || bytes.length < LEAST_KEY_BYTES) {
    console.error(
      "Set SIGNRELAY_SECRET to whsec_ and base64: one of SignRelay's CALLBACK_SIGNING_SECRET");
    process.exit(1);
  }
  return bytes;
}

/** Whether SignRelay sent this, and not long ago. One right signature of several is enough. */
function isGenuine(headers, body) {
  const [id, timestamp, signatures] =
    ["id", "timestamp", "signature"].map((name) => headers[`webhook-${name}`] ?? "");
  const now = Date.now() / 1000;
  if (!/^[0-9]{1,12}$/.test(timestamp) || Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) {
    return false;
  }
  const mac = createHmac("sha256", key).update(`${id}.${timestamp}.`).update(body);
  const right = Buffer.from(`v1,${mac.digest("base64")}`);
  return signatures
    .split(" ")
    .map((given) => Buffer.from(given))
    .some((given) => given.length === right.length && timingSafeEqual(given, right));
}

/**
 * The work, and the mark that it is done, in one step: a result is written whole under another
 * name and then gets its own, which only one can have. With a database, yours is one transaction.
 *
 * @returns whether it is new
 */
function keep(id, body) {
  const draft = join(folder, `${randomUUID()}.draft`);
  writeFileSync(draft, body, { flush: true });
  try {
    linkSync(draft, join(folder, `${id}.json`));
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

/** Returns the status to answer. */
function receive(headers, body) {
  if (!isGenuine(headers, body)) {
    console.log("refused");
    return 401;
  }
  const id = headers["webhook-id"];
  const result = JSON.parse(body);
  if (!/^[\w-]{1,64}$/.test(id)) {
    throw new Error("not an id of SignRelay's, and no name for a file");
  }
  const done = result.success ? "signed" : "given up";
  console.log(`${id}: ${keep(id, body) ? done : "again"}`);
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
    response.writeHead(500).end(); // whatever it is, the callback comes again
  }));
server.listen(Number(port), "127.0.0.1", () =>
  console.log(`receives at http://localhost:${server.address().port}/`));
