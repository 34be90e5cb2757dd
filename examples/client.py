#!/usr/bin/env python3
"""Has a message signed by SignRelay and waits for the signature, without a receiver.

Requires Python 3.9 and no packages. See README.md in this directory.
"""

import json
import os
import re
import sys
import time
import uuid
from urllib.error import HTTPError, URLError
from urllib.parse import urljoin
from urllib.request import Request, urlopen

# How long the signature is wanted. After that, SignRelay does nothing more for the job.
VALID_FOR_SECONDS = 3600

# A request that gets no answer, or one of TRY_AGAIN, is sent this often at most.
TRIES = 10
TIMEOUT_SECONDS = 10
TRY_AGAIN = {409, 429, 500, 502, 503, 504}


def send(request):
    """Returns the status, the headers and the body of the response to a request that may be repeated."""
    for attempt in range(1, TRIES + 1):
        wait = min(2 ** (attempt - 1), 30)
        try:
            with urlopen(request, timeout=TIMEOUT_SECONDS) as response:
                return response.status, response.headers, response.read()
        except HTTPError as response:
            with response:
                if response.code not in TRY_AGAIN:
                    return response.code, response.headers, response.read()
                reason = f"status {response.code}"
                wait = seconds(response.headers) or wait
        except (URLError, OSError) as e:
            reason = str(e)
        print(f"{reason}: next request in {wait} s", file=sys.stderr)
        time.sleep(wait)
    sys.exit(f"No answer after {TRIES} requests")


def seconds(headers):
    """Reads Retry-After; 0 if there is none."""
    value = headers.get("Retry-After", "")
    return int(value) if re.fullmatch("[0-9]{1,9}", value) else 0


def ask(url, authorization, message):
    headers = {
        **authorization,
        "Content-Type": "application/json",
        "Prefer": "respond-async",
        # The same in each repetition, so that no repetition makes a second job.
        "Idempotency-Key": f'"{uuid.uuid4()}"',
    }
    body = json.dumps({"message": message, "valid_for": VALID_FOR_SECONDS}).encode()
    status, answered, content = send(Request(url, data=body, headers=headers))
    if status == 202:
        return poll(urljoin(url, answered["Location"]), authorization)
    answer = json.loads(content)
    if status != 200:
        sys.exit(f"{status}: {answer.get('error') or answer.get('message')}")
    return answer["data"] or sys.exit(f"No signature: {answered['X-Sign-Status']}")


def poll(url, authorization):
    while True:
        status, answered, content = send(Request(url, headers=authorization))
        if status != 200:
            sys.exit(f"The job is unknown: {status}")
        job = json.loads(content)["data"]
        wait = seconds(answered)
        if not wait:  # the job is over
            return job.get("signature") or sys.exit(f"No signature: {job['status']}, {job.get('reason')}")
        print(f"{job['status']}: next look in {wait} s", file=sys.stderr)
        time.sleep(wait)


def main(message, url="http://localhost:3000/crypto/sign"):
    key = os.environ.get("SIGNRELAY_KEY", "")
    print(ask(url, {"Authorization": f"Bearer {key}"} if key else {}, message))


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit("Usage: client.py MESSAGE [URL]")
    try:
        main(*sys.argv[1:])
    except KeyboardInterrupt:
        pass
