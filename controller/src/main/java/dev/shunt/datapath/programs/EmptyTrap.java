package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.BpfLink;
import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.Libbpf;
import dev.shunt.datapath.libbpf.ProbeLink;
import dev.shunt.datapath.libbpf.ProgramUsage;
import dev.shunt.datapath.libbpf.UserCode;
import java.util.ArrayList;
import java.util.List;

/**
 * A program that does nothing, attached to code of processes or to clocks: what such code takes
 * longer is what leads to the program. Used by one thread at a time; whoever loaded it closes it.
 */
public final class EmptyTrap implements AutoCloseable {
  private static final Image IMAGE = new Image("/bpf/empty.bpf.o");

  private final BpfObject object;
  private final String program;
  private final List<ProbeLink> probes = new ArrayList<>();
  private final List<BpfLink> clocks = new ArrayList<>();

  private EmptyTrap(BpfObject object, String program) {
    this.object = object;
    this.program = program;
  }

  /**
   * Loads one for code of processes.
   *
   * @throws BpfException the kernel refused
   */
  public static EmptyTrap probe(Libbpf libbpf) {
    return load(libbpf, "empty_probe");
  }

  /**
   * Loads one for clocks.
   *
   * @throws BpfException the kernel refused
   */
  public static EmptyTrap clock(Libbpf libbpf) {
    return load(libbpf, "empty_clock");
  }

  private static EmptyTrap load(Libbpf libbpf, String program) {
    BpfObject object = libbpf.open("empty", IMAGE.read());
    try {
      object.selectOnly(program);
      object.load();
      return new EmptyTrap(object, program);
    } catch (BpfException failed) {
      object.close();
      throw failed;
    }
  }

  /** Attaches it to where a function begins. */
  public void attachEntry(UserCode code, String function) {
    probes.add(object.attachEntry(program, code, function));
  }

  /** Attaches it to where a function returns. */
  public void attachReturn(UserCode code, String function) {
    probes.add(object.attachReturn(program, code, function));
  }

  /**
   * Attaches it to a clock of each CPU.
   *
   * @param hertz ticks of a second
   */
  public void attachClocks(int hertz) {
    clocks.addAll(object.program(program).attachClocks(hertz));
  }

  /** It is attached nowhere when this returns. */
  public void detach() {
    probes.forEach(ProbeLink::close);
    probes.clear();
    clocks.forEach(BpfLink::close);
    clocks.clear();
  }

  /** What the kernel counted so far, see {@link Libbpf#enableStats()}. */
  public ProgramUsage usage() {
    return object.program(program).usage();
  }

  @Override
  public void close() {
    detach();
    object.close();
  }
}
