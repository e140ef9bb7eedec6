package dev.shunt.datapath.libbpf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs of others are found on every kind of packet hook. */
class AttachedProgramsIT {
  private static final Libbpf LIBBPF = new Libbpf();
  private static final AttachedPrograms ATTACHED = new AttachedPrograms(LIBBPF);
  private static final byte[] ELF = TestObjects.compile("owner");

  private static BpfObject object;

  @BeforeAll
  static void load() {
    object = LIBBPF.open("owner", ELF);
    object.load();
  }

  @AfterAll
  static void close() {
    object.close();
  }

  private static BpfProgram program() {
    return object.program("watch_packets");
  }

  private static String name(int id) {
    return ATTACHED.program(id).map(LoadedProgram::name).orElse("");
  }

  @Test
  void tcx_attached_isListedUntilDetached() {
    try (TestNetns netns = new TestNetns()) {
      TcAttachment tc = netns.call(() -> program().attachTcIngress(TestNetns.LOOPBACK));

      assertThat(tcx(netns)).containsExactly(program().id());
      assertThat(name(program().id())).isEqualTo("watch_packets");

      tc.detach();
      assertThat(tcx(netns)).isEmpty();
    }
  }

  private static List<Integer> tcx(TestNetns netns) {
    return netns.call(() -> ATTACHED.ofInterface(TestNetns.LOOPBACK, AttachType.TCX_INGRESS));
  }

  @Test
  void clsact_filter_isListedInItsDirection() {
    try (TestNetns netns = new TestNetns()) {
      assertThat(clsact(netns, TcFilters.Direction.INGRESS)).as("without clsact").isEmpty();
      TcAttachment tc =
          netns.call(
              () ->
                  TcAttachment.clsact(
                      LIBBPF, program(), TestNetns.LOOPBACK, TcAttachment.Spot.ADOPTION));

      assertThat(clsact(netns, TcFilters.Direction.INGRESS)).containsExactly(program().id());
      assertThat(clsact(netns, TcFilters.Direction.EGRESS)).isEmpty();
      tc.close();
    }
  }

  private static List<Integer> clsact(TestNetns netns, TcFilters.Direction direction) {
    return netns.call(() -> ATTACHED.filters(TestNetns.LOOPBACK, direction));
  }

  @Test
  void xdp_attached_isNamed(@TempDir Path directory) throws IOException {
    Path file = Files.write(directory.resolve("owner.o"), ELF);
    try (TestNetns netns = new TestNetns()) {
      assertThat(xdp(netns)).isEmpty();
      netns.call(
          () ->
              TestObjects.run(
                  List.of(
                      "ip",
                      "link",
                      "set",
                      "lo",
                      "xdpgeneric",
                      "obj",
                      file.toString(),
                      "sec",
                      "xdp")));

      assertThat(name(xdp(netns).orElseThrow())).isEqualTo("see_frames");
    }
  }

  private static OptionalInt xdp(TestNetns netns) {
    return netns.call(() -> ATTACHED.xdp(TestNetns.LOOPBACK));
  }
}
