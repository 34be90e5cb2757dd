/** Blocking calls that end in time. */
@NullMarked
package dev.signrelay.deadline;

import org.jspecify.annotations.NullMarked;
