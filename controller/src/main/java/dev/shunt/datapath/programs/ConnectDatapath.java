package dev.shunt.datapath.programs;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.maps.ConnectMaps;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The programs that judge connections: loaded, pinned, attached. While they are attached every
 * connect() of the covered cgroups runs them, so a node without connect policies has none.
 *
 * <p>Used by one thread at a time; counters of the maps by any. Ends with {@link #remove} or {@link
 * #keep}, once.
 */
public final class ConnectDatapath {
  private static final Logger LOG = LoggerFactory.getLogger(ConnectDatapath.class);
  private static final String LSM_HOOK = "lsm/socket_connect";
  private static final int DISCARD_PORT = 9;
  private static final int EOPNOTSUPP = 95;

  /** In the order of attaching. */
  private static final Map<String, String> PROGRAMS = programs();

  private static Map<String, String> programs() {
    Map<String, String> programs = new LinkedHashMap<>();
    programs.put("connect_ipv4_hook", "cgroup/connect4");
    programs.put("connect_ipv6_hook", "cgroup/connect6");
    programs.put("send_ipv4_hook", "cgroup/sendmsg4");
    programs.put("send_ipv6_hook", "cgroup/sendmsg6");
    return programs;
  }

  /** Which hook sees connect(): {@code enum connect_rung}. */
  public enum Rung {
    /** The cgroup hooks see everything. */
    CGROUP(0),
    /** An LSM program sees connect(), the cgroup hooks what is no connect(). */
    LSM(1);

    private final int number;

    Rung(int number) {
      this.number = number;
    }

    /** The data path's number. */
    public int number() {
      return number;
    }
  }

  private final PinDirectory pins;
  private final BpfObject object;
  private final PinnedLinks links;
  private final ConnectMaps maps;
  private final List<Path> cgroups;
  private final Map<Path, Long> covered = new LinkedHashMap<>();
  private final Map<Path, String> errors = new LinkedHashMap<>();
  private Rung rung = Rung.CGROUP;
  private String lsmError = "";

  private ConnectDatapath(Libbpf libbpf, PinDirectory pins, BpfObject object, List<Path> cgroups) {
    this.pins = pins;
    this.object = object;
    this.cgroups = List.copyOf(cgroups);
    links = new PinnedLinks(libbpf, pins);
    maps = new ConnectMaps(object::map);
  }

  /**
   * Loads the programs on the pinned maps, if there are any, and attaches them: to the LSM hook if
   * the kernel lets them run there, and to the cgroups.
   *
   * @param base directory on a bpffs
   * @throws BpfException the kernel refused; what an earlier process had attached stays
   */
  public static ConnectDatapath open(
      Libbpf libbpf, Path base, CgroupTree tree, List<Path> cgroups) {
    String refusal = "";
    try {
      return attached(libbpf, ConnectImage.load(libbpf, base, Rung.LSM), tree, cgroups, Rung.LSM);
    } catch (BpfException refused) {
      refusal = String.valueOf(refused.getMessage());
      LOG.info("{}; judging connect() in the cgroup hooks", refusal);
    }
    ConnectDatapath datapath =
        attached(libbpf, ConnectImage.load(libbpf, base, Rung.CGROUP), tree, cgroups, Rung.CGROUP);
    datapath.lsmError = refusal;
    return datapath;
  }

  /** Versions with another map layout: these programs judge now. */
  private static void removeOthers(Libbpf libbpf, PinDirectory own) {
    for (PinDirectory other : own.others()) {
      new PinnedLinks(libbpf, other).detachAll();
      other.removeAll();
    }
  }

  private static ConnectDatapath attached(
      Libbpf libbpf, ConnectImage loaded, CgroupTree tree, List<Path> cgroups, Rung rung) {
    ConnectDatapath datapath = new ConnectDatapath(libbpf, loaded.pins(), loaded.object(), cgroups);
    try {
      datapath.attach(tree, rung);
      removeOthers(libbpf, loaded.pins());
      return datapath;
    } catch (RuntimeException failed) {
      datapath.links.undo();
      datapath.close();
      throw failed;
    }
  }

  private void attach(CgroupTree tree, Rung wanted) {
    cover(tree);
    if (wanted == Rung.LSM) {
      attachLsm();
    } else {
      maps.set("rung", Rung.CGROUP.number()); // first: no connect() may go unseen
      links.detach(ConnectImage.LSM_PROGRAM);
    }
    links.detachOthers(Set.of(ConnectImage.LSM_PROGRAM));
  }

  /** Attaching succeeds on kernels whose LSM list lacks bpf too, but nothing runs then. */
  private void attachLsm() {
    BpfProgram program = object.program(ConnectImage.LSM_PROGRAM);
    links.attachAnew(ConnectImage.LSM_PROGRAM, program::attachTrace);
    maps.set("lsm_probe", 1);
    connectOnce();
    if (maps.get("lsm_probe") != 0) {
      throw new BpfException(
          "run program", ConnectImage.LSM_PROGRAM + " at " + LSM_HOOK, EOPNOTSUPP);
    }
    rung = Rung.LSM;
    maps.set("rung", Rung.LSM.number());
  }

  /** A UDP connect() to loopback sends nothing. */
  private static void connectOnce() {
    try (DatagramChannel probe = DatagramChannel.open()) {
      probe.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), DISCARD_PORT));
    } catch (IOException denied) {
      LOG.debug("probe of {} ended with {}", LSM_HOOK, denied.getMessage());
    }
  }

  private void cover(CgroupTree tree) {
    Set<Long> scope = new HashSet<>();
    for (Path cgroup : cgroups) {
      long id = tree.id(cgroup);
      scope.add(cgroup.equals(tree.root()) ? 0 : id);
      coverOne(cgroup, id);
    }
    maps.scope(scope);
  }

  private void coverOne(Path cgroup, long id) {
    try (Fd directory = Linux.open(cgroup)) {
      for (String name : PROGRAMS.keySet()) {
        BpfProgram program = object.program(name);
        links.attach(link(name, id), program, () -> program.attachCgroup(directory));
      }
    }
    covered.put(cgroup, id);
  }

  private static String link(String program, long cgroup) {
    return program + "-" + cgroup;
  }

  /** Attaches to cgroups again that were removed and made anew, or whose links another detached. */
  public void repair(CgroupTree tree) {
    Set<Long> scope = new HashSet<>();
    for (Path cgroup : cgroups) {
      String error = "the cgroup is gone; covered again when it is back";
      if (Files.isDirectory(cgroup)) {
        try {
          long id = tree.id(cgroup);
          scope.add(cgroup.equals(tree.root()) ? 0 : id);
          repairOne(cgroup, id);
          error = "";
        } catch (BpfException failed) {
          error = failed.getMessage() + "; tried again in a moment";
        }
      }
      if (!error.equals(errors.put(cgroup, error)) && !error.isEmpty()) {
        LOG.warn("cgroup {}: {}; connect policies do not hold in it", cgroup, error);
      }
    }
    maps.scope(scope);
  }

  private void repairOne(Path cgroup, long id) {
    Long before = covered.get(cgroup);
    boolean same = before != null && before == id;
    if (same && PROGRAMS.keySet().stream().allMatch(name -> links.isAttached(link(name, id)))) {
      return;
    }
    if (before != null && !same) {
      PROGRAMS.keySet().forEach(name -> links.detach(link(name, before)));
    }
    for (String name : PROGRAMS.keySet()) {
      if (!links.isAttached(link(name, id))) {
        links.detach(link(name, id));
      }
    }
    coverOne(cgroup, id);
  }

  /** The maps. */
  public ConnectMaps maps() {
    return maps;
  }

  /** Which hook sees connect(). */
  public Rung rung() {
    return rung;
  }

  /** Every program and its hook. */
  public List<HookState> hooks() {
    List<HookState> states = new ArrayList<>();
    if (rung == Rung.LSM) {
      states.add(state(ConnectImage.LSM_PROGRAM, LSM_HOOK, ""));
    } else {
      states.add(new HookState(ConnectImage.LSM_PROGRAM, LSM_HOOK, lsmError, 0, 0));
    }
    PROGRAMS.forEach(
        (name, hook) -> {
          for (Path cgroup : cgroups) {
            states.add(state(name, hook + " " + cgroup, errors.getOrDefault(cgroup, "")));
          }
        });
    return states;
  }

  private HookState state(String name, String hook, String error) {
    var usage = object.program(name).usage();
    return new HookState(name, hook, error, usage.runCount(), usage.runTimeNanos());
  }

  /** Detaches and unpins everything: nothing is judged any more. */
  public void remove() {
    links.detachAll();
    close();
    pins.removeAll();
  }

  /** Leaves everything attached and pinned for the next process. */
  public void keep() {
    close();
  }

  private void close() {
    maps.close();
    links.close();
    object.close();
  }

  /** What processes of any layout pinned under a directory, one line each. */
  public static List<String> parts(Path base) {
    List<String> parts = new ArrayList<>();
    for (PinDirectory pins : PinDirectory.all(base, ConnectImage.FAMILY)) {
      pins.linkNames().forEach(name -> parts.add("program " + name));
      pins.mapNames().forEach(name -> parts.add("map " + name));
    }
    return parts;
  }

  /** Detaches and unpins what processes of any layout left. */
  public static void removeLeftOver(Libbpf libbpf, Path base) {
    for (PinDirectory pins : PinDirectory.all(base, ConnectImage.FAMILY)) {
      new PinnedLinks(libbpf, pins).detachAll();
      pins.removeAll();
    }
  }
}
