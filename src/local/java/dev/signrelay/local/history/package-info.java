/**
 * What happened to the jobs of the local run, and the states that follow from it. {@link
 * dev.signrelay.local.history.Histories} takes events in any order and has the changes.
 */
@NullMarked
package dev.signrelay.local.history;

import org.jspecify.annotations.NullMarked;
