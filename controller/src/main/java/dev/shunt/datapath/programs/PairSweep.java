package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.PacketRun;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Sweeps pairs by their nonces: runs {@code sweep_pairs} on packets that name them. Stateless. */
final class PairSweep {
  /** Instead of a namespace: all ends, which can only leave. */
  static final long ANY_NAMESPACE = 0;

  private static final int ETHERNET_BYTES = 14;

  /** {@code struct sweep_head}. */
  private static final int HEAD_BYTES = 24;

  /**
   * {@code SWEEP_PAIRS}: less than a tenth of a millisecond during which the CPU does nothing else.
   */
  private static final int PAIRS_MAX = 128;

  private PairSweep() {}

  /**
   * Sweeps the ends of pairs that are in one network namespace.
   *
   * @param cookie of the namespace that the calling thread is in, or {@link #ANY_NAMESPACE}
   */
  static void run(BpfProgram program, long cookie, List<Long> nonces) {
    PacketRun packets = program.packetRun();
    for (int from = 0; from < nonces.size(); from += PAIRS_MAX) {
      int to = Math.min(nonces.size(), from + PAIRS_MAX);
      packets.verdict(packet(cookie, nonces.subList(from, to)));
    }
  }

  private static ByteBuffer packet(long cookie, List<Long> nonces) {
    ByteBuffer packet =
        ByteBuffer.allocate(HEAD_BYTES + nonces.size() * Long.BYTES).order(ByteOrder.nativeOrder());
    packet.position(ETHERNET_BYTES);
    packet.putShort((short) nonces.size()).putLong(cookie);
    nonces.forEach(packet::putLong);
    return packet.flip();
  }
}
