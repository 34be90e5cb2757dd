/** The configuration, and the services that the workflows use. */
@NullMarked
package dev.signrelay.app;

import org.jspecify.annotations.NullMarked;
