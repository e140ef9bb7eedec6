package dev.shunt.e2e.verify.filters;

import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.IpFamily;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/** Builds a frame layer by layer; checksums are left out: filters do not look at them. */
final class FrameWriter {
  private static final int MAC_BYTES = 12;
  private static final int V4_HEADER = 20;
  private static final int V6_HEADER = 40;

  private final IpAddress source;
  private final IpAddress destination;
  private final List<Integer> tags = new ArrayList<>();
  private final ByteArrayOutputStream extensions = new ByteArrayOutputStream();
  private int options;
  private int pieces;
  private int firstExtension = -1;
  private int lastNextAt = -1;
  private int protocol = 59;
  private byte[] payload = {};

  private FrameWriter(IpAddress source, IpAddress destination) {
    this.source = source;
    this.destination = destination;
  }

  /** Between two addresses of one family. */
  static FrameWriter ip(String source, String destination) {
    return new FrameWriter(IpAddress.parse(source), IpAddress.parse(destination));
  }

  static FrameWriter ip(IpAddress source, IpAddress destination) {
    return new FrameWriter(source, destination);
  }

  /** Adds a VLAN tag, the outermost first. */
  FrameWriter tag(int tagProtocol) {
    tags.add(tagProtocol);
    return this;
  }

  /** Adds words of IPv4 options, 0..10. */
  FrameWriter options(int words) {
    options = words;
    return this;
  }

  /** The fragment field of IPv4: more-fragments 0x2000, offset in units of 8. */
  FrameWriter pieces(int field) {
    pieces = field;
    return this;
  }

  /** Adds an IPv6 extension header of {@code units} further units, as its type counts them. */
  FrameWriter extension(int type, int units, int field) {
    link(type);
    int bytes = type == 51 ? (units + 2) * 4 : (units + 1) * 8;
    byte[] header = new byte[type == 44 ? 8 : bytes];
    header[1] = (byte) units;
    header[2] = (byte) (field >> Byte.SIZE);
    header[3] = (byte) field;
    lastNextAt = extensions.size();
    extensions.writeBytes(header);
    return this;
  }

  private void link(int type) {
    if (firstExtension < 0) {
      firstExtension = type;
      return;
    }
    byte[] sofar = extensions.toByteArray();
    sofar[lastNextAt] = (byte) type;
    extensions.reset();
    extensions.writeBytes(sofar);
  }

  FrameWriter tcp(int sourcePort, int destinationPort, int flags) {
    byte[] header = new byte[20];
    ports(header, sourcePort, destinationPort);
    header[12] = 5 << 4;
    header[13] = (byte) flags;
    return protocol(6, header);
  }

  FrameWriter udp(int sourcePort, int destinationPort) {
    byte[] header = new byte[8];
    ports(header, sourcePort, destinationPort);
    return protocol(17, header);
  }

  FrameWriter sctp(int sourcePort, int destinationPort) {
    byte[] header = new byte[12];
    ports(header, sourcePort, destinationPort);
    return protocol(132, header);
  }

  FrameWriter icmp(int type, int code) {
    byte[] header = {(byte) type, (byte) code, 0, 0, 0, 0, 0, 0};
    return protocol(source.family() == IpFamily.V4 ? 1 : 58, header);
  }

  /** Any protocol with any bytes. */
  FrameWriter protocol(int number, byte[] bytes) {
    protocol = number;
    payload = bytes;
    return this;
  }

  private static void ports(byte[] header, int sourcePort, int destinationPort) {
    put16(header, 0, sourcePort);
    put16(header, 2, destinationPort);
  }

  private static void put16(byte[] bytes, int at, int value) {
    bytes[at] = (byte) (value >> Byte.SIZE);
    bytes[at + 1] = (byte) value;
  }

  byte[] bytes() {
    ByteArrayOutputStream frame = new ByteArrayOutputStream();
    frame.writeBytes(new byte[MAC_BYTES]);
    for (int tag : tags) {
      frame.writeBytes(new byte[] {(byte) (tag >> Byte.SIZE), (byte) tag, 0, 7});
    }
    boolean v4 = source.family() == IpFamily.V4;
    frame.writeBytes(v4 ? new byte[] {8, 0} : new byte[] {(byte) 0x86, (byte) 0xdd});
    frame.writeBytes(v4 ? ipv4() : ipv6());
    frame.writeBytes(payload);
    return frame.toByteArray();
  }

  private byte[] ipv4() {
    byte[] header = new byte[V4_HEADER + options * 4];
    header[0] = (byte) (0x40 | 5 + options);
    put16(header, 2, header.length + payload.length);
    put16(header, 6, pieces);
    header[8] = 64;
    header[9] = (byte) protocol;
    address(header, 12, source, 4);
    address(header, 16, destination, 4);
    return header;
  }

  private byte[] ipv6() {
    if (lastNextAt >= 0) {
      link(protocol);
    }
    byte[] header = new byte[V6_HEADER + extensions.size()];
    header[0] = 0x60;
    put16(header, 4, extensions.size() + payload.length);
    header[6] = (byte) (firstExtension < 0 ? protocol : firstExtension);
    header[7] = 64;
    address(header, 8, source, 16);
    address(header, 24, destination, 16);
    System.arraycopy(extensions.toByteArray(), 0, header, V6_HEADER, extensions.size());
    return header;
  }

  private static void address(byte[] header, int at, IpAddress address, int bytes) {
    for (int i = 0; i < bytes; i++) {
      header[at + i] = (byte) address.byteAt(16 - bytes + i);
    }
  }
}
