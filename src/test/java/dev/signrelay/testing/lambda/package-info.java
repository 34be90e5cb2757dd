/**
 * What Lambda does around a function: a process with AWS's own runtime interface client, and a
 * server of the runtime API that hands it events, restores it from its snapshot and takes its
 * answers. {@link dev.signrelay.deployment.LambdaRuntimeIT} proves with it that the functions work
 * there, and the benchmark measures them in it.
 */
@NullMarked
package dev.signrelay.testing.lambda;

import org.jspecify.annotations.NullMarked;
