/** Reads events and writes responses as JSON. Their types are those of AWS's library. */
@NullMarked
package dev.signrelay.event;

import org.jspecify.annotations.NullMarked;
