/** The signing call, and what its answer means. */
@NullMarked
package dev.signrelay.upstream;

import org.jspecify.annotations.NullMarked;
