import { clock } from "./text.js";

export const NO_ANSWER = "SignRelay does not respond. Restart the local run.";

export const byId = (id) => document.getElementById(id);

/** Creates an element. Text is always set as textContent, never as HTML. */
export function element(name, className = "", text = "") {
  const made = document.createElement(name);
  made.className = className;
  made.textContent = text;
  return made;
}

/** The content of a template. */
export const clone = (id) => byId(id).content.firstElementChild.cloneNode(true);

/** Changes a text only if it differs, so that nothing is selected or announced anew. */
export function setText(node, value) {
  const text = String(value ?? "");
  if (node.textContent !== text) {
    node.textContent = text;
  }
}

/** Sets the texts of elements below a node, by their selectors. */
export const fill = (node, texts) =>
  Object.entries(texts).forEach(([selector, text]) => setText(node.querySelector(selector), text));

/** Displays a point in time. */
export function setTime(node, millis) {
  setText(node, clock(millis));
  node.dateTime = node.title = new Date(millis).toISOString();
}

/** Displays the entries of a description list that have a value. */
export const describe = (list, entries) =>
  list.replaceChildren(
    ...entries
      .filter(([, value]) => (value ?? "") !== "")
      .flatMap(([name, value]) => [element("dt", "", name), element("dd", "", value)]),
  );

/** A link to the page of a job; without an id, a text. */
export function linkJob(link, id, text = id?.slice(0, 8)) {
  setText(link, text);
  link.toggleAttribute("href", Boolean(id));
  if (id) {
    link.href = `#job/${encodeURIComponent(id)}`;
    link.ariaLabel = `${text}: page of the job`;
  }
}

/** The header with the client key of the form, if one is entered. */
export const keyHeader = () => (byId("client-key").value ? { "x-api-key": byId("client-key").value } : {});

/** Reads JSON. A failure to do so is an object with an error. */
export async function read(path, options) {
  try {
    const text = await (await fetch(path, options)).text();
    return text ? JSON.parse(text) : {};
  } catch {
    return { error: NO_ANSWER };
  }
}

/** Sends a change to the console's server. Returns its answer; null after an error, which is displayed in a node. */
export async function change(path, body, error) {
  const answer = await read(`/console/${path}`, { method: "POST", body: body && JSON.stringify(body) });
  setText(error, answer.error ?? answer.message);
  return error.textContent ? null : answer;
}

/** Tells users of screen readers what has changed on the page. */
export const announce = (text) => setText(byId("announcement"), text);
