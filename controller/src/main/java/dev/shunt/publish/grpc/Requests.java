package dev.shunt.publish.grpc;

import dev.shunt.observe.AddressText;
import dev.shunt.observe.ConnectionFilter;
import dev.shunt.observe.ConnectionQuery;
import dev.shunt.observe.EventType;
import dev.shunt.observe.Mode;
import dev.shunt.observe.Placement;
import dev.shunt.observe.Reason;
import dev.shunt.observe.Step;
import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.WatchEventsRequest;
import dev.shunt.v1.WatchStatsRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What callers send, checked. Stateless. Every method throws INVALID_ARGUMENT with the field, its
 * value and its bound.
 */
final class Requests {
  private static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(1);
  private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
  private static final Duration INTERVAL_MAX = Duration.ofHours(1);
  private static final int PORT_MAX = 65535;

  private Requests() {}

  static Duration interval(WatchStatsRequest request) {
    if (!request.hasInterval()) {
      return INTERVAL_DEFAULT;
    }
    long seconds = request.getInterval().getSeconds();
    Duration interval =
        Duration.ofSeconds(
            Math.max(-1, Math.min(seconds, INTERVAL_MAX.toSeconds() + 1)),
            request.getInterval().getNanos());
    if (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
      throw invalid("interval", interval.toNanos() / 1e9 + " s", "100ms..1h");
    }
    return interval;
  }

  static ConnectionFilter filter(ListConnectionsRequest request) {
    if (request.getPort() < 0 || request.getPort() > PORT_MAX) {
      throw invalid("port", Integer.toUnsignedString(request.getPort()), "0..65535");
    }
    if (request.getLimit() < 0) {
      throw invalid("limit", Integer.toUnsignedString(request.getLimit()), "0..2147483647");
    }
    return new ConnectionFilter(
        request.getPort(),
        address(request.getAddress()),
        new Placement(request.getNamespace(), request.getEndpoint(), ""),
        steps(request.getStepsValueList()),
        reasons(request.getReasonsValueList()),
        request.getLimit());
  }

  static ConnectionQuery query(String text) {
    try {
      return ConnectionQuery.parse(text);
    } catch (IllegalArgumentException e) {
      throw invalid("connection: " + e.getMessage());
    }
  }

  static Mode mode(int number) {
    for (Mode mode : Mode.values()) {
      if (Enums.toProto(mode).getNumber() == number) {
        return mode;
      }
    }
    throw invalid("mode", Integer.toString(number), "1..4: off, observe, accelerate, policy");
  }

  static Set<EventType> eventTypes(WatchEventsRequest request) {
    EnumSet<EventType> types = EnumSet.noneOf(EventType.class);
    for (int number : request.getTypesValueList()) {
      dev.shunt.v1.EventType type = dev.shunt.v1.EventType.forNumber(number);
      if (type == null || type == dev.shunt.v1.EventType.EVENT_TYPE_UNSPECIFIED) {
        throw invalid("types", Integer.toString(number), "1.." + EventType.values().length);
      }
      types.add(EventType.of(number - 1)); // The proto keeps 0 for unspecified.
    }
    return types;
  }

  private static Optional<InetAddress> address(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(AddressText.parse(text));
    } catch (IllegalArgumentException e) {
      throw invalid("address: " + e.getMessage());
    }
  }

  private static Set<Step> steps(List<Integer> numbers) {
    EnumSet<Step> steps = EnumSet.noneOf(Step.class);
    for (int number : numbers) {
      try {
        steps.add(Step.of(number));
      } catch (IllegalArgumentException e) {
        throw invalid("steps: " + e.getMessage());
      }
    }
    return steps;
  }

  private static Set<Reason> reasons(List<Integer> numbers) {
    EnumSet<Reason> reasons = EnumSet.noneOf(Reason.class);
    for (int number : numbers) {
      try {
        reasons.add(Reason.of(number));
      } catch (IllegalArgumentException e) {
        throw invalid("reasons: " + e.getMessage());
      }
    }
    return reasons;
  }

  private static StatusRuntimeException invalid(String field, String value, String bound) {
    return invalid(field + ": " + value + " (expected: " + bound + ")");
  }

  private static StatusRuntimeException invalid(String message) {
    return Status.INVALID_ARGUMENT.withDescription(message).asRuntimeException();
  }
}
