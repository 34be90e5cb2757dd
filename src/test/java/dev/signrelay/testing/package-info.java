/** Fixtures that the tests of several packages share. */
@NullMarked
package dev.signrelay.testing;

import org.jspecify.annotations.NullMarked;
