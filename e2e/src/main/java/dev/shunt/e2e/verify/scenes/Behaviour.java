package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.SceneException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/** A fixed conversation with a scene's application, and what the client observed. Stateless. */
final class Behaviour {
  private static final int SHOWN_DIGITS = 16;

  private Behaviour() {}

  /**
   * Has the conversation once for each address family.
   *
   * @return what was observed, by request, in order
   * @throws SceneException the client could not be run
   */
  static Map<String, String> observe(SceneBed bed) {
    Map<String, String> seen = new LinkedHashMap<>();
    int number = 0;
    for (String entrance : bed.entrances()) {
      String prefix = bed.entrances().size() > 1 ? "to " + (number + 1) + ": " : "";
      Map<String, String> part =
          bed.shape().protocol() == Protocol.REDIS
              ? RedisTalk.observe(bed.of(Role.CLIENT), entrance, number)
              : new HttpTalk(bed.of(Role.CLIENT), bed.shape().protocol(), number).observe(entrance);
      part.forEach((request, outcome) -> seen.put(prefix + request, outcome));
      number++;
    }
    return seen;
  }

  /** Length and checksum of bytes. */
  static String fingerprint(byte[] bytes) {
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
      return bytes.length
          + " bytes, sha256 "
          + HexFormat.of().formatHex(digest).substring(0, SHOWN_DIGITS);
    } catch (NoSuchAlgorithmException e) {
      throw new SceneException("compute checksum failed: " + e, e); // every JDK has it
    }
  }

  /** As the other one, of text. */
  static String fingerprint(String text) {
    return fingerprint(text.getBytes(StandardCharsets.UTF_8));
  }
}
