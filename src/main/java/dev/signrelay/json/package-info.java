/** Writing and reading JSON, and the one body that answers and callbacks share. */
@NullMarked
package dev.signrelay.json;

import org.jspecify.annotations.NullMarked;
