/** The tests. Shared fixtures are in {@code testing}. */
@NullMarked
package dev.signrelay;

import org.jspecify.annotations.NullMarked;
