package dev.shunt.desired.snapshot;

/**
 * One policy as the object that its author wrote. Immutable.
 *
 * @param key {@code Kind namespace/name}, or {@code Kind name} of a cluster-wide one
 * @param json the object, with apiVersion, kind, metadata and spec
 * @param digest of the text, hexadecimal; made once, as many nodes get the same document
 */
public record PolicyDocument(String key, String json, String digest) {
  /** A document with its digest. */
  public static PolicyDocument of(String key, String json) {
    return new PolicyDocument(key, json, Digests.of(json));
  }
}
