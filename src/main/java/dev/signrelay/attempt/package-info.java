/**
 * One attempt to sign, shared by the three functions: a grant of the rate limiter, then one
 * upstream call. If signatures are reused, it first looks for one in the table of jobs.
 */
@NullMarked
package dev.signrelay.attempt;

import org.jspecify.annotations.NullMarked;
