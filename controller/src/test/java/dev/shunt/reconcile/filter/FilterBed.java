package dev.shunt.reconcile.filter;

import dev.shunt.datapath.layout.FilterPoint;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Fd;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.Linux;
import dev.shunt.datapath.libbpf.Netns;
import dev.shunt.datapath.libbpf.TcAttachment;
import dev.shunt.datapath.libbpf.TcAttachment.Spot;
import dev.shunt.datapath.libbpf.TestObjects;
import dev.shunt.datapath.programs.FilterDatapath;
import dev.shunt.datapath.programs.FilterDatapath.Hook;
import dev.shunt.datapath.programs.FilterPins;
import dev.shunt.datapath.programs.FilterStage;
import dev.shunt.desired.filter.FailSafe;
import dev.shunt.desired.filter.FilterDirection;
import dev.shunt.desired.filter.FilterMatch;
import dev.shunt.desired.filter.FilterPlacement;
import dev.shunt.desired.filter.PointRules;
import dev.shunt.desired.filter.compile.RuleSetCompiler;
import dev.shunt.desired.filter.compile.Slots;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.BooleanSupplier;

/**
 * A node of its own in a namespace, and a pod in another, named one: 10.9.0.1 and fd09::1 on the
 * node's end of a veth, 10.9.0.2 and fd09::2 in the pod.
 */
final class FilterBed implements AutoCloseable {
  private static final int ANSWER_MILLIS = 300;
  private static final int TRIES = 20; // a busy machine is late, and so are IPv6 neighbours
  private static final Libbpf LIBBPF = new Libbpf();

  final String pod = "shunt-filter-" + ProcessHandle.current().pid();
  final String device = "fnode0";
  private final Path pins = Linux.mountOf("bpf").orElseThrow().resolve(pod);
  private final Fd node = Netns.create();
  private final Path podFile = Path.of("/run/netns", pod);

  FilterBed() {
    ip("netns", "add", pod);
    onNode(
        () -> {
          ip("link", "set", "lo", "up");
          ip("link", "add", device, "type", "veth", "peer", "name", "eth0", "netns", pod);
          ip("addr", "add", "10.9.0.1/24", "dev", device);
          ip("addr", "add", "fd09::1/64", "dev", device, "nodad");
          return ip("link", "set", device, "up");
        });
    inPod(
        () -> {
          ip("link", "set", "lo", "up");
          ip("addr", "add", "10.9.0.2/24", "dev", "eth0");
          ip("addr", "add", "fd09::2/64", "dev", "eth0", "nodad");
          return ip("link", "set", "eth0", "up");
        });
  }

  static String ip(String... words) {
    List<String> command = new ArrayList<>(List.of("ip"));
    command.addAll(List.of(words));
    return TestObjects.run(command);
  }

  <T> T onNode(Callable<T> task) {
    return Netns.call(node, task);
  }

  <T> T inPod(Callable<T> task) {
    return Netns.call(podFile, task);
  }

  /** The engine, as a process that starts now would have it. */
  PacketFilters engine() {
    return engine(pins);
  }

  /** Another program's: it knows nothing of the engine's pins. */
  PacketFilters neighbour() {
    return engine(pins.resolveSibling(pod + "-neighbour"));
  }

  /** Makes the pins look like those of a version with another layout. */
  void renameLayout(String name) {
    try {
      Files.move(pins.resolve("filters-v" + FilterPins.LAYOUT_VERSION), pins.resolve(name));
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  private static PacketFilters engine(Path at) {
    return new NodePacketFilters(
        FilterStage.open(LIBBPF, at, Duration.ZERO), FailSafe.DEFAULT, SlotMemory.NONE);
  }

  /** Whether a datagram from the node gets an answer from the pod. */
  boolean nodeReachesPod(String address, int port) {
    return reaches(address, port, this::inPod, this::onNode);
  }

  /** Whether a datagram on the node gets an answer from the node. */
  boolean nodeReachesItself(String address, int port) {
    return reaches(address, port, this::onNode, this::onNode);
  }

  /** A filter attached the way of kernels before 6.6. */
  final class Clsact implements AutoCloseable {
    private final FilterDatapath datapath = FilterDatapath.load(LIBBPF);
    private final TcAttachment attachment;

    private Clsact(FilterPlacement where, FilterMatch match) {
      boolean in = where.direction() == FilterDirection.INGRESS; // out at the node's end
      int ifindex = onNode(() -> Linux.ifindex(device));
      PointRules rules =
          PointRules.of(
              where.direction(),
              List.of(NodePacketFiltersIT.filter(where, match)),
              FailSafe.DEFAULT);
      datapath
          .maps()
          .put(
              List.of(
                  new FilterPoint(ifindex, in ? FilterPoint.TC_EGRESS : FilterPoint.TC_INGRESS)),
              RuleSetCompiler.compile(rules, new Slots(), 1).pages());
      BpfProgram program = datapath.program(in ? Hook.EGRESS : Hook.INGRESS);
      attachment =
          onNode(
              () -> program.attachClsact(ifindex, in ? Spot.FILTER_EGRESS : Spot.FILTER_INGRESS));
    }

    int ifindex() {
      return attachment.ifindex();
    }

    @Override
    public void close() {
      onNode(
          () -> {
            attachment.detach();
            return attachment;
          });
      datapath.close();
    }
  }

  Clsact clsact(FilterPlacement where, FilterMatch match) {
    return new Clsact(where, match);
  }

  /** Runs something in one of the namespaces. */
  private interface Place {
    <T> T call(Callable<T> task);
  }

  /** Whether something is true now or some seconds later. */
  boolean soon(BooleanSupplier reached) {
    for (int i = 0; i < TRIES; i++) {
      if (reached.getAsBoolean()) {
        return true;
      }
    }
    return false;
  }

  private static boolean reaches(String address, int port, Place server, Place client) {
    DatagramSocket listener =
        server.call(() -> new DatagramSocket(new InetSocketAddress(address, port)));
    Thread echo = new Thread(() -> echo(listener), "filter-echo");
    echo.start();
    try {
      return client.call(() -> ask(address, port));
    } finally {
      listener.close();
      await(echo); // until then the kernel keeps the port of a socket that is read
    }
  }

  private static void await(Thread echo) {
    try {
      echo.join();
    } catch (InterruptedException interrupted) {
      throw new IllegalStateException("waiting for the echo", interrupted);
    }
  }

  private static void echo(DatagramSocket listener) {
    try {
      DatagramPacket packet = new DatagramPacket(new byte[16], 16);
      listener.receive(packet);
      listener.send(packet);
    } catch (IOException closed) {
      return; // nothing came
    }
  }

  private static boolean ask(String address, int port) throws IOException {
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.setSoTimeout(ANSWER_MILLIS);
      byte[] text = {1, 2, 3};
      socket.send(new DatagramPacket(text, text.length, InetAddress.getByName(address), port));
      socket.receive(new DatagramPacket(new byte[16], 16));
      return true;
    } catch (SocketTimeoutException none) {
      return false;
    }
  }

  @Override
  public void close() {
    ip("netns", "del", pod);
    node.close();
    try {
      Files.deleteIfExists(pins);
      Files.deleteIfExists(pins.resolveSibling(pod + "-neighbour"));
    } catch (IOException left) {
      throw new IllegalStateException(left);
    }
  }
}
