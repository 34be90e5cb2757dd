/**
 * One line per thing that happened, with ids, outcomes and durations, never with a message, a
 * signature, a key or a URL's query. What is measured is in the same lines.
 */
@NullMarked
package dev.signrelay.log;

import org.jspecify.annotations.NullMarked;
