/** Delivers signatures and failure notices to receivers, and signs these callbacks. */
@NullMarked
package dev.signrelay.callback;

import org.jspecify.annotations.NullMarked;
