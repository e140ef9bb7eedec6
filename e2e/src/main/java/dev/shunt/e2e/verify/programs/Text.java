package dev.shunt.e2e.verify.programs;

import dev.shunt.e2e.scene.SceneException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Files read whole. Any thread; no state. */
final class Text {
  private Text() {}

  static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  /** The SHA-256 of a file in lower-case digits, or "absent". */
  static String sha256(Path file) {
    if (!Files.exists(file)) {
      return "absent";
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
      return HexFormat.of().formatHex(digest);
    } catch (IOException | NoSuchAlgorithmException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }
}
