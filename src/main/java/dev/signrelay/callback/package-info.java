/**
 * The delivery of a signature to its receiver, and what the receiver's answer means. Where
 * callbacks may go at all is decided here too, and is pure.
 */
@NullMarked
package dev.signrelay.callback;

import org.jspecify.annotations.NullMarked;
