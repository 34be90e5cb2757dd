/**
 * Log events and metrics: one JSON line per event, with ids, outcomes, durations and measurements,
 * and never with a message, a signature, a key or the path or query of a URL.
 */
@NullMarked
package dev.signrelay.telemetry;

import org.jspecify.annotations.NullMarked;
