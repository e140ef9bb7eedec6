package dev.shunt.desired.snapshot;

import java.util.Map;

/** Writes the text that is digested. Every text is preceded by its length: no two are alike. */
final class DigestText {
  private final StringBuilder written = new StringBuilder();

  DigestText text(String value) {
    written.append(';').append(value.length()).append(':').append(value);
    return this;
  }

  DigestText count(int count) {
    written.append(count);
    return this;
  }

  /** A text of a known length. */
  DigestText digest(String value) {
    written.append(value);
    return this;
  }

  DigestText labels(Map<String, String> labels) {
    count(labels.size());
    labels.forEach((key, value) -> text(key).text(value));
    return this;
  }

  @Override
  public String toString() {
    return written.toString();
  }
}
