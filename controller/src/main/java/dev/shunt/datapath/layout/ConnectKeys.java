package dev.shunt.datapath.layout;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Keys of the connect rules' maps. Stateless. A prefix counts the 32 bits of the generation, in
 * host byte order, as its first.
 */
public final class ConnectKeys {
  /** {@code struct connect_rule_key}. */
  public static final StructLayout RULE =
      StructLayout.of("connect_rule_key").u32("generation", "rule").build();

  /** {@code struct connect_ipv4_key}. */
  public static final StructLayout IPV4 =
      StructLayout.of("connect_ipv4_key").u32("prefix_bits", "generation", "address_be").build();

  /** {@code struct connect_ipv6_key}. */
  public static final StructLayout IPV6 =
      StructLayout.of("connect_ipv6_key")
          .u32("prefix_bits", "generation")
          .u32Array("address_be", 4)
          .build();

  /** {@code struct connect_port_key}. */
  public static final StructLayout PORT =
      StructLayout.of("connect_port_key")
          .u32("prefix_bits", "generation")
          .u16("protocol_be", "port_be")
          .build();

  /** {@code struct connect_executable_key}. */
  public static final StructLayout EXECUTABLE =
      StructLayout.of("connect_executable_key")
          .u32("generation", "exe_dev")
          .u64("exe_inode")
          .build();

  /** {@code struct connect_place_key}. */
  public static final StructLayout PLACE =
      StructLayout.of("connect_place_key").u32("generation", "pad").u64("id").build();

  private static final int GENERATION_BITS = 32;
  private static final int PROTOCOL_BITS = 16;

  private ConnectKeys() {}

  /** Of a rule's row. */
  public static ByteBuffer rule(int generation, int rule) {
    ByteBuffer key = RULE.allocate();
    key.putInt(RULE.offset("generation"), generation);
    return key.putInt(RULE.offset("rule"), rule);
  }

  /**
   * Of a prefix.
   *
   * @param address 4 or 16 bytes
   * @param bits of the address that count
   */
  public static ByteBuffer address(int generation, byte[] address, int bits) {
    StructLayout layout = address.length == Integer.BYTES ? IPV4 : IPV6;
    ByteBuffer key = layout.allocate();
    key.putInt(layout.offset("prefix_bits"), GENERATION_BITS + bits);
    key.putInt(layout.offset("generation"), generation);
    key.put(layout.offset("address_be"), address);
    return key;
  }

  /**
   * Of a prefix of ports.
   *
   * @param protocol IANA number
   * @param bits of the port that count
   */
  public static ByteBuffer port(int generation, int protocol, int port, int bits) {
    ByteBuffer key = PORT.allocate();
    key.putInt(PORT.offset("prefix_bits"), GENERATION_BITS + PROTOCOL_BITS + bits);
    key.putInt(PORT.offset("generation"), generation);
    ByteBuffer network = key.duplicate().order(ByteOrder.BIG_ENDIAN);
    network.putShort(PORT.offset("protocol_be"), (short) protocol);
    network.putShort(PORT.offset("port_be"), (short) port);
    return key;
  }

  /** Of an executable; inode 0: any other. */
  public static ByteBuffer executable(int generation, long inode, int device) {
    ByteBuffer key = EXECUTABLE.allocate();
    key.putInt(EXECUTABLE.offset("generation"), generation);
    key.putInt(EXECUTABLE.offset("exe_dev"), device);
    return key.putLong(EXECUTABLE.offset("exe_inode"), inode);
  }

  /** Of a cgroup or a network namespace; id 0: any other. */
  public static ByteBuffer place(int generation, long id) {
    ByteBuffer key = PLACE.allocate();
    key.putInt(PLACE.offset("generation"), generation);
    return key.putLong(PLACE.offset("id"), id);
  }
}
