/**
 * Runs the production handlers in simulated {@linkplain dev.signrelay.simulation.World worlds}.
 * Time is virtual: days pass in milliseconds, and the same seed gives the same run. In drawn worlds
 * every dependency fails; others measure how bursts drain ({@link
 * dev.signrelay.simulation.DrainMain}).
 */
@NullMarked
package dev.signrelay.simulation;

import org.jspecify.annotations.NullMarked;
