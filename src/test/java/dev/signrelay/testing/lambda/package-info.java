/**
 * Runs functions as Lambda does: in a process with AWS's runtime interface client, with a server of
 * the runtime API that sends events, simulates the restore from a snapshot and receives responses.
 * Used by {@code LambdaRuntimeIT} and by the benchmark.
 */
@NullMarked
package dev.signrelay.testing.lambda;

import org.jspecify.annotations.NullMarked;
