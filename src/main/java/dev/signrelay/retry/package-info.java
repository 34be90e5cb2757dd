/**
 * The workflow of RetryFunction, a batch of jobs, and the step of one job, which DispatchFunction
 * runs as well.
 */
@NullMarked
package dev.signrelay.retry;

import org.jspecify.annotations.NullMarked;
