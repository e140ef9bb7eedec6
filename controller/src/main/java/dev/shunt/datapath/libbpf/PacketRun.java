package dev.shunt.datapath.libbpf;

import java.nio.ByteBuffer;

/**
 * Runs a packet program on packets of the caller's, without an interface ({@code
 * BPF_PROG_TEST_RUN}): as if they came in at the loopback interface of the calling thread's network
 * namespace. Used by one thread; lasts as long as the program.
 */
public final class PacketRun {
  /** Longest packet. */
  public static final int BYTES_MAX = 3072;

  private static final int OPTIONS_BYTES = 80;
  private static final int DATA_IN = 8;
  private static final int SIZE_IN = 24;
  private static final int SIZE_OUT = 28;
  private static final int RESULT = 56;
  private static final int REPEAT = 60;
  private static final int DURATION = 64;

  private final Libbpf libbpf;
  private final BpfProgram program;
  private final NativeBuffer packet = new NativeBuffer(BYTES_MAX);
  private final NativeBuffer options = new NativeBuffer(OPTIONS_BYTES);

  PacketRun(Libbpf libbpf, BpfProgram program) {
    this.libbpf = libbpf;
    this.program = program;
  }

  /**
   * Runs once.
   *
   * @param frame from position to limit, 14..{@value #BYTES_MAX} bytes
   * @return what the program returns
   */
  public int verdict(ByteBuffer frame) {
    run(frame, 1);
    return options.getInt(RESULT);
  }

  /** Mean time of one run in nanoseconds, as the kernel measures it. */
  public int nanosPerRun(ByteBuffer frame, int repeat) {
    run(frame, repeat);
    return options.getInt(DURATION);
  }

  private void run(ByteBuffer frame, int repeat) {
    int bytes = frame.remaining();
    packet.bytes().put(0, frame, frame.position(), bytes);
    options.putLong(0, OPTIONS_BYTES).putLong(DATA_IN, packet.address()).putInt(SIZE_IN, bytes);
    options.putInt(SIZE_OUT, 0).putInt(REPEAT, repeat); // the size is the kernel's answer too
    int result = libbpf.calls().bpf_prog_test_run_opts(program.fd().number(), options.pointer());
    options.fence();
    packet.fence();
    Libbpf.check(result, "run program", program + " on a packet of " + bytes + " bytes");
  }
}
