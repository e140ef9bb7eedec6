package dev.shunt.agent;

import dev.shunt.datapath.events.RingBufferReader;
import dev.shunt.datapath.layout.EventRecord;
import dev.shunt.datapath.maps.EndpointPoliciesMap;
import dev.shunt.datapath.programs.SockmapMaps;
import dev.shunt.observe.EventType;
import dev.shunt.observe.NodeEventView;
import dev.shunt.observe.Subscription;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the event ring on a thread of its own and hands events to whoever subscribed. The programs
 * write only event types that somebody wants. Subscribing is thread-safe; closed by the node.
 */
final class EventHub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
  private static final Duration WAIT = Duration.ofMillis(250);

  private final SockmapMaps maps;
  private final RowTranslation translation;
  private final List<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Thread thread;
  private volatile boolean running = true;
  private long lostSeen;

  EventHub(SockmapMaps maps, RowTranslation translation) {
    this.maps = maps;
    this.translation = translation;
    lostSeen = maps.totals().sum().eventsLost();
    thread = new Thread(this::run, "shunt-events");
    thread.setDaemon(true);
  }

  /** Begins to read; last of a start, because a start that fails unmaps the ring. */
  void start() {
    thread.start();
  }

  private record Listener(Set<EventType> types, Consumer<NodeEventView> consumer) {}

  Subscription subscribe(Set<EventType> types, Consumer<NodeEventView> consumer) {
    Listener listener =
        new Listener(
            types.isEmpty() ? EnumSet.allOf(EventType.class) : Set.copyOf(types), consumer);
    listeners.add(listener);
    publishWanted();
    return () -> {
      listeners.remove(listener);
      publishWanted();
    };
  }

  private synchronized void publishWanted() {
    int wanted = 0;
    for (Listener listener : listeners) {
      for (EventType type : listener.types()) {
        wanted |= 1 << type.number();
      }
    }
    maps.config().set("events", wanted);
  }

  private void run() {
    try (RingBufferReader reader = new RingBufferReader(maps.events(), this::onRecord)) {
      while (running) {
        reader.poll(WAIT);
      }
    }
  }

  /** Hands a record of the ring on, unless it is of the self-test's own connections. */
  void onRecord(ByteBuffer record) {
    EventRecord fields = new EventRecord(record);
    if (listeners.isEmpty() || fields.u32("endpoint") == EndpointPoliciesMap.SELF_TEST) {
      return;
    }
    long lost = maps.totals().sum().eventsLost();
    try {
      NodeEventView event = translation.event(fields, lost - lostSeen);
      lostSeen = lost;
      publish(event);
    } catch (RuntimeException failed) {
      LOG.warn("deliver event failed: {}; the next one is read", failed.toString());
    }
  }

  /** Hands on an event that the controller itself tells. Any thread. */
  void publish(NodeEventView event) {
    for (Listener listener : listeners) {
      if (listener.types().contains(event.type())) {
        try {
          listener.consumer().accept(event);
        } catch (RuntimeException failed) {
          LOG.warn("deliver event failed: {}; the next one is read", failed.toString());
        }
      }
    }
  }

  @Override
  public void close() {
    maps.config().set("events", 0);
    running = false;
    try {
      thread.join(2 * WAIT.toMillis());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
