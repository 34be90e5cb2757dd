/** Input from somebody who means harm, and what must hold of everything that is made of it. */
@NullMarked
package dev.signrelay.testing;

import org.jspecify.annotations.NullMarked;
