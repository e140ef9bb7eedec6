package dev.shunt.datapath.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class BpfAttachIT {
  private static final byte[] BASIC = TestObjects.compile("basic");
  private static final Libbpf LIBBPF = new Libbpf();
  private static final String OWN = "libbpf-" + ProcessHandle.current().pid();

  private final BpfObject object = LIBBPF.open("basic", BASIC);
  private final Path cgroup = Linux.mountOf("cgroup2").orElseThrow().resolve(OWN);
  private final Path pin = Linux.mountOf("bpf").orElseThrow().resolve(OWN + "-link");

  @BeforeEach
  void load() throws IOException {
    object.load();
    Files.createDirectories(cgroup);
  }

  @AfterEach
  void close() throws IOException {
    object.close();
    Files.deleteIfExists(pin);
    Files.delete(cgroup);
  }

  private long counter(String variable) {
    try (MappedMemory bss = object.map(".bss").mmap()) {
      return bss.buffer().getLong(object.btf().variable(variable).offset());
    }
  }

  /** Connects from a shell inside the cgroup and sends a line. */
  private void connectFromCgroup() throws IOException {
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String script =
          "echo $$ > %s/cgroup.procs; exec 3<>/dev/tcp/127.0.0.1/%d; echo hello >&3; read -u 3 x"
              .formatted(cgroup, server.getLocalPort());
      Process shell = new ProcessBuilder("bash", "-c", script).start();
      try (Socket accepted = server.accept()) {
        byte[] line = accepted.getInputStream().readNBytes(6);
        assertThat(line).isEqualTo("hello\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
        accepted.getOutputStream().write('\n');
      }
      assertThat(shell.onExit().join().exitValue()).isZero();
    }
  }

  @Test
  void attachCgroup_sockopsAndSkMsg_seeTheConnection() throws IOException {
    object.program("on_message").attachSkMsg(object.map("sockets"));
    try (Fd group = Linux.open(cgroup);
        BpfLink link = object.program("on_established").attachCgroup(group);
        BpfLink options = object.program("on_option").attachCgroup(group)) {
      connectFromCgroup();
      assertThat(counter("established")).isEqualTo(1);
      assertThat(counter("messages")).isEqualTo(1);
      assertThat(link.programId()).isEqualTo(object.program("on_established").id());
      assertThat(options.programId()).isEqualTo(object.program("on_option").id());
    }
    object.program("on_message").detachSkMsg(object.map("sockets"));
    assertThatThrownBy(() -> object.program("on_message").detachSkMsg(object.map("sockets")))
        .isInstanceOf(BpfException.class)
        .hasMessageStartingWith("detach program on_message from map sockets failed: ");
  }

  @Test
  void update_attachedLink_runsTheOtherProgram() throws IOException {
    try (Fd group = Linux.open(cgroup);
        BpfLink link = object.program("on_established").attachCgroup(group)) {
      link.update(object.program("on_established_ten"));
      connectFromCgroup();
      assertThat(counter("established")).isEqualTo(10);
    }
  }

  @Test
  void pinnedLink_closedAndReopened_staysAttachedUntilDetached() throws IOException {
    try (Fd group = Linux.open(cgroup);
        BpfLink link =
            object.program("on_established").attachCgroup(group, AttachType.CGROUP_SOCK_OPS)) {
      link.pin(pin);
    }
    connectFromCgroup();
    assertThat(counter("established")).isEqualTo(1);
    try (BpfLink reopened = LIBBPF.openLink(pin).orElseThrow()) {
      reopened.detach();
    }
    connectFromCgroup();
    assertThat(counter("established")).isEqualTo(1);
  }

  @Test
  void closedLink_withoutPin_isDetached() throws IOException {
    try (Fd group = Linux.open(cgroup)) {
      object.program("on_established").attachCgroup(group).close();
    }
    connectFromCgroup();
    assertThat(counter("established")).isZero();
  }

  @Test
  void attachTcIngress_tcx_seesPacketsOfItsNamespace() {
    try (TestNetns netns = new TestNetns()) {
      TcAttachment tc =
          netns.call(() -> object.program("on_packet").attachTcIngress(Linux.ifindex("lo")));
      assertThat(tc.link()).isPresent();
      netns.sendPackets(3);
      assertThat(counter("packets")).isGreaterThanOrEqualTo(3);
      tc.detach();
      long before = counter("packets");
      netns.sendPackets(3);
      assertThat(counter("packets")).isEqualTo(before);
      tc.close();
    }
  }

  @Test
  void attachClsact_twice_replacesAndLeavesNothing() {
    try (TestNetns netns = new TestNetns()) {
      BpfProgram program = object.program("on_packet");
      TcAttachment tc =
          netns.call(() -> program.attachClsact(TestNetns.LOOPBACK, TcAttachment.Spot.ADOPTION));
      netns.call(() -> program.attachClsact(TestNetns.LOOPBACK, TcAttachment.Spot.ADOPTION));
      assertThat(tc.link()).isEmpty();
      long before = counter("packets");
      netns.sendPackets(2);
      /* a datagram and the ICMP answer to it, each seen by one filter */
      assertThat(counter("packets") - before).isBetween(2L, 4L);
      netns.call(
          () -> {
            tc.detach();
            return TestObjects.run(List.of("ip", "link", "show", "lo"));
          });
      long after = counter("packets");
      netns.sendPackets(2);
      assertThat(counter("packets")).isEqualTo(after);
      assertThat(netns.call(() -> TestObjects.run(List.of("tc", "qdisc", "show", "dev", "lo"))))
          .doesNotContain("clsact");
    }
  }

  @Test
  void attachTcIngress_missingInterface_isRefused() {
    assertThatThrownBy(() -> object.program("on_packet").attachTcIngress(999_999))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("ENODEV/19");
  }

  @Test
  void attachTracepoint_splice_countsCalls() throws IOException, InterruptedException {
    try (BpfLink link =
        object.program("on_splice").attachTracepoint("syscalls", "sys_enter_splice")) {
      long before = counter("splices");
      Process spliced =
          new ProcessBuilder(
                  "python3",
                  "-c",
                  "import ctypes,os; r,w=os.pipe();"
                      + " ctypes.CDLL(None).splice(r,None,w,None,1,2)")
              .start();
      spliced.waitFor();
      assertThat(counter("splices")).isGreaterThan(before);
      assertThat(link.programId()).isEqualTo(object.program("on_splice").id());
    }
  }

  @Test
  void attachTracepoint_absent_isRefused() {
    assertThatThrownBy(() -> object.program("on_splice").attachTracepoint("none", "none"))
        .isInstanceOf(BpfException.class)
        .hasMessageContaining("ENOENT");
  }

  @Test
  void attachRawTracepoint_withStats_measuresRuns() {
    BpfProgram program = object.program("on_any_call");
    try (Fd stats = LIBBPF.enableStats();
        BpfLink link = program.attachRawTracepoint("sys_enter")) {
      assertThat(stats.isOpen()).isTrue();
      assertThat(link.programId()).isEqualTo(program.id());
      ProgramUsage usage = program.usage();
      assertThat(usage.runCount()).isPositive();
      assertThat(usage.runTimeNanos()).isPositive();
    }
  }
}
