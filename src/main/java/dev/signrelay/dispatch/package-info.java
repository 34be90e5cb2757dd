/** The workflow of DispatchFunction: receives jobs from the line, and runs a step of each. */
@NullMarked
package dev.signrelay.dispatch;

import org.jspecify.annotations.NullMarked;
