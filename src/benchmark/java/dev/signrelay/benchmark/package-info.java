/**
 * How fast SignRelay is, as ratios to the least that Lambda's own client allows: {@code mvn
 * -Pbenchmark test-compile exec:exec@benchmark}. No part of the build; {@code docs/performance.md}
 * tells how it measures.
 *
 * <pre>
 * BenchmarkMain     runs the measurements one after the other and writes the results
 *   OutsideProcess  upstream, receiver, SQS and DynamoDB, in a process of their own
 *   lambda/         a function's process as Lambda runs it, fed by a runtime API of ours
 *   ColdStarts WarmRequests Allocations Batches JobsPerSecond PackageSize PurePartsRun Bursts
 *                   one measurement each
 *   Figure          what was measured, beside what, and what was promised
 *   TextTable Chart ResultFiles
 *                   the results on the console, as Markdown, as JSON and as a picture
 * </pre>
 */
@NullMarked
package dev.signrelay.benchmark;

import org.jspecify.annotations.NullMarked;
