/** The workflow of SignFunction: from a request to its answer in less than 2 s. */
@NullMarked
package dev.signrelay.sign;

import org.jspecify.annotations.NullMarked;
