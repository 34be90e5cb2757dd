/** The AWS SDK's clients, and how they are initialized ahead of their first call. */
@NullMarked
package dev.signrelay.aws;

import org.jspecify.annotations.NullMarked;
