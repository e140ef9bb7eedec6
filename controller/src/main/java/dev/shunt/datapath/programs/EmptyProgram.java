package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.BpfProgram;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.ProgramUsage;

/**
 * A program that does nothing: what the kernel counts for a run of it is the counting itself. Used
 * by one thread at a time; whoever loaded it closes it.
 */
public final class EmptyProgram implements AutoCloseable {
  private static final Image IMAGE = new Image("/bpf/empty.bpf.o");

  private final BpfObject object;
  private final BpfProgram program;

  private EmptyProgram(BpfObject object) {
    this.object = object;
    program = object.program("empty");
  }

  /**
   * Loads it; attached nowhere.
   *
   * @throws BpfException the kernel refused
   */
  public static EmptyProgram load(Libbpf libbpf) {
    BpfObject object = libbpf.open("empty", IMAGE.read());
    try {
      object.load();
      return new EmptyProgram(object);
    } catch (BpfException failed) {
      object.close();
      throw failed;
    }
  }

  /**
   * Runs it in the calling thread.
   *
   * @param times a microsecond or less each
   * @return what the kernel counted meanwhile, see {@link Libbpf#enableStats()}
   * @throws BpfException the kernel does not run it: older than 5.10
   */
  public ProgramUsage run(int times) {
    ProgramUsage before = program.usage();
    program.run(times);
    return program.usage().since(before);
  }

  @Override
  public void close() {
    object.close();
  }
}
