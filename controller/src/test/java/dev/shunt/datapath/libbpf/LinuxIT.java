package dev.shunt.datapath.libbpf;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinuxIT {
  private static final Duration LIMIT = Duration.ofSeconds(5);

  @Test
  void netnsCookie_otherNamespace_differs() {
    long host = Linux.netnsCookie();
    try (TestNetns netns = new TestNetns()) {
      long inside = netns.call(Linux::netnsCookie);
      assertThat(inside).isNotEqualTo(host);
      assertThat(netns.call(Linux::netnsCookie)).isEqualTo(inside);
    }
    assertThat(Linux.netnsCookie()).isEqualTo(host);
    assertThat(Netns.call(Path.of("/proc/self/ns/net"), Linux::netnsCookie)).isEqualTo(host);
  }

  @Test
  void processCpu_busyThread_growsByItsTime() {
    long before = Linux.processCpuNanos();
    long threadBefore = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    long busy = 0;
    while (busy < Duration.ofMillis(50).toNanos()) {
      busy = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - threadBefore;
    }
    assertThat(Linux.processCpuNanos() - before).isBetween(busy, LIMIT.toNanos());
  }

  @Test
  void netnsCall_failingTask_throwsItsException() {
    try (TestNetns netns = new TestNetns()) {
      assertThatThrownBy(() -> netns.call(() -> Linux.ifindex("absent0")))
          .isInstanceOf(BpfException.class)
          .hasMessageStartingWith("find interface absent0 failed: ");
      assertThatThrownBy(
              () ->
                  netns.call(
                      () -> {
                        throw new TimeoutException("late");
                      }))
          .hasCauseInstanceOf(TimeoutException.class);
    }
    assertThatThrownBy(() -> Netns.call(Path.of("/run/netns/absent"), Linux::netnsCookie))
        .hasMessageContaining("ENOENT");
  }

  @Test
  void bringUp_loopback_carriesTraffic() {
    try (Fd namespace = Netns.create()) {
      assertThatThrownBy(() -> Netns.call(namespace, TestPair::connect))
          .isInstanceOf(BpfException.class);
      Netns.call(
          namespace,
          () -> {
            Linux.bringUp("lo");
            TestPair.connect().close();
            return namespace;
          });
      assertThatThrownBy(
              () ->
                  Netns.call(
                      namespace,
                      () -> {
                        Linux.bringUp("absent0");
                        return namespace;
                      }))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("absent0")
          .hasMessageContaining("ENODEV");
    }
  }

  @Test
  void facts_ofThisProcess_areRight() throws IOException {
    assertThat(Linux.effectiveUser()).isZero();
    assertThat(Linux.hasCapability(21)).isTrue(); /* CAP_SYS_ADMIN */
    Path cgroups = Linux.mountOf("cgroup2").orElseThrow();
    assertThat(Linux.cgroupId(cgroups)).isEqualTo(1);
    assertThat(Linux.mountOf("no-such-type")).isEmpty();
    assertThat(Files.isDirectory(Linux.tracefs().resolve("events"))).isTrue();
    FileIdentity java = Linux.identityOf(Path.of("/proc/self/exe"));
    assertThat(java.inode()).isEqualTo(Files.getAttribute(Path.of("/proc/self/exe"), "unix:ino"));
  }

  @Test
  void mountBpffs_emptyDirectory_takesPins(@TempDir Path directory) throws IOException {
    Linux.mountBpffs(directory);
    try {
      assertThat(Files.getFileStore(directory).type()).isEqualTo("bpf");
    } finally {
      TestObjects.run(List.of("umount", directory.toString()));
    }
    assertThatThrownBy(() -> Linux.mountBpffs(directory.resolve("absent")))
        .isInstanceOf(BpfException.class)
        .hasMessageStartingWith("mount bpf at ");
  }

  @Test
  void socket_nonBlocking_tellsWouldBlock() {
    try (TestNetns netns = new TestNetns();
        TestPair pair = netns.call(TestPair::connect)) {
      pair.server().setNonBlocking();
      ByteBuffer target = ByteBuffer.allocate(16);
      assertThat(pair.server().recv(target, 0)).isEqualTo(NativeSocket.WOULD_BLOCK);
      ByteBuffer message = ByteBuffer.wrap(new byte[] {1, 2, 3});
      assertThat(pair.client().send(message)).isEqualTo(3);
      assertThat(message.hasRemaining()).isFalse();
      assertThat(pair.server().poll(NativeSocket.POLLIN, LIMIT) & NativeSocket.POLLIN)
          .isEqualTo(NativeSocket.POLLIN);
      assertThat(pair.server().available()).isEqualTo(3);
      assertThat(pair.server().recv(target, 0)).isEqualTo(3);
      assertThat(target.position()).isEqualTo(3);
      pair.client().shutdown(NativeSocket.SHUT_WR);
      pair.server().poll(NativeSocket.POLLIN, LIMIT);
      assertThat(pair.server().recv(target, 0)).isZero();
      pair.server().setBlocking();
    }
  }

  @Test
  void socket_options_areReadBack() {
    try (TestNetns netns = new TestNetns();
        TestPair pair = netns.call(TestPair::connect)) {
      pair.client().setOption(1, 8, 65_536); /* SOL_SOCKET, SO_RCVBUF: the kernel doubles it */
      assertThat(pair.client().option(1, 8)).isEqualTo(131_072);
      assertThat(pair.client().option(1, 57)).isNotEqualTo(pair.server().option(1, 57));
    }
  }

  @Test
  void socket_nonBlockingListener_acceptsWhenOneCame() {
    try (TestNetns netns = new TestNetns();
        NativeSocket listener = netns.call(NativeSocket::ipv4);
        NativeSocket client = netns.call(NativeSocket::ipv4)) {
      listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      listener.setNonBlocking();
      listener.listen(1);
      assertThat(listener.accept()).isEmpty();
      client.setNonBlocking();
      client.connect(listener.localAddress());
      listener.poll(NativeSocket.POLLIN, LIMIT);
      listener.accept().orElseThrow().close();
      assertThatThrownBy(
              () -> client.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 1)))
          .hasMessageContaining("EINVAL/22");
    }
  }

  @Test
  void socket_refusedConnect_carriesErrno() throws UnknownHostException {
    byte[] loopback = new byte[16];
    loopback[15] = 1;
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getByAddress(loopback), 1);
    try (TestNetns netns = new TestNetns();
        NativeSocket client = netns.call(NativeSocket::ipv6)) {
      assertThatThrownBy(() -> client.connect(nobody))
          .isInstanceOf(BpfException.class)
          .hasMessageContaining("ECONNREFUSED/111");
    }
  }
}
