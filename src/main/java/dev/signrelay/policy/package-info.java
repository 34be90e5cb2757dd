/**
 * Decides what happens next to a job. Pure: functions of values, the time and a random number.
 * Depends on neither AWS, HTTP nor JSON.
 */
@NullMarked
package dev.signrelay.policy;

import org.jspecify.annotations.NullMarked;
