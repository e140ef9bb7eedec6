package dev.shunt.e2e.demo;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The demo's result as the one document that {@code -o json} and {@code -o yaml} print. Pure.
 *
 * <p>{@code plain} and {@code accelerated} hold medians over the rounds; {@code ratio_*} are
 * medians of the rounds' own ratios, accelerated over plain. {@code bytes_redirected}, {@code
 * bytes_passed} and {@code reasons} are the node's totals, warm-up included; {@code
 * bytes_on_devices} is what the accelerated chain's network devices received in that time, headers
 * included, and {@code share_redirected} takes all of it for payload that went by TCP: the least
 * share possible. {@code device_bytes_per_request} is the kernel's own count of what still crossed
 * the pods' network devices; {@code machine_cpu_us_per_request} is from /proc/stat and includes
 * whatever else the machine did.
 */
final class DemoDocument {
  private DemoDocument() {}

  static Map<String, Object> of(DemoReport report) {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("plain", side(report::plain));
    document.put("accelerated", side(report::accelerated));
    document.put("ratio_requests", ratio(report.ratio(DemoRound::ratioRequests)));
    document.put("ratio_p50", ratio(report.ratio(DemoRound::ratioP50)));
    document.put("ratio_p99", ratio(report.ratio(DemoRound::ratioP99)));
    document.put("ratio_cpu", ratio(report.ratio(DemoRound::ratioCpu)));
    NodeStats stats = report.stats();
    document.put("bytes_redirected", stats.bytesRedirected());
    document.put("bytes_passed", stats.bytesPassed());
    document.put("share_redirected", ratio(report.shareRedirected()));
    document.put("bytes_on_devices", report.deviceBytes());
    document.put("messages_redirected", stats.messagesRedirected());
    document.put("spills", stats.spills());
    document.put("reasons", reasons(stats));
    document.put("rounds", report.rounds().stream().map(DemoDocument::round).toList());
    document.put("options", options(report.options()));
    return document;
  }

  /** Applies a measure to one side of the report. */
  private interface Side {
    double median(ToDoubleFunction<RunSample> measure);
  }

  private static Map<String, Object> side(Side side) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests_per_second", tenths(side.median(RunSample::requestsPerSecond)));
    fields.put("p50_us", tenths(side.median(RunSample::p50Micros)));
    fields.put("p99_us", tenths(side.median(RunSample::p99Micros)));
    fields.put("cpu_us_per_request", tenths(side.median(RunSample::cpuMicrosPerRequest)));
    fields.put(
        "machine_cpu_us_per_request", tenths(side.median(RunSample::machineBusyMicrosPerRequest)));
    fields.put("device_bytes_per_request", tenths(side.median(RunSample::deviceBytesPerRequest)));
    return fields;
  }

  private static Map<String, Object> reasons(NodeStats stats) {
    Map<String, Object> reasons = new LinkedHashMap<>();
    stats.reasons().forEach((name, count) -> reasons.put(name, reason(count)));
    return reasons;
  }

  private static Map<String, Object> reason(ReasonCount count) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("connections", count.connections());
    fields.put("messages", count.messages());
    return fields;
  }

  private static Map<String, Object> round(DemoRound round) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("plain", sample(round.plain()));
    fields.put("accelerated", sample(round.accelerated()));
    fields.put("ratio_requests", ratio(round.ratioRequests()));
    fields.put("ratio_p50", ratio(round.ratioP50()));
    fields.put("ratio_p99", ratio(round.ratioP99()));
    fields.put("ratio_cpu", ratio(round.ratioCpu()));
    return fields;
  }

  private static Map<String, Object> sample(RunSample sample) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("requests", sample.requests());
    fields.putAll(side(measure -> measure.applyAsDouble(sample)));
    return fields;
  }

  private static Map<String, Object> options(DemoOptions options) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("rounds", options.rounds());
    fields.put("seconds", options.seconds());
    fields.put("connections", options.connections());
    fields.put("body_bytes", options.bodyBytes());
    return fields;
  }

  private static double tenths(double value) {
    return Math.round(value * 10) / 10.0;
  }

  private static double ratio(double value) {
    return Math.round(value * 10_000) / 10_000.0;
  }
}
