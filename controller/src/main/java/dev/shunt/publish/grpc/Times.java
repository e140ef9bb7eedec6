package dev.shunt.publish.grpc;

import com.google.protobuf.Duration;
import com.google.protobuf.Timestamp;
import java.time.Instant;

/** java.time as protobuf. Stateless. */
final class Times {
  private Times() {}

  static Timestamp toProto(Instant instant) {
    return Timestamp.newBuilder()
        .setSeconds(instant.getEpochSecond())
        .setNanos(instant.getNano())
        .build();
  }

  static Duration toProto(java.time.Duration duration) {
    return Duration.newBuilder()
        .setSeconds(duration.getSeconds())
        .setNanos(duration.getNano())
        .build();
  }

  /**
   * Protobuf as java.time; what is far beyond a limit is just beyond it, so that nothing overflows.
   */
  static java.time.Duration bounded(Duration message, java.time.Duration limit) {
    return java.time.Duration.ofSeconds(
        Math.max(-1, Math.min(message.getSeconds(), limit.toSeconds() + 1)), message.getNanos());
  }
}
