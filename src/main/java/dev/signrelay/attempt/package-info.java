/**
 * One attempt to sign, shared by SignFunction and RetryFunction: a grant of the rate limiter, then
 * one upstream call. If signatures are reused, the cache of signatures comes first.
 */
@NullMarked
package dev.signrelay.attempt;

import org.jspecify.annotations.NullMarked;
