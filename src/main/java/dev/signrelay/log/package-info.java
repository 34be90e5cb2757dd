/**
 * One line per thing that happened, with ids, outcomes and durations, never with a message, a
 * signature, a key or a URL's query.
 */
@NullMarked
package dev.signrelay.log;

import org.jspecify.annotations.NullMarked;
