/**
 * The retry queue and the dead-letter queue: the versioned message format and its SQS transport.
 */
@NullMarked
package dev.signrelay.queue;

import org.jspecify.annotations.NullMarked;
