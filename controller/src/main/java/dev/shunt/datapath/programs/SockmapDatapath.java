package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.host.NetworkNamespace;
import dev.shunt.datapath.layout.ConnectionRow;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Netns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockmap programs of this node: loaded, pinned, attached, drained.
 *
 * <p>Attaching, sweeping and stopping are serialised here; maps and dumps may be used from any
 * thread meanwhile. Ends with {@link #drain} or {@link #keep}, once.
 */
public final class SockmapDatapath {
  private static final Logger LOG = LoggerFactory.getLogger(SockmapDatapath.class);
  private static final Duration SWEEP_INTERVAL = Duration.ofMillis(50);

  /** How the data path came up. */
  public enum Start {
    /** Maps and links were made by this process. */
    FRESH,
    /** Pins of an earlier process are in use again. */
    READOPTED
  }

  private final PinDirectory pins;
  private final BpfObject object;
  private final SockmapMaps maps;
  private final PinnedLinks links;
  private final CgroupHooks cgroupHooks;
  private final TraitHooks traitHooks;
  private final AdoptionHooks adoption;
  private final Sweeper sweeper;
  private final BpfLink dumpLink;
  private final BpfLink unstickLink;
  private final Start start;
  private final Succession succession;
  private final Taps taps;
  private final Neighbours neighbours;

  private SockmapDatapath(Libbpf libbpf, PinDirectory pins, Program program, List<Path> cgroups) {
    this.pins = pins;
    object = program.object();
    start = pins.hasMaps() ? Start.READOPTED : Start.FRESH;
    for (String map : MapNames.ALL) {
      object.setPinPath(map, pins.map(map));
    }
    object.load();
    maps = SockmapMaps.of(object);
    taps = new Taps(libbpf, object, maps.config());
    neighbours = new Neighbours(libbpf, object, cgroups);
    links = new PinnedLinks(libbpf, pins);
    cgroupHooks = new CgroupHooks(object, links, cgroups);
    traitHooks = new TraitHooks(cgroupHooks, maps);
    adoption = new AdoptionHooks(object.program("adopt"), links);
    sweeper = new Sweeper(program.sweep(), object, maps.pairs());
    dumpLink = object.program("dump_connections").attachIter();
    unstickLink = object.program("reset_stuck").attachIter();
    succession =
        new Succession(
            pins,
            links,
            maps.config(),
            new OtherVersions(libbpf, pins),
            new Succession.Parts(sweeper, unstickLink, program.build()));
  }

  /**
   * Loads the programs, on the pinned maps if there are any. Nothing is attached yet and, on a
   * fresh start, the mode is off.
   *
   * @throws dev.shunt.datapath.libbpf.BpfException the kernel refused; nothing is left behind
   */
  public static SockmapDatapath open(Libbpf libbpf, PinDirectory pins, List<Path> cgroups) {
    Program program = Program.open(libbpf);
    PinDirectory own = pins.of(program.object());
    boolean fresh = !own.hasMaps();
    own.create();
    try {
      SockmapDatapath datapath = new SockmapDatapath(libbpf, own, program, cgroups);
      StartSettings.write(datapath.maps.config(), datapath.start);
      datapath.taps.reset();
      datapath.succession.begin();
      return datapath;
    } catch (RuntimeException failed) {
      program.object().close();
      if (fresh) {
        own.removeAll();
      }
      throw failed;
    }
  }

  /** How these programs follow others, and others will follow them. */
  public Succession succession() {
    return succession;
  }

  /** The taps that show messages. */
  public Taps taps() {
    return taps;
  }

  /** Who else is on the hooks. */
  public Neighbours neighbours() {
    return neighbours;
  }

  /** How it came up. */
  public Start start() {
    return start;
  }

  /** The typed maps. */
  public SockmapMaps maps() {
    return maps;
  }

  /** Attaches sk_msg: before any socket can become a member. */
  public synchronized void attachRedirect() {
    object.program("redirect").attachSkMsg(object.map(MapNames.MEMBERS));
  }

  /**
   * Attaches to the cgroups and the tracepoints. Sockets that listen already get their workload
   * first. After a failure call {@link #undo()}.
   */
  public synchronized void attachCgroups(CgroupTree tree) {
    markWorkloads();
    cgroupHooks.attachTraces();
    cgroupHooks.attachCgroups(tree);
  }

  private void markWorkloads() {
    try (BpfLink marks = object.program("mark_workloads").attachIter()) {
      marks.iterateFiles(Integer.BYTES, row -> {});
    }
  }

  /**
   * Attaches to cgroups again whose hooks were lost: removed and made anew, or detached by another.
   *
   * @param claim why a new cgroup may not be covered; empty when it may
   */
  public synchronized void repairCgroups(CgroupTree tree, Function<Path, String> claim) {
    if (cgroupHooks.repair(tree, claim)) {
      markWorkloads();
    }
  }

  /** Attaches or detaches the tracepoint of FIONREAD, as the self-test says. */
  public synchronized void guardFionread(FionreadGuard guard) {
    maps.config().set("fionread_guard", guard == FionreadGuard.NEEDED ? 1 : 0);
    traitHooks.watchFionread();
  }

  /** Watches for traits, as from the start: for what is accelerated, or soon may be. */
  public synchronized void watchTraits() {
    traitHooks.watch();
  }

  /** Watches no more, unless there are members still. Call it while nothing may be accelerated. */
  public synchronized void restTraits() {
    traitHooks.rest();
  }

  /** Detaches cgroup and trace links of an earlier process that this one did not take over. */
  public synchronized void dropStaleLinks(Set<Long> watchedNamespaces) {
    Set<String> keep = new HashSet<>(Set.of(PinnedVersion.SWEEP, PinnedVersion.RESET_STUCK));
    for (String name : pins.linkNames()) {
      if (AdoptionHooks.isHookOf(name, watchedNamespaces)) {
        keep.add(name);
      }
    }
    links.detachOthers(keep);
  }

  /** Removes what a failed start attached; what an earlier process had attached stays. */
  public synchronized void undo() {
    links.undo();
    succession.undo();
    close();
    if (start == Start.FRESH) {
      pins.removeAll();
    }
  }

  /**
   * Attaches adoption to interfaces of a namespace that lack it, while the budget lasts.
   *
   * @return interfaces that carry it
   */
  public synchronized List<String> hook(
      NetworkNamespace namespace, Map<String, Integer> interfaces, HookBudget budget) {
    sweeper.watch(namespace);
    return adoption.sync(namespace, interfaces, budget).interfaces();
  }

  /** Detaches adoption from a namespace. */
  public synchronized void unhook(NetworkNamespace namespace) {
    sweeper.forget(namespace);
    adoption.remove(namespace);
  }

  /** Why interfaces of a namespace carry no hook; empty when all do. */
  public synchronized String hookError(NetworkNamespace namespace) {
    return adoption.state(namespace.cookie()).error();
  }

  /** Every program and its hooks. */
  public synchronized List<HookState> hooks() {
    List<HookState> states = new ArrayList<>(cgroupHooks.states());
    adoption.describe().forEach(hook -> states.add(cgroupHooks.state("adopt", hook, "")));
    states.add(cgroupHooks.state(sweeper.hook().program(), sweeper.hook().hook(), ""));
    return states;
  }

  /** Revokes, removes and adopts what changed; milliseconds for thousands of connections. */
  public synchronized void sweep() {
    maps.config().set("sweep_wanted", 0);
    if (sweeper.run()) {
      maps.config().set("policy_changed", 0);
    }
  }

  /** Resets connections whose reader has spliced past redirected data for two seconds. */
  public synchronized void resetStuck(NetworkNamespace namespace) {
    Netns.call(namespace.fd(), () -> unstickLink.iterate(Integer.BYTES, row -> {}));
  }

  /** Shows every TCP socket of a namespace. The row is valid during the call only. */
  public void dump(NetworkNamespace namespace, Consumer<ConnectionRow> consumer) {
    Netns.call(
        namespace.fd(),
        () ->
            dumpLink.iterate(
                ConnectionRow.LAYOUT.size(), row -> consumer.accept(new ConnectionRow(row))));
  }

  /**
   * Moves all traffic back to TCP, waits until no redirected byte is unread, then detaches and
   * unpins everything.
   *
   * @param patience how long to wait for readers
   * @return sockets still members at the end: their readers have not read; the kernel keeps their
   *     bytes until they do
   */
  public synchronized long drain(Duration patience) {
    maps.config().set("draining", 1);
    long deadline = System.nanoTime() + patience.toNanos();
    long left = maps.pairs().fill().members();
    while (left > 0 && System.nanoTime() < deadline) {
      sweep();
      left = maps.pairs().fill().members();
      LockSupport.parkNanos(left > 0 ? SWEEP_INTERVAL.toNanos() : 0);
    }
    if (left > 0) {
      LOG.warn(
          "drain: {} sockets still hold unread redirected bytes after {} s; their programs stay"
              + " until they close",
          left,
          patience.toSeconds());
    }
    left += succession.others().drain(Duration.ofNanos(Math.max(0, deadline - System.nanoTime())));
    links.detachAll();
    object.program("redirect").detachSkMsg(object.map(MapNames.MEMBERS));
    close();
    pins.removeAll();
    return left;
  }

  /** Leaves everything attached and pinned for the next process. */
  public synchronized void keep() {
    close();
  }

  private void close() {
    maps.config().close();
    links.close();
    sweeper.close();
    List.of(dumpLink, unstickLink).forEach(BpfLink::close);
    object.close();
  }
}
