/**
 * A server in the process itself, for {@linkplain dev.signrelay.loopback.LoopbackServer rehearsals}
 * of what otherwise leaves it.
 *
 * <p>{@code loopback.p12}, a resource of this package, is its certificate for {@code localhost} and
 * the key, which protect nothing: only rehearsals trust it. It was made, for a hundred years, with
 *
 * <pre>{@code
 * keytool -genkeypair -keystore loopback.p12 -storepass loopback -alias ca -keyalg RSA \
 *   -keysize 2048 -dname "CN=SignRelay rehearsal" -validity 36500 -ext bc:critical=ca:true
 * keytool -genkeypair -keystore loopback.p12 -storepass loopback -alias localhost -signer ca \
 *   -keyalg EC -groupname secp256r1 -dname CN=localhost -validity 36500 -ext san=dns:localhost
 * }</pre>
 *
 * and then holds the certificate alone of {@code ca}.
 */
@NullMarked
package dev.signrelay.loopback;

import org.jspecify.annotations.NullMarked;
