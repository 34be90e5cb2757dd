/**
 * The operators' tool: dead letters, the line, jobs and callback secrets of a deployment or of the
 * local run. {@link dev.signrelay.ops.Ops} has its main method.
 */
@NullMarked
package dev.signrelay.ops;

import org.jspecify.annotations.NullMarked;
