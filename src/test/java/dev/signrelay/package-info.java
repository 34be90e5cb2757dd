/** The tests and, in {@code local/}, the local run. Nothing of it travels to Lambda. */
@NullMarked
package dev.signrelay;

import org.jspecify.annotations.NullMarked;
