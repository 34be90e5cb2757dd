/**
 * What a function does before Lambda takes a snapshot of it: it is {@linkplain
 * dev.signrelay.priming.Priming primed} on sample events, against a {@linkplain
 * dev.signrelay.priming.LoopbackServer server} in the same process.
 *
 * <p>{@code loopback.p12}, a resource of this package, contains the server's certificate for {@code
 * localhost}, its key, and the root certificate {@code ca}. They are not secret: only priming
 * trusts them. A handshake verifies RSA and ECDSA (P-256) signatures. They were created, valid for
 * a hundred years, with
 *
 * <pre>{@code
 * new="keytool -genkeypair -keystore loopback.p12 -storepass loopback -validity 36500"
 * $new -alias ca -keyalg RSA -keysize 2048 -sigalg SHA256withRSA \
 *   -dname "CN=SignRelay priming" -ext bc:critical=ca:true
 * $new -alias issuer -signer ca -keyalg EC -groupname secp256r1 -sigalg SHA256withRSA \
 *   -dname "CN=SignRelay priming issuer" -ext bc:critical=ca:true
 * $new -alias localhost -signer issuer -keyalg RSA -keysize 2048 -sigalg SHA256withECDSA \
 *   -dname CN=localhost -ext san=dns:localhost
 * }</pre>
 *
 * The keys of {@code ca} and {@code issuer} were then deleted.
 */
@NullMarked
package dev.signrelay.priming;

import org.jspecify.annotations.NullMarked;
