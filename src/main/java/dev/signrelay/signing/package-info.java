/**
 * One attempt to sign, shared by both functions: a grant of the rate limiter, then one upstream
 * call.
 */
@NullMarked
package dev.signrelay.signing;

import org.jspecify.annotations.NullMarked;
