/**
 * Reads Lambda's events and writes the responses, as JSON. The types are those of AWS's library;
 * {@link dev.signrelay.event.HttpApiRequest} is a view of one.
 */
@NullMarked
package dev.signrelay.event;

import org.jspecify.annotations.NullMarked;
