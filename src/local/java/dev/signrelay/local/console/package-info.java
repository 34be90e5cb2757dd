/**
 * The web console of the local run: sends messages, displays the progress of all jobs, and
 * simulates failures of the upstream and of the receiver. {@link
 * dev.signrelay.local.console.Console} is its entry point.
 */
@NullMarked
package dev.signrelay.local.console;

import org.jspecify.annotations.NullMarked;
