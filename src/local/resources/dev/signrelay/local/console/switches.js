import { byId, change } from "./dom.js";

const NOTES = {
  upstream: {
    healthy: "Signs every message after 100 ms.",
    flaky: "Half of the messages fail for several seconds. Some calls are slow.",
    down: "Answers every call with 503.",
    slow: "Signs after 3 s, too late for the response.",
    hanging: "Accepts calls and never answers.",
  },
  receiver: {
    ok: "Accepts every callback.",
    500: "Answers 500. SignRelay retries the callback.",
    410: "Answers 410 Gone. The job becomes a dead letter.",
    slow: "Accepts every callback after 3 s.",
  },
};

for (const name of Object.keys(NOTES)) {
  byId(name).addEventListener("change", async (event) => {
    try {
      note(name, event.target.value);
      await change(`${name}/${event.target.value}`);
    } catch (e) {
      set(name, byId(name).dataset.shown);
      byId(`${name}-note`).textContent = e.message;
    }
  });
}

/** Displays the current settings, which another page may have changed. */
export function show(gauges) {
  for (const name of Object.keys(NOTES)) {
    const to = gauges[name];
    byId(name).disabled = to === null;
    if (to === null) {
      byId(`${name}-note`).textContent = "Not available: CRYPTO_CLIENT_BASE_URL selects another upstream.";
    } else if (byId(name).dataset.shown !== to) {
      byId(name).dataset.shown = to;
      set(name, to);
      note(name, to);
    }
  }
}

function set(name, to) {
  byId(name).querySelector(`[value="${to}"]`).checked = true;
}

function note(name, to) {
  byId(`${name}-note`).textContent = NOTES[name][to];
}
