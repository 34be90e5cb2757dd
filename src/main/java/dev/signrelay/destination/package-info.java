/**
 * Where callbacks may be sent: hosts, ports and addresses. Pure: values in, a decision out. Nothing
 * here resolves a name or opens a connection.
 */
@NullMarked
package dev.signrelay.destination;

import org.jspecify.annotations.NullMarked;
