package dev.shunt.datapath.programs;

import dev.shunt.datapath.libbpf.BpfObject;
import dev.shunt.datapath.libbpf.ProbeLink;
import dev.shunt.datapath.libbpf.UserCode;

/**
 * A place in code of programs that a module attaches to.
 *
 * @param program of the module's object
 * @param place for people
 * @param point where it is in the code
 * @param isOptional code without it is of use all the same
 * @param attach how the program gets there
 */
record CodeProbe(
    String program, String place, ProbePoint point, boolean isOptional, Attach attach) {
  /** Attaches one program to one file. */
  interface Attach {
    ProbeLink to(BpfObject object, UserCode code);
  }

  /** Where a function begins. */
  static CodeProbe entry(String program, String function) {
    return new CodeProbe(
        program,
        function,
        ProbePoint.ENTRY,
        false,
        (object, code) -> object.attachEntry(program, code, function));
  }

  /** Where a function returns. */
  static CodeProbe end(String program, String function) {
    return new CodeProbe(
        program,
        function,
        ProbePoint.RETURN,
        false,
        (object, code) -> object.attachReturn(program, code, function));
  }

  /** The same, of a function that some versions of the code do not have. */
  CodeProbe optional() {
    return new CodeProbe(program, place, point, true, attach);
  }

  /** A probe that the code was built with. */
  static CodeProbe usdt(String program, String probe) {
    return new CodeProbe(
        program,
        probe,
        ProbePoint.USDT,
        false,
        (object, code) -> object.attachUsdt(program, code, probe));
  }
}
