package dev.shunt.agent;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.layout.ConnectDenial;
import dev.shunt.datapath.layout.ConnectRows;
import dev.shunt.datapath.layout.ConnectTotals;
import dev.shunt.datapath.maps.ConnectMaps;
import dev.shunt.desired.connect.ConnectRules;
import dev.shunt.observe.DenialView;
import dev.shunt.observe.FilterStatus;
import dev.shunt.observe.Subscription;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the ring of denials on a thread of its own while the programs are attached, and hands
 * denials to who wants them. Subscribing is thread-safe; start and stop on the loop thread.
 */
final class DenialHub {
  private static final Logger LOG = LoggerFactory.getLogger(DenialHub.class);
  private static final Duration WAIT = Duration.ofMillis(250);

  /** {@code enum connect_call}. */
  private static final List<String> CALLS = List.of("connect", "send", "fast_open");

  private static final int UDP = 17;

  private final CgroupTree tree;
  private final LongFunction<String> namespaceName;
  private final List<Consumer<DenialView>> listeners = new CopyOnWriteArrayList<>();
  private volatile Map<Long, String> rules = Map.of();
  private volatile @Nullable ConnectMaps maps;
  private @Nullable Thread thread;
  private long lostSeen;

  DenialHub(CgroupTree tree, LongFunction<String> namespaceName) {
    this.tree = tree;
    this.namespaceName = namespaceName;
  }

  /** Begins to read; the maps stay open until {@link #stop}. */
  void start(ConnectMaps opened) {
    maps = opened;
    lostSeen = lost(opened);
    publishWanted();
    Thread reader = new Thread(() -> run(opened), "shunt-denials");
    reader.setDaemon(true);
    thread = reader;
    reader.start();
  }

  /** Ends reading. */
  void stop() {
    Thread reader = thread;
    thread = null;
    forgetMaps();
    if (reader != null) {
      try {
        reader.join();
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /* Under the lock: a subscription that ends now must not write to memory that is unmapped next. */
  private synchronized void forgetMaps() {
    ConnectMaps opened = maps;
    maps = null;
    if (opened != null) {
      opened.set("watched", 0);
    }
  }

  /** Names of the rules in force. */
  void rules(ConnectRules inForce) {
    Map<Long, String> names = new HashMap<>();
    inForce.rules().forEach(rule -> names.put(ConnectMaps.ruleId(rule), rule.id()));
    rules = Map.copyOf(names);
  }

  Subscription subscribe(Consumer<DenialView> listener) {
    listeners.add(listener);
    publishWanted();
    return () -> {
      listeners.remove(listener);
      publishWanted();
    };
  }

  private synchronized void publishWanted() {
    ConnectMaps opened = maps;
    if (opened != null) {
      opened.set("watched", listeners.isEmpty() ? 0 : 1);
    }
  }

  private void run(ConnectMaps opened) {
    try (RingBufferReader reader = new RingBufferReader(opened.denials(), this::onRecord)) {
      while (maps == opened) {
        reader.poll(WAIT);
      }
    }
  }

  /** Whether anybody listens. */
  boolean isWatched() {
    return !listeners.isEmpty();
  }

  /** Hands on a denial. Any thread. */
  void publish(DenialView denial) {
    listeners.forEach(listener -> listener.accept(denial));
  }

  private void onRecord(ByteBuffer record) {
    ConnectMaps opened = maps;
    if (listeners.isEmpty() || opened == null) {
      return;
    }
    long lost = lost(opened);
    try {
      DenialView view = view(ConnectDenial.read(record), lost - lostSeen);
      lostSeen = lost;
      publish(view);
    } catch (RuntimeException failed) {
      LOG.warn("deliver denial failed: {}; the next one is read", failed.toString());
    }
  }

  private static long lost(ConnectMaps opened) {
    ConnectTotals totals = opened.totals();
    return totals.eventsLost() + totals.eventsSampled();
  }

  private DenialView view(ConnectDenial denial, long lost) {
    ConnectDenial.Facts facts = denial.facts();
    long age = Math.max(0, System.nanoTime() - denial.timeNanos());
    String cgroup =
        tree.path(denial.workload().cgroupId())
            .map(path -> "/" + tree.root().relativize(path))
            .orElse("");
    return new DenialView(
        Instant.now().minusNanos(age),
        rules.getOrDefault(denial.ruleId(), ""),
        facts.verdict() == ConnectRows.MONITOR
            ? FilterStatus.Mode.MONITOR
            : FilterStatus.Mode.ENFORCE,
        new DenialView.Attempt(
            FilterViews.CONNECT,
            facts.protocol() == UDP ? "udp" : "tcp",
            Optional.empty(),
            new InetSocketAddress(denial.remote(), facts.port()),
            CALLS.get(facts.call())),
        new DenialView.Caller(
            facts.pid(),
            facts.command(),
            executable(facts.pid()),
            cgroup,
            namespaceName.apply(denial.netnsCookie())),
        lost);
  }

  private static String executable(int pid) {
    try {
      return Files.readSymbolicLink(Path.of("/proc", Integer.toString(pid), "exe")).toString();
    } catch (IOException ended) {
      return "";
    }
  }
}
