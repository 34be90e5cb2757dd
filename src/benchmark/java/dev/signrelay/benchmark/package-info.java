/**
 * Measures starts, warm requests, throughput and the first minute of a developer: {@code mvn
 * -Pbenchmark test-compile exec:exec@benchmark}. The build does not run it. {@code
 * docs/performance.md} describes the method and has the results.
 *
 * <pre>
 * BenchmarkMain          options; runs the measurements one after the other; writes the results
 * *Benchmark FirstMinute one group of measurements each
 * Functions              the measured functions, started as Lambda starts them
 * Backends               upstream, callback receiver, SQS and DynamoDB
 * Figure Results         measured values with their baselines and targets; Markdown and JSON
 * </pre>
 */
@NullMarked
package dev.signrelay.benchmark;

import org.jspecify.annotations.NullMarked;
