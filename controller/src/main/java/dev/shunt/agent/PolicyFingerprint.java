package dev.shunt.agent;

import dev.shunt.desired.NamedPolicy;
import dev.shunt.observe.PolicyFileStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/**
 * What tells one set of policies from another, for versions of Shunt that do not know each other:
 * the bytes of the policy files, but for policies that change nothing for connections that stand,
 * and the mode that was set by hand. Stateless.
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
        .filter(file -> file.path().startsWith("/"))
        .sorted(Comparator.comparing(PolicyFileStatus::path))
        .forEach(file -> digest.update(content(file, inputs.policiesOf(file.path()))));
    return HexFormat.of().formatHex(digest.digest()).substring(0, DIGITS);
  }

  /** Of a refused file the last good policies are in force, and not what is in it now. */
  private static byte[] content(PolicyFileStatus status, List<NamedPolicy> inForce) {
    if (!inForce.isEmpty() && inForce.stream().noneMatch(NamedPolicy::changesConnections)) {
      return new byte[0];
    }
    Path file = Path.of(status.path());
    try {
      byte[] name = String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8);
      byte[] all = Files.readAllBytes(file);
      byte[] bytes = status.error().isEmpty() ? PolicyFileText.ofConnections(all, inForce) : all;
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
