package dev.shunt.publish.grpc;

import dev.shunt.observe.trace.TraceModule;
import dev.shunt.observe.trace.TraceQuery;
import dev.shunt.v1.WatchTraceRequest;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;

/** What callers ask of traces, checked. Stateless. */
final class TraceRequests {
  private static final int PORT_MAX = 65535;
  private static final Duration DURATION_MAX = Duration.ofHours(24);
  private static final Duration INTERVAL_DEFAULT = Duration.ofSeconds(2);
  private static final Duration INTERVAL_MIN = Duration.ofMillis(100);
  private static final Duration INTERVAL_MAX = Duration.ofHours(1);

  private TraceRequests() {}

  /**
   * The query.
   *
   * @throws StatusRuntimeException INVALID_ARGUMENT with the field, its value and its bound
   */
  static TraceQuery query(WatchTraceRequest request) {
    if (request.getPort() < 0 || request.getPort() > PORT_MAX) {
      throw invalid("port", Integer.toUnsignedString(request.getPort()), "0..65535");
    }
    if (request.getPid() < 0) {
      throw invalid("pid", Integer.toUnsignedString(request.getPid()), "0..2147483647");
    }
    if (request.getPauses() && request.getModule() != dev.shunt.v1.TraceModule.TRACE_MODULE_HTTP) {
      throw invalid("pauses", "true", "with the module HTTP only");
    }
    return new TraceQuery(
        module(request),
        new TraceQuery.Filter(
            request.getPort(), request.getPid(), request.getNamespace(), request.getCgroup()),
        request.hasDuration() ? duration(request.getDuration()) : Duration.ZERO,
        request.hasInterval() ? interval(request.getInterval()) : INTERVAL_DEFAULT,
        new TraceQuery.Requests(
            request.getRawPath() ? TraceQuery.Paths.RAW : TraceQuery.Paths.TEMPLATE,
            request.getPauses() ? TraceQuery.Pauses.TOLD : TraceQuery.Pauses.LEFT_OUT));
  }

  private static TraceModule module(WatchTraceRequest request) {
    return switch (request.getModule()) {
      case TRACE_MODULE_CONNECT -> TraceModule.CONNECT;
      case TRACE_MODULE_STATES -> TraceModule.STATES;
      case TRACE_MODULE_RTT -> TraceModule.RTT;
      case TRACE_MODULE_FASTOPEN -> TraceModule.FASTOPEN;
      case TRACE_MODULE_PROFILE -> TraceModule.PROFILE;
      case TRACE_MODULE_HTTP -> request.getTls() ? TraceModule.HTTP_TLS : TraceModule.HTTP;
      case TRACE_MODULE_JVM -> TraceModule.JVM;
      case TRACE_MODULE_TLS -> TraceModule.TLS;
      case TRACE_MODULE_UNSPECIFIED, UNRECOGNIZED ->
          throw invalid("module", Integer.toString(request.getModuleValue()), "1.." + modules());
    };
  }

  /** The highest number: there are also one for none, and one for what is not known. */
  private static int modules() {
    return dev.shunt.v1.TraceModule.values().length - 2;
  }

  private static Duration duration(com.google.protobuf.Duration message) {
    Duration duration = Times.bounded(message, DURATION_MAX);
    if (duration.isZero() || duration.isNegative() || duration.compareTo(DURATION_MAX) > 0) {
      throw invalid("duration", duration.toMillis() / 1e3 + " s", "more than 0, up to 24 h");
    }
    return duration;
  }

  private static Duration interval(com.google.protobuf.Duration message) {
    Duration interval = Times.bounded(message, INTERVAL_MAX);
    if (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0) {
      throw invalid("interval", interval.toMillis() / 1e3 + " s", "0.1 s..1 h");
    }
    return interval;
  }

  private static StatusRuntimeException invalid(String field, String value, String bound) {
    return Status.INVALID_ARGUMENT
        .withDescription(field + ": " + value + " (expected: " + bound + ")")
        .asRuntimeException();
  }
}
