/** The signatures that were obtained, and which messages are being signed, over all processes. */
@NullMarked
package dev.signrelay.cache;

import org.jspecify.annotations.NullMarked;
