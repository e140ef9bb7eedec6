package dev.shunt.agent;

import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.ConnectionRow;
import dev.shunt.datapath.programs.SockmapDatapath;
import dev.shunt.observe.EndpointStats;
import dev.shunt.observe.EndpointStatus;
import dev.shunt.observe.SpeedCheck;
import dev.shunt.observe.SpeedCheck.Lane;
import dev.shunt.observe.SpeedCheck.Outcome;
import dev.shunt.observe.SpeedCheck.Speed;
import dev.shunt.observe.SpeedSchedule;
import dev.shunt.observe.StatsSnapshot;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares one busy endpoint after the other with itself on TCP, by what the kernel counts of its
 * sockets anyway: nothing is added to the way of a message. Loop thread.
 */
final class SpeedWatch {
  /** Of a comparison; connections change between the two ways within one. */
  static final Duration WINDOW = Duration.ofSeconds(2);

  private static final Logger LOG = LoggerFactory.getLogger(SpeedWatch.class);

  private final NodeParts parts;
  private final SockmapDatapath datapath;
  private final SpeedSchedule schedule;
  private final Clock clock;
  private @Nullable Running running;

  SpeedWatch(NodeParts parts, SockmapDatapath datapath, Duration interval, Clock clock) {
    this.parts = parts;
    this.datapath = datapath;
    this.schedule = new SpeedSchedule(interval);
    this.clock = clock;
  }

  /** A comparison that goes on. */
  private record Running(int id, String endpoint, SpeedCheck check, Sample last) {}

  /** What one socket sent so far. */
  private record Sent(long bytes, long redirected) {
    static final Sent NOTHING = new Sent(0, 0);
  }

  /** What the sockets of an endpoint sent until a moment. */
  private record Sample(Instant time, long paired, Map<Long, Sent> sockets) {
    /** Sockets that have closed since tell nothing, new ones all that they sent. */
    Speed since(Sample before) {
      long bytes = 0;
      long redirected = 0;
      for (Map.Entry<Long, Sent> socket : sockets.entrySet()) {
        Sent old = before.sockets.getOrDefault(socket.getKey(), Sent.NOTHING);
        bytes += socket.getValue().bytes() - old.bytes();
        redirected += socket.getValue().redirected() - old.redirected();
      }
      return new Speed(
          Duration.between(before.time, time), bytes, redirected, paired - before.paired);
    }
  }

  /**
   * An endpoint that is slower than on TCP.
   *
   * @param endpoint its name
   * @param detail one sentence with the figures
   */
  record Loss(String endpoint, String detail) {}

  /** Notes who is busy. */
  void endWindow(StatsSnapshot stats, Instant now) {
    schedule.endWindow(stats, now);
  }

  /** Ends a window of the comparison that goes on, or begins one that is due. */
  Optional<Loss> step() {
    Running current = running;
    Instant now = clock.instant();
    if (current == null) {
      schedule.due(now).flatMap(this::endpoint).ifPresent(this::begin);
      return Optional.empty();
    }
    if (endpoint(current.endpoint()).isEmpty()) {
      end(current, now); // another mode was set by hand, or another rule made it stand down
      return Optional.empty();
    }
    Sample sample = sample(current.id(), current.endpoint());
    SpeedCheck check = current.check();
    Lane before = check.lane();
    Speed window = sample.since(current.last());
    Outcome outcome = check.end(window);
    LOG.debug("endpoint {} {}: {}, {}", current.endpoint(), before, window, outcome);
    if (outcome == Outcome.GOES_ON) {
      running = new Running(current.id(), current.endpoint(), check, sample);
      if (check.lane() != before) {
        go(check.lane(), current.endpoint());
      }
      return Optional.empty();
    }
    end(current, now);
    if (outcome == Outcome.NOT_SLOWER) {
      LOG.info("endpoint {}: no slower than on TCP", current.endpoint());
      return Optional.empty();
    }
    schedule.failed(current.endpoint());
    return Optional.of(new Loss(current.endpoint(), check.detail()));
  }

  /** An endpoint while policy alone decides about it. */
  private Optional<EndpointStatus> endpoint(String name) {
    return parts.inputs().comparable().stream()
        .filter(endpoint -> endpoint.name().equals(name))
        .findFirst();
  }

  private void begin(EndpointStatus endpoint) {
    LOG.debug("endpoint {}: comparing it with itself on TCP", endpoint.name());
    running =
        new Running(
            endpoint.id(),
            endpoint.name(),
            new SpeedCheck(),
            sample(endpoint.id(), endpoint.name()));
  }

  private void end(Running current, Instant now) {
    running = null;
    schedule.passed(current.endpoint(), now);
    go(Lane.ACCELERATED, current.endpoint());
  }

  private void go(Lane lane, String endpoint) {
    parts.inputs().compared(lane == Lane.TCP ? Optional.of(endpoint) : Optional.empty());
    parts.loop().reconcileSoon();
  }

  private Sample sample(int id, String name) {
    Map<Long, Sent> sockets = new HashMap<>();
    for (NetworkNamespace namespace : parts.namespaces().all()) {
      datapath.dump(namespace, row -> note(row, id, sockets));
    }
    long paired =
        parts.stats().read().endpoints().stream()
            .filter(endpoint -> endpoint.name().equals(name))
            .map(EndpointStats::totals)
            .mapToLong(totals -> totals.connections().paired())
            .sum();
    return new Sample(clock.instant(), paired, sockets);
  }

  private static void note(ConnectionRow row, int id, Map<Long, Sent> sockets) {
    if (row.u64("nonce") != 0 && row.u32("endpoint") == id) {
      long redirected = row.u64("bytes_redirected");
      sockets.put(row.u64("cookie"), new Sent(row.u64("bytes_acked") + redirected, redirected));
    }
  }
}
