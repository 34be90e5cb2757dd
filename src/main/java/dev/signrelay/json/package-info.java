/** Reading and writing JSON, and the body format that answers and callbacks share. */
@NullMarked
package dev.signrelay.json;

import org.jspecify.annotations.NullMarked;
