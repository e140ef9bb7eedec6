package dev.shunt.selftest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.datapath.host.CgroupTree;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.Neighbour;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Others on the same hooks are named, and nothing is lost beside them. */
class NeighboursIT {
  private static final String NAME = "neighbours-it-" + ProcessHandle.current().pid();
  private static final int BUSY = 19;

  private final CgroupTree tree = CgroupTree.find().orElseThrow();
  private final Path cgroup = tree.root().resolve(NAME);
  private final BpfObject other = new Libbpf().open("owner", TestObjects.compile("owner"));
  private CoveredPairs pairs;

  @BeforeEach
  void open() throws IOException {
    Files.createDirectory(cgroup);
    pairs = CoveredPairs.open(tree, cgroup, Path.of("/sys/fs/bpf", NAME));
    other.load();
  }

  @AfterEach
  void close() throws IOException {
    other.close();
    pairs.close();
    Files.delete(cgroup);
  }

  private List<Neighbour> look() {
    return pairs.datapath().neighbours().look(tree, List.of());
  }

  private static String me() {
    return "(pid %d)".formatted(ProcessHandle.current().pid());
  }

  @Test
  void sockmapOwner_holdsTheSockets_isNamedAndTrafficIsIntact() {
    assertThat(look()).noneMatch(one -> one.program().equals("take_sockets"));
    other.program("pass_messages").attachSkMsg(other.map("foreign_socks"));
    try (Fd directory = Linux.open(cgroup);
        BpfLink link = other.program("take_sockets").attachCgroup(directory)) {
      assertThat(link.isAttached()).isTrue();

      pairs.connected((client, server) -> CoveredPairs.talk(client, server, 20));

      assertThat(pairs.redirectedBytes()).isZero();
      assertThat(pairs.connections(BUSY)).isPositive();
      List<Neighbour> found = look();
      assertThat(found)
          .anySatisfy(
              one -> {
                assertThat(one.hook()).isEqualTo("cgroup/sock_ops");
                assertThat(one.where()).isEqualTo(cgroup.toString());
                assertThat(one.program()).isEqualTo("take_sockets");
                assertThat(one.id()).isEqualTo(other.program("take_sockets").id());
                assertThat(one.owner()).endsWith(me());
              })
          .anySatisfy(
              one -> {
                assertThat(one.hook()).isEqualTo("sockhash");
                assertThat(one.program()).isEqualTo("foreign_socks");
                assertThat(one.owner()).endsWith(me());
              });
      assertThat(found).noneMatch(one -> one.program().equals("pair") && isHere(one));
    }
    assertThat(look()).noneMatch(one -> one.program().equals("take_sockets"));
  }

  private boolean isHere(Neighbour one) {
    return one.where().equals(cgroup.toString());
  }
}
