#!/usr/bin/env python3
"""Requests signatures, one for each line of the standard input, and receives SignRelay's callbacks.

Verifies callbacks, refuses those that were not requested here, and processes each one once. Requires Python 3.9 with SQLite 3.24, and no packages. See README.md in this directory.
"""

import base64
import hmac
import json
import logging
import os
import re
import sqlite3
import sys
import time
import threading
import traceback
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlencode
from urllib.request import urlopen

# The local run uses this secret by default. Everybody knows it.
DEMO_SECRET = "whsec_PublicDemoSecretOfTheLocalRunOfSignRelayDoNotUse"

TOLERANCE_SECONDS = 300
TIMEOUT_SECONDS = 10
LEAST_KEY_BYTES = 24

# A signature is at most 16 KiB of text, and JSON needs up to six bytes for one of its bytes.
MAX_BODY_BYTES = 128 * 1024

TABLES = """
    CREATE TABLE IF NOT EXISTS requested (id TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS processed (id TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS results (job TEXT PRIMARY KEY, signature TEXT);
"""


def key_of(secret):
    """Decodes a secret. Exits if it is invalid, because an empty key would accept forged callbacks."""
    try:
        prefix, encoded = secret[:6], secret[6:]
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if prefix != "whsec_" or len(key) < LEAST_KEY_BYTES:
        sys.exit("Set SIGNRELAY_SECRET to a secret of CALLBACK_SIGNING_SECRET: whsec_ followed by base64")
    return key


def is_genuine(key, headers, body):
    """Verifies the timestamp and the signature. One valid signature of several is sufficient."""
    sent_id, sent_at, signatures = (headers.get(f"webhook-{h}", "") for h in ("id", "timestamp", "signature"))
    if not re.fullmatch("[0-9]{1,12}", sent_at) or abs(time.time() - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    text = f"{sent_id}.{sent_at}.".encode() + body
    expected = b"v1," + base64.b64encode(hmac.digest(key, text, "sha256"))
    return any(hmac.compare_digest(expected, given) for given in signatures.encode().split(b" "))


def request(database, api, message, url):
    """Has a message signed, and keeps the id of the request.

    Any client can name any callback URL, and relay the genuine callback that it gets to this receiver:
    its signature is valid. So only callbacks for ids of this program's own requests are accepted.
    """
    query = urlencode({"message": message, "callback_url": url})
    with urlopen(f"{api}?{query}", timeout=TIMEOUT_SECONDS) as response:
        job, status, body = response.headers["X-Request-Id"], response.headers["X-Sign-Status"], response.read()
    with closing(sqlite3.connect(database)) as db, db:
        if status == "signed":
            process(db, job, body)
        elif status == "queued":
            db.execute("INSERT INTO requested VALUES (?)", [job])
    logging.info("%s: %s", job, status)


def process(db, sent_id, body):
    """Stores the signature, or the failure of the job. Add your own processing here, using the same db."""
    result = json.loads(body)
    job = sent_id.removesuffix("-failed")
    if result["success"]:
        insert = "INSERT INTO results VALUES (?, ?) ON CONFLICT (job) DO UPDATE SET signature = excluded.signature"
        db.execute(insert, [job, result["data"]])
        return "signed"
    # A failed job that was redriven may already have its signature.
    db.execute("INSERT INTO results VALUES (?, NULL) ON CONFLICT DO NOTHING", [job])
    return "failed"


def receive(database, key, headers, body):
    """Returns the status of the response."""
    if not is_genuine(key, headers, body):
        logging.info("refused: no valid signature")
        return 401
    sent_id = headers["webhook-id"]
    # One transaction: after a crash, either both the id and the result are stored, or neither is.
    with closing(sqlite3.connect(database)) as db, db:
        job = sent_id.removesuffix("-failed")
        if not db.execute("SELECT 1 FROM requested WHERE id = ?", [job]).fetchone():
            logging.info("%s: not requested", sent_id)
            return 404  # sent again later, because the response with the id can be slower
        insert = "INSERT INTO processed VALUES (?) ON CONFLICT DO NOTHING"
        is_new = db.execute(insert, [sent_id]).rowcount == 1
        outcome = process(db, sent_id, body) if is_new else "duplicate"
    logging.info("%s: %s", sent_id, outcome)
    return 204


def handler(database, key):
    class Receiver(BaseHTTPRequestHandler):
        timeout = TIMEOUT_SECONDS  # ends connections of clients that stop sending

        def do_POST(self):
            length = self.headers.get("Content-Length", "")
            is_given = re.fullmatch("[0-9]{1,9}", length)
            body = self.rfile.read(min(int(length), MAX_BODY_BYTES + 1)) if is_given else b""
            if not is_given:
                status = 411
            elif len(body) > MAX_BODY_BYTES:
                status = 413
            else:
                status = self.received(body)
            self.send_response(status)
            self.end_headers()

        def received(self, body):
            try:
                return receive(database, key, self.headers, body)
            except Exception:  # SignRelay sends the callback again
                traceback.print_exc()
                return 500

        def log_message(self, *_):
            pass  # receive() logs its own line

    return Receiver


def main(port="3300", database="received.db", api="http://localhost:3000/crypto/sign"):
    # Unlike print, writes the lines of concurrent requests whole.
    logging.basicConfig(level=logging.INFO, format="%(message)s", stream=sys.stdout)
    key = key_of(os.environ.get("SIGNRELAY_SECRET", DEMO_SECRET))
    if "SIGNRELAY_SECRET" not in os.environ:
        print("SIGNRELAY_SECRET is not set: using the demo secret of the local run only", file=sys.stderr)
    with closing(sqlite3.connect(database)) as db:
        db.executescript(TABLES)
    try:
        server = ThreadingHTTPServer(("127.0.0.1", int(port)), handler(database, key))
    except OSError as e:
        sys.exit(f"Port {port}: {e.strerror}")
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    url = f"http://localhost:{server.server_port}/"
    logging.info("Listening on %s", url)
    for line in sys.stdin:
        try:
            request(database, api, line.rstrip("\n"), url)
        except OSError as e:
            print(f"No answer: {e}", file=sys.stderr)
    serving.join()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
