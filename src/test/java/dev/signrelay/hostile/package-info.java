/** Input from somebody who means harm, and what must hold of everything that is made of it. */
@NullMarked
package dev.signrelay.hostile;

import org.jspecify.annotations.NullMarked;
