/** Tests that the documentation is correct: its links, tables, bounds and commands. */
@NullMarked
package dev.signrelay.docs;

import org.jspecify.annotations.NullMarked;
