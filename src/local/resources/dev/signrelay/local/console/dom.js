/** Creates an element. Text is always set as textContent, never as HTML. */
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  if (className) {
    made.className = className;
  }
  made.textContent = text;
  return made;
}

export const NO_ANSWER = "SignRelay does not respond. Restart the local run.";

export const byId = (id) => document.getElementById(id);

/** Formats a duration in milliseconds: "85 ms", "1.52 s", "1 min 5 s". */
export function duration(millis) {
  if (millis < 1_000) {
    return `${Math.round(millis)} ms`;
  }
  if (millis < 60_000) {
    return `${(millis / 1_000).toFixed(millis < 10_000 ? 2 : 1)} s`;
  }
  const seconds = Math.round(millis / 1_000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}

/** Formats a duration in seconds, without fractions: "48 s", "1 min 5 s". */
export const seconds = (count) => duration(Math.ceil(count) * 1_000).replace(/\.0+/, "");

/** The header with the client key of the form, if one is entered. */
export function keyHeader() {
  const key = byId("client-key").value;
  return key ? { "x-api-key": key } : {};
}

/**
 * POSTs a change to the console's server. Returns its answer, if it has one. Throws an error with a message
 * for the user if it fails.
 */
export async function change(path, body) {
  let response;
  try {
    response = await fetch(`/console/${path}`, { method: "POST", body: body && JSON.stringify(body) });
  } catch {
    throw new Error(NO_ANSWER);
  }
  const text = await response.text();
  const answer = text ? JSON.parse(text) : {};
  if (!response.ok) {
    throw new Error(answer.error ?? answer.message);
  }
  return answer;
}

/** Tells users of screen readers what has changed on the page. */
export function announce(text) {
  byId("announcement").textContent = text;
}
