/**
 * What a function does before Lambda takes a snapshot of it: it is {@linkplain
 * dev.signrelay.priming.Priming primed} on sample events, against a {@linkplain
 * dev.signrelay.priming.LoopbackServer server} in the same process.
 *
 * <p>{@code loopback.p12}, a resource of this package, contains the server's certificate for {@code
 * localhost} and its key. They are not secret: only priming trusts them. They were created, valid
 * for a hundred years, with
 *
 * <pre>{@code
 * keytool -genkeypair -keystore loopback.p12 -storepass loopback -alias ca -keyalg RSA \
 *   -keysize 2048 -dname "CN=SignRelay rehearsal" -validity 36500 -ext bc:critical=ca:true
 * keytool -genkeypair -keystore loopback.p12 -storepass loopback -alias localhost -signer ca \
 *   -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 36500 -ext san=dns:localhost
 * }</pre>
 *
 * The key of {@code ca} was then deleted.
 */
@NullMarked
package dev.signrelay.priming;

import org.jspecify.annotations.NullMarked;
