package dev.shunt.agent;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.programs.Neighbour;
import dev.shunt.datapath.programs.Neighbours;
import dev.shunt.observe.EventType;
import dev.shunt.observe.NeighbourStatus;
import dev.shunt.observe.NodeEventView;
import java.time.Clock;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells who else comes to the hooks of the node and who leaves. It looks on a thread of its own:
 * the search for owners may take a second on a large host. {@link #now} from any thread; closed by
 * the node.
 */
final class NeighbourWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NeighbourWatch.class);
  private static final long PERIOD_SECONDS = 10;

  private final Neighbours neighbours;
  private final CgroupTree tree;
  private final NamespaceWatch namespaces;
  private final EventHub events;
  private final ScheduledExecutorService executor =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "shunt-neighbours");
            thread.setDaemon(true);
            return thread;
          });
  private volatile List<NeighbourStatus> now = List.of();

  NeighbourWatch(
      Neighbours neighbours, CgroupTree tree, NamespaceWatch namespaces, EventHub events) {
    this.neighbours = neighbours;
    this.tree = tree;
    this.namespaces = namespaces;
    this.events = events;
  }

  /** Those of the last look. */
  List<NeighbourStatus> now() {
    return now;
  }

  /** Looks now, and from time to time. */
  void start() {
    var unused =
        executor.scheduleWithFixedDelay(this::guarded, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
  }

  /** A failed look must not end the later ones. */
  private void guarded() {
    try {
      look();
    } catch (RuntimeException failed) {
      LOG.warn("look for neighbours failed: {}; looking again in a moment", failed.getMessage());
    }
  }

  @Override
  public void close() {
    executor.shutdownNow();
  }

  private void look() {
    List<NeighbourStatus> found =
        neighbours.look(tree, namespaces.all()).stream().map(NeighbourWatch::status).toList();
    tell(EventType.NEIGHBOUR, found, now);
    tell(EventType.NEIGHBOUR_GONE, now, found);
    now = found;
  }

  private static NeighbourStatus status(Neighbour neighbour) {
    return new NeighbourStatus(
        neighbour.hook(),
        neighbour.where(),
        neighbour.program(),
        neighbour.id(),
        neighbour.owner());
  }

  private void tell(EventType type, List<NeighbourStatus> these, List<NeighbourStatus> others) {
    Set<NeighbourStatus> fresh = new LinkedHashSet<>(these);
    fresh.removeAll(Set.copyOf(others));
    if (fresh.isEmpty()) {
      return;
    }
    LOG.info(
        "{}: {}",
        type == EventType.NEIGHBOUR ? "others on the same hooks" : "gone from the hooks",
        fresh.stream().map(NeighbourStatus::text).collect(Collectors.joining("; ")));
    for (NeighbourStatus one : fresh) {
      events.publish(NodeEventView.ofEndpoint(Clock.systemUTC().instant(), type, "", one.text()));
    }
  }
}
