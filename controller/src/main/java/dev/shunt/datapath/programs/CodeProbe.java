package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.ProbeLink;
import dev.shunt.datapath.libbpf.UserCode;

/**
 * A place in code of programs that a module attaches to.
 *
 * @param program of the module's object
 * @param place for people
 * @param isOptional code without it is of use all the same
 * @param attach how the program gets there
 */
record CodeProbe(String program, String place, boolean isOptional, Attach attach) {
  /** Attaches one program to one file. */
  interface Attach {
    ProbeLink to(BpfObject object, UserCode code);
  }

  /** A probe that the code was built with. */
  static CodeProbe usdt(String program, String probe) {
    return new CodeProbe(
        program, probe, false, (object, code) -> object.attachUsdt(program, code, probe));
  }
}
