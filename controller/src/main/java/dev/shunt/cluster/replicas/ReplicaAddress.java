package dev.shunt.cluster.replicas;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A replica as the Lease names its holder: {@code pod@address:port}. Immutable.
 *
 * @param pod name of the replica
 * @param host address of its pod
 * @param port of its gRPC API
 */
public record ReplicaAddress(String pod, String host, int port) {
  private static final Pattern TEXT = Pattern.compile("([^@]+)@(.+):([0-9]{1,5})");

  /** Reads the holder of a Lease; empty when it names no address. */
  public static Optional<ReplicaAddress> parse(String holder) {
    Matcher matcher = TEXT.matcher(holder);
    return matcher.matches()
        ? Optional.of(
            new ReplicaAddress(
                matcher.group(1), matcher.group(2), Integer.parseInt(matcher.group(3))))
        : Optional.empty();
  }

  /** As {@link #parse} reads it. */
  @Override
  public String toString() {
    return pod + "@" + host + ":" + port;
  }
}
