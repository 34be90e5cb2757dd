/** How many jobs each client may store in an hour. */
@NullMarked
package dev.signrelay.quota;

import org.jspecify.annotations.NullMarked;
