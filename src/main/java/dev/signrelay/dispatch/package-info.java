/**
 * The workflow of DispatchFunction: jobs leave the line in order of arrival, with the next grants.
 */
@NullMarked
package dev.signrelay.dispatch;

import org.jspecify.annotations.NullMarked;
