/**
 * Decides what happens next to a job. Pure: functions of values, the time and a random number.
 * Nothing here knows AWS, HTTP or JSON.
 */
@NullMarked
package dev.signrelay.retry;

import org.jspecify.annotations.NullMarked;
