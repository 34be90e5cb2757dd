/**
 * One attempt to sign: a grant of the rate limiter, then one call of the upstream. Both functions
 * use it.
 */
@NullMarked
package dev.signrelay.signing;

import org.jspecify.annotations.NullMarked;
