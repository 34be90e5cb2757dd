import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The keys of callbacks, without a build:
 *
 * <pre>
 * java deploy/CallbackKeys.java secret receiver.example.com   reads CALLBACK_SIGNING_SECRET from standard
 *                                                             input, prints the receiver's secrets
 * java deploy/CallbackKeys.java new                           prints a new private key and its public key
 * </pre>
 */
final class CallbackKeys {

  private static final int KEY_BYTES = 32;

  private static final String USAGE =
      """
      java deploy/CallbackKeys.java secret HOST[:PORT]   < CALLBACK_SIGNING_SECRET
      java deploy/CallbackKeys.java new""";

  private CallbackKeys() {}

  public static void main(String[] args) throws Exception {
    if (args.length == 2 && args[0].equals("secret")) {
      var input = new String(System.in.readAllBytes(), StandardCharsets.UTF_8);
      for (String master : input.strip().split("\\s+")) {
        System.out.println(secret(master, args[1]));
      }
    } else if (args.length == 1 && args[0].equals("new")) {
      KeyPair pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
      byte[] seed = last32(pair.getPrivate().getEncoded());
      byte[] publicKey = last32(pair.getPublic().getEncoded());
      System.out.println("private, for Secrets Manager: whsk_" + base64(both(seed, publicKey)));
      System.out.println("public, for CallbackPublicKey: whpk_" + base64(publicKey));
    } else {
      System.err.println(USAGE);
      System.exit(2);
    }
  }

  /** HMAC-SHA-256 of the host, in lower case and with the port if it is not 443. */
  private static String secret(String master, String receiver) throws GeneralSecurityException {
    if (!master.startsWith("whsec_")) {
      System.err.println("Standard input must be CALLBACK_SIGNING_SECRET: whsec_ and base64");
      System.exit(1);
    }
    String host = receiver.toLowerCase(Locale.ROOT).replaceFirst(":443$", "");
    var mac = Mac.getInstance("HmacSHA256");
    mac.init(
        new SecretKeySpec(
            Base64.getDecoder().decode(master.substring("whsec_".length())), "HmacSHA256"));
    return "whsec_" + base64(mac.doFinal(host.getBytes(StandardCharsets.UTF_8)));
  }

  /** The encodings of both keys end with the key itself (RFC 8410, 4 and 7). */
  private static byte[] last32(byte[] encoded) {
    return Arrays.copyOfRange(encoded, encoded.length - KEY_BYTES, encoded.length);
  }

  private static byte[] both(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, 2 * KEY_BYTES);
    System.arraycopy(second, 0, both, KEY_BYTES, KEY_BYTES);
    return both;
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }
}
