#!/usr/bin/env python3
"""Receives SignRelay's callbacks: takes only genuine ones, and works on each of them once.

Needs Python 3.9 and SQLite 3.24, which most Pythons bring along. See README.md here.
"""

import base64
import hmac
import json
import os
import re
import sqlite3
import sys
import time
import traceback
from contextlib import closing
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

TOLERANCE_SECONDS = 300
LEAST_KEY_BYTES = 24

# A signature is at most 16 KiB of text, and JSON may take six bytes to write one.
MAX_BODY_BYTES = 128 * 1024

TABLES = """
    CREATE TABLE IF NOT EXISTS processed (id TEXT PRIMARY KEY);
    CREATE TABLE IF NOT EXISTS results (job TEXT PRIMARY KEY, signature TEXT);
"""


def key_of(secret):
    """The bytes that a secret stands for. Exits if it is none: an empty key would let forgers in."""
    try:
        prefix, encoded = secret[:6], secret[6:]
        key = base64.b64decode(encoded, validate=True)
    except ValueError:
        key = b""
    if prefix != "whsec_" or len(key) < LEAST_KEY_BYTES:
        sys.exit("Set SIGNRELAY_SECRET to whsec_ and base64: one of SignRelay's CALLBACK_SIGNING_SECRET")
    return key


def is_genuine(key, headers, body):
    """Whether SignRelay sent this, and not long ago. One right signature of several is enough."""
    sent_id, sent_at, signatures = (headers.get(f"webhook-{h}", "") for h in ("id", "timestamp", "signature"))
    if not re.fullmatch("[0-9]{1,12}", sent_at) or abs(time.time() - int(sent_at)) > TOLERANCE_SECONDS:
        return False
    text = f"{sent_id}.{sent_at}.".encode() + body
    right = b"v1," + base64.b64encode(hmac.digest(key, text, "sha256"))
    return any(hmac.compare_digest(right, given) for given in signatures.encode().split(b" "))


def process(db, sent_id, body):
    """The work: keeps the signature, or that there will be none. Yours goes here, with the same db."""
    result = json.loads(body)
    job = sent_id.removesuffix("-failed")
    if result["success"]:
        insert = "INSERT INTO results VALUES (?, ?) ON CONFLICT (job) DO UPDATE SET signature = excluded.signature"
        db.execute(insert, [job, result["data"]])
        return "signed"
    # A job that was given up and then redriven may have its signature already.
    db.execute("INSERT INTO results VALUES (?, NULL) ON CONFLICT DO NOTHING", [job])
    return "given up"


def receive(database, key, headers, body):
    """Returns the status to answer."""
    if not is_genuine(key, headers, body):
        print("refused", flush=True)
        return 401
    sent_id = headers["webhook-id"]
    # One transaction: after a crash both the id and the work are there, or neither.
    with closing(sqlite3.connect(database)) as db, db:
        insert = "INSERT INTO processed VALUES (?) ON CONFLICT DO NOTHING"
        is_new = db.execute(insert, [sent_id]).rowcount == 1
        done = process(db, sent_id, body) if is_new else "again"
    print(f"{sent_id}: {done}", flush=True)
    return 204


def handler(database, key):
    class Receiver(BaseHTTPRequestHandler):
        timeout = 10  # seconds for a client that does not go on

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
            except Exception:  # whatever it is, the callback comes again
                traceback.print_exc()
                return 500

        def log_message(self, *_):
            pass  # receive() has told it

    return Receiver


def main(port="3300", database="received.db"):
    key = key_of(os.environ.get("SIGNRELAY_SECRET", ""))
    with closing(sqlite3.connect(database)) as db:
        db.executescript(TABLES)
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), handler(database, key))
    print(f"receives at http://localhost:{server.server_port}/", flush=True)
    server.serve_forever()


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
