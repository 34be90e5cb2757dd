/**
 * What a function does before Lambda takes a snapshot of it: it is {@linkplain
 * dev.signrelay.priming.Priming primed} on sample events, against a {@linkplain
 * dev.signrelay.priming.LoopbackServer server} in the same process.
 *
 * <p>{@code loopback.p12}, a resource of this package, contains the server's certificate for {@code
 * localhost}, its key, and the certificates of its issuers. They are not secret: only priming
 * trusts them. A handshake verifies a signature of each kind that AWS and most servers use. They
 * were created, valid for a hundred years, with {@code keytool -genkeypair -keystore loopback.p12
 * -storepass loopback -validity 36500} and
 *
 * <pre>{@code
 * -alias ca -keyalg RSA -keysize 2048 -sigalg SHA256withRSA \
 *   -dname "CN=SignRelay priming" -ext bc:critical=ca:true
 * -alias issuer -signer ca -keyalg EC -groupname secp256r1 -sigalg SHA256withRSA \
 *   -dname "CN=SignRelay priming issuer" -ext bc:critical=ca:true
 * -alias localhost -signer issuer -keyalg RSA -keysize 2048 -sigalg SHA256withECDSA \
 *   -dname CN=localhost -ext san=dns:localhost
 * }</pre>
 *
 * The keys of {@code ca} and {@code issuer} were then deleted.
 */
@NullMarked
package dev.signrelay.priming;

import org.jspecify.annotations.NullMarked;
