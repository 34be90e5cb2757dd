/**
 * A page to watch the local run with: what is sent, what happens to each job, and switches for what
 * is around SignRelay. {@link dev.signrelay.local.console.Console} puts it before the API.
 */
@NullMarked
package dev.signrelay.local.console;

import org.jspecify.annotations.NullMarked;
