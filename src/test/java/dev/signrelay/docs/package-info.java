/** What the documentation says is true: its links, tables, bounds and commands. */
@NullMarked
package dev.signrelay.docs;

import org.jspecify.annotations.NullMarked;
