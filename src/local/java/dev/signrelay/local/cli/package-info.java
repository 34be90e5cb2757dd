/** The command line of the local run. {@code LocalMain} is its main class. */
@NullMarked
package dev.signrelay.local.cli;

import org.jspecify.annotations.NullMarked;
