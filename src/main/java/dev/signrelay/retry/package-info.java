/**
 * What happens next to a job. Pure: decisions are functions of values, the time and a random
 * number; nothing here knows AWS, HTTP or JSON.
 */
@NullMarked
package dev.signrelay.retry;

import org.jspecify.annotations.NullMarked;
