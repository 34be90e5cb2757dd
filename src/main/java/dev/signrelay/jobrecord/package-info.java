/** What clients can read about their jobs: one record for each job, written after each step. */
@NullMarked
package dev.signrelay.jobrecord;

import org.jspecify.annotations.NullMarked;
