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

/** Displays the current modes, which another page may have changed. */
export function show(metrics) {
  for (const name of Object.keys(NOTES)) {
    const mode = metrics[name];
    byId(name).disabled = mode === null;
    if (mode === null) {
      byId(`${name}-note`).textContent = "Not available: CRYPTO_CLIENT_BASE_URL selects another upstream.";
    } else if (byId(name).dataset.shown !== mode) {
      byId(name).dataset.shown = mode;
      set(name, mode);
      note(name, mode);
    }
  }
}

function set(name, mode) {
  byId(name).querySelector(`[value="${mode}"]`).checked = true;
}

function note(name, mode) {
  byId(`${name}-note`).textContent = NOTES[name][mode];
}
