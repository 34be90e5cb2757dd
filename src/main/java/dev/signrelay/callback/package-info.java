/** The delivery of a signature to its receiver, and what the receiver's answer means. */
@NullMarked
package dev.signrelay.callback;

import org.jspecify.annotations.NullMarked;
