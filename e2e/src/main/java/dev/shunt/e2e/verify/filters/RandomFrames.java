package dev.shunt.e2e.verify.filters;

import dev.shunt.desired.filter.IpAddress;
import dev.shunt.desired.filter.IpFamily;
import java.util.Arrays;
import java.util.Random;

/** Random frames: well-formed, odd, cut short, and with bytes changed. The seed decides. */
final class RandomFrames {
  /** Fewer bytes the kernel does not take. */
  private static final int BYTES_MIN = 15;

  private static final int[] EXTENSIONS = {0, 43, 44, 51, 60};
  private static final int[] OTHERS = {2, 47, 50, 59, 88, 255};

  private final Random random;
  private final RandomRules values;

  RandomFrames(Random random, RandomRules values) {
    this.random = random;
    this.values = values;
  }

  byte[] next() {
    byte[] frame = build();
    if (random.nextInt(4) == 0) {
      frame = cut(frame);
    }
    if (random.nextInt(3) == 0) {
      for (int i = random.nextInt(4); i >= 0; i--) {
        frame[random.nextInt(frame.length)] = (byte) random.nextInt();
      }
    }
    return frame;
  }

  private byte[] cut(byte[] frame) {
    return Arrays.copyOf(frame, BYTES_MIN + random.nextInt(frame.length - BYTES_MIN + 1));
  }

  private byte[] build() {
    boolean v4 = random.nextBoolean();
    IpAddress source = v4 ? values.v4() : values.v6();
    FrameWriter frame = FrameWriter.ip(source, v4 ? values.v4() : values.v6());
    int tags = random.nextInt(3) == 0 ? random.nextInt(4) : 0;
    for (int i = 0; i < tags; i++) {
      frame.tag(random.nextBoolean() ? 0x8100 : 0x88a8);
    }
    if (source.family() == IpFamily.V4) {
      frame.options(random.nextInt(4) == 0 ? random.nextInt(11) : 0);
      frame.pieces(random.nextInt(4) == 0 ? pieces(0x2000, 1) : 0);
    } else {
      extensions(frame);
    }
    transport(frame);
    return frame.bytes();
  }

  private int pieces(int more, int unit) {
    return (random.nextBoolean() ? more : 0)
        | (random.nextBoolean() ? random.nextInt(9) * unit : 0);
  }

  private void extensions(FrameWriter frame) {
    int count = random.nextInt(3) == 0 ? random.nextInt(11) : 0;
    for (int i = 0; i < count; i++) {
      int units = random.nextInt(8) == 0 ? random.nextInt(40) : random.nextInt(3);
      int type = EXTENSIONS[random.nextInt(EXTENSIONS.length)];
      frame.extension(type, units, type == 44 ? pieces(1, 8) : random.nextInt(65536));
    }
  }

  private void transport(FrameWriter frame) {
    switch (random.nextInt(6)) {
      case 0 -> frame.udp(values.port(), values.port());
      case 1 -> frame.sctp(values.port(), values.port());
      case 2 -> frame.icmp(values.icmpType(), random.nextInt(4));
      case 3 -> frame.protocol(OTHERS[random.nextInt(OTHERS.length)], new byte[random.nextInt(30)]);
      default -> frame.tcp(values.port(), values.port(), random.nextInt(64));
    }
  }
}
