import { announce, element } from "./dom.js";
import { setText } from "./time.js";

const CONFIRMATION_MILLIS = 2_000;

/** A text with a button that copies it. what: the name of the text. */
export function copyable(what) {
  const node = element("div", "copyable");
  const text = element("pre");
  text.tabIndex = 0;
  text.setAttribute("role", "region");
  text.setAttribute("aria-label", what);
  const button = element("button", "", "Copy");
  button.type = "button";
  button.setAttribute("aria-label", `Copy: ${what}`);
  button.addEventListener("click", async () => {
    const copied = await copy(text);
    announce(copied ? `${what} copied` : "Press Ctrl-C to copy the selected text.");
    setText(button, copied ? "Copied" : "Ctrl-C");
    setTimeout(() => setText(button, "Copy"), CONFIRMATION_MILLIS);
  });
  node.append(text, button);
  return { node, set: (value) => setText(text, value) };
}

/** Browsers refuse it on a page that was not opened from this machine; the text is selected then. */
async function copy(text) {
  try {
    await navigator.clipboard.writeText(text.textContent);
    return true;
  } catch {
    getSelection().selectAllChildren(text);
    return false;
  }
}
