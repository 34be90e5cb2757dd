/**
 * The whole system on one machine: the real handlers, a real SQS server, and stand-ins for what AWS
 * and the outside world do around them. {@link dev.signrelay.local.LocalMain} runs it for people,
 * the end-to-end tests run it for proof.
 */
@NullMarked
package dev.signrelay.local;

import org.jspecify.annotations.NullMarked;
