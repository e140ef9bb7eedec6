package dev.shunt.e2e.verify.scenes;

import dev.shunt.e2e.scene.Await;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneProcess;
import dev.shunt.e2e.scene.SceneRequirements;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** tcpdump on one device of a namespace. One thread; {@link #stop} ends it and reads the file. */
final class PacketCapture implements AutoCloseable {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final int ETHERNET_BYTES = 14;
  private static final int ETHER_TYPE_IP4 = 0x0800;
  private static final int ETHER_TYPE_IP6 = 0x86dd;
  private static final int IP6_BYTES = 40;
  private static final int TCP_BYTES = 20;
  private static final int TCP = 6;

  /** RFC 4727: experiments. Shunt's option is of the first kind. */
  private static final int KIND_EXPERIMENT = 253;

  private static final int KIND_EXPERIMENT_2 = 254;

  private final SceneProcess tcpdump;
  private final Path file;

  private PacketCapture(SceneProcess tcpdump, Path file) {
    this.tcpdump = tcpdump;
    this.file = file;
  }

  /**
   * What was captured. Immutable.
   *
   * @param tcp number of TCP packets
   * @param experiments those of them that have an experimental option
   */
  record Packets(int tcp, int experiments) {}

  /** Starts capturing; every packet from now on is in it. */
  static PacketCapture start(String namespace, String device, Path directory) {
    Path file = directory.resolve(device + ".pcap");
    List<String> argv = new ArrayList<>();
    argv.add(SceneRequirements.program("nsenter"));
    argv.add("--net=/run/netns/" + namespace);
    argv.add("--");
    argv.add(SceneRequirements.program("tcpdump"));
    argv.addAll(List.of("-Z", "root", "-B", "8192", "-s", "160", "-U", "-i", device));
    argv.addAll(List.of("-w", file.toString(), "tcp"));
    SceneProcess process =
        SceneProcess.start("tcpdump", argv, directory.resolve(device + "-tcpdump.log"));
    Await.until(() -> !process.isAlive() || process.log().contains("listening on"), LIMIT);
    if (!process.isAlive()) {
      throw new SceneException("start tcpdump failed: " + process.logTail());
    }
    return new PacketCapture(process, file);
  }

  /**
   * Ends the capture.
   *
   * @throws SceneException when the kernel dropped packets, which then may have been any
   */
  Packets stop() {
    tcpdump.terminate();
    tcpdump.awaitExit(LIMIT);
    if (!tcpdump.log().contains("\n0 packets dropped by kernel")) {
      throw new SceneException("capture failed: not every packet: " + tcpdump.logTail());
    }
    try {
      return read(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new SceneException("read " + file + " failed: " + e, e);
    }
  }

  /** Reads a file of pcap-savefile(5) with Ethernet frames, as this machine wrote it. */
  static Packets read(byte[] bytes) {
    ByteBuffer pcap = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
    pcap.position(24);
    int tcp = 0;
    int experiments = 0;
    while (pcap.remaining() >= 16) {
      int length = pcap.getInt(pcap.position() + 8);
      byte[] frame = new byte[length];
      pcap.position(pcap.position() + 16);
      pcap.get(frame);
      int header = tcpHeader(ByteBuffer.wrap(frame));
      if (header > 0) {
        tcp++;
        experiments += hasExperiment(ByteBuffer.wrap(frame), header) ? 1 : 0;
      }
    }
    return new Packets(tcp, experiments);
  }

  /** Where the TCP header begins; 0 when there is none. */
  private static int tcpHeader(ByteBuffer frame) {
    int type = frame.getShort(12) & 0xffff;
    if (type == ETHER_TYPE_IP4 && frame.get(ETHERNET_BYTES + 9) == TCP) {
      return ETHERNET_BYTES + (frame.get(ETHERNET_BYTES) & 15) * 4;
    }
    return type == ETHER_TYPE_IP6 && frame.get(ETHERNET_BYTES + 6) == TCP
        ? ETHERNET_BYTES + IP6_BYTES
        : 0;
  }

  private static boolean hasExperiment(ByteBuffer frame, int header) {
    int end = header + ((frame.get(header + 12) & 0xf0) >> 2);
    int at = header + TCP_BYTES;
    while (at < end) {
      int kind = frame.get(at) & 0xff;
      if (kind == KIND_EXPERIMENT || kind == KIND_EXPERIMENT_2) {
        return true;
      }
      if (kind == 0) {
        return false;
      }
      at += kind == 1 ? 1 : Math.max(2, frame.get(at + 1) & 0xff);
    }
    return false;
  }

  @Override
  public void close() {
    tcpdump.close();
  }
}
