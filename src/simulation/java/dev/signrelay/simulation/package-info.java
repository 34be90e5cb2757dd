/**
 * Runs the production handlers in simulated worlds. Time is virtual: days pass in milliseconds, and
 * the same seed gives the same run. {@link dev.signrelay.simulation.World} has no faults and
 * measures how bursts drain ({@link dev.signrelay.simulation.DrainMain}); in {@link
 * dev.signrelay.simulation.FaultWorld} every dependency fails.
 */
@NullMarked
package dev.signrelay.simulation;

import org.jspecify.annotations.NullMarked;
