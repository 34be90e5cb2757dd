import { byId } from "./dom.js";

/** A narrow page has one column and begins with the jobs. The order is also that of the tab key. */
const narrow = matchMedia("(max-width: 52rem)");

export function followWidth() {
  narrow.addEventListener("change", place);
  place();
}

function place() {
  const main = byId("main");
  const wide = byId("wide");
  if (narrow.matches) {
    wide.append(byId("metrics"));
    main.append(byId("side"));
  } else {
    wide.prepend(byId("metrics"));
    main.prepend(byId("side"));
  }
}
