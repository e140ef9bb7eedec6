package dev.shunt.desired.snapshot;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256, shortened: 128 bits tell contents apart that nobody forges. Stateless. */
final class Digests {
  private static final int BYTES = 16;

  private Digests() {}

  /** Of the parts, one after the other. */
  static String of(String head, byte[]... tail) {
    MessageDigest digest = sha256();
    digest.update(head.getBytes(StandardCharsets.UTF_8));
    for (byte[] part : tail) {
      digest.update(part);
    }
    return HexFormat.of().formatHex(digest.digest(), 0, BYTES);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
