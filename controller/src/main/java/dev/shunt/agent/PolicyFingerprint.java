package dev.shunt.agent;

import dev.shunt.observe.PolicyFileStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * What tells one set of policies from another, for versions of Shunt that do not know each other:
 * the bytes of the policy files and the mode that was set by hand. Stateless.
 */
final class PolicyFingerprint {
  private static final int DIGITS = 12;

  private PolicyFingerprint() {}

  /** Reads the files; one that cannot be read makes it differ from every other. */
  static String of(PolicyInputs inputs) {
    MessageDigest digest = sha256();
    digest.update(inputs.override().text().getBytes(StandardCharsets.UTF_8));
    inputs
        .pods()
        .ifPresent(pods -> digest.update(pods.policyText().getBytes(StandardCharsets.UTF_8)));
    inputs.files().stream()
        .map(PolicyFileStatus::path)
        .filter(path -> path.startsWith("/"))
        .sorted()
        .forEach(file -> digest.update(content(file)));
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  private static byte[] content(String file) {
    try {
      byte[] name = String.valueOf(Path.of(file).getFileName()).getBytes(StandardCharsets.UTF_8);
      byte[] bytes = Files.readAllBytes(Path.of(file));
      byte[] whole = new byte[name.length + 1 + bytes.length];
      System.arraycopy(name, 0, whole, 0, name.length);
      System.arraycopy(bytes, 0, whole, name.length + 1, bytes.length);
      return whole;
    } catch (IOException gone) {
      return Long.toString(System.nanoTime()).getBytes(StandardCharsets.UTF_8);
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException(impossible); // every JDK has it
    }
  }
}
