/**
 * One attempt to sign, shared by the three functions: a grant of the rate limiter, then one
 * upstream call. If signatures are reused, the table of jobs is read first.
 */
@NullMarked
package dev.signrelay.attempt;

import org.jspecify.annotations.NullMarked;
