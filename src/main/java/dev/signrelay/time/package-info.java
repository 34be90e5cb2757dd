/** The clock, and every wait that is measured by it. */
@NullMarked
package dev.signrelay.time;

import org.jspecify.annotations.NullMarked;
