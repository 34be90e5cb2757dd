/**
 * The real handlers in a world whose time is reckoned: hours pass in a second, and the same seed
 * brings the same run. {@link dev.signrelay.simulation.World} puts the models of SQS, Lambda, the
 * upstream and the receivers together; {@link dev.signrelay.simulation.DrainMain} measures with it.
 * {@link dev.signrelay.simulation.FaultWorld} is one in which everything fails now and then.
 */
@NullMarked
package dev.signrelay.simulation;

import org.jspecify.annotations.NullMarked;
