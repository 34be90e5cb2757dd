/** The workflow of RetryFunction: a batch of jobs, one step of each job, and the step's result. */
@NullMarked
package dev.signrelay.retry;

import org.jspecify.annotations.NullMarked;
