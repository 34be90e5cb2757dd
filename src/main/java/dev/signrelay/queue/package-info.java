/** The retry queue and the dead-letter queue: the message format and its transport over SQS. */
@NullMarked
package dev.signrelay.queue;

import org.jspecify.annotations.NullMarked;
