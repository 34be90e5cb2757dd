/** Reading and writing AWS's events and responses, whose types are those of AWS's library. */
@NullMarked
package dev.signrelay.event;

import org.jspecify.annotations.NullMarked;
