/** Coverage-guided fuzzing: its targets, and the inputs that are kept. */
@NullMarked
package dev.signrelay.fuzz;

import org.jspecify.annotations.NullMarked;
