import { byId } from "./dom.js";
import * as delivery from "./delivery.js";
import { deliveries, newestDeliveries } from "./store.js";
import { setText, tick as tickTimes } from "./time.js";

const MAX_ROWS = 200;

const list = byId("delivery-list");
const rows = new Map();

/** Displays the newest requests. A request never changes, but its job may become known later. */
export function draw() {
  const shown = newestDeliveries().slice(0, MAX_ROWS);
  const wanted = new Set(shown);
  for (const [each, row] of rows) {
    if (!wanted.has(each)) {
      row.item.remove();
      rows.delete(each);
    }
  }
  for (const each of shown.toReversed()) {
    if (!rows.has(each)) {
      const row = delivery.row(each);
      rows.set(each, row);
      list.prepend(row.item);
    }
  }
  rows.forEach(delivery.nameJob);
  const all = deliveries.size;
  setText(byId("inbox-count"), shown.length < all ? `${shown.length} of ${all} requests` : `${all} ${all === 1 ? "request" : "requests"}`);
  byId("no-deliveries").hidden = all > 0;
}

export const tick = (now) => tickTimes(list, now);
