/**
 * The values that every stage shares: a job, a grant, and the outcomes of a call and of a delivery.
 * This package depends on no other package of SignRelay.
 */
@NullMarked
package dev.signrelay.job;

import org.jspecify.annotations.NullMarked;
