/** The line and the other queues: the format of their messages and the transport over SQS. */
@NullMarked
package dev.signrelay.queue;

import org.jspecify.annotations.NullMarked;
