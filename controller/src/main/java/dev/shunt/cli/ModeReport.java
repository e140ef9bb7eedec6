package dev.shunt.cli;

import dev.shunt.v1.GetStatusRequest;
import dev.shunt.v1.GetStatusResponse;
import dev.shunt.v1.Mode;
import dev.shunt.v1.SetModeRequest;
import dev.shunt.v1.SetModeResponse;
import java.util.Locale;

/** The host's mode for people and for scripts. Stateless. */
final class ModeReport {
  private ModeReport() {}

  /**
   * Sets the mode when a name is given, and writes the mode then in force.
   *
   * @param name of the proto's mode in lower case; empty to only show it
   */
  static int write(NodeSession session, Output out, String name) {
    SetModeResponse mode = name.isEmpty() ? show(session) : set(session, name);
    out.result(MessageTree.of(mode), text(mode));
    return ExitCode.OK;
  }

  private static SetModeResponse show(NodeSession session) {
    GetStatusResponse status = session.node().getStatus(GetStatusRequest.getDefaultInstance());
    return SetModeResponse.newBuilder()
        .setMode(status.getMode())
        .setModeOverride(status.getModeOverride())
        .build();
  }

  private static SetModeResponse set(NodeSession session, String name) {
    Mode mode = Mode.valueOf("MODE_" + name.toUpperCase(Locale.ROOT));
    return session.node().setMode(SetModeRequest.newBuilder().setMode(mode).build());
  }

  private static String text(SetModeResponse mode) {
    String name = Names.of(mode.getMode());
    if (mode.getModeOverride() == Mode.MODE_POLICY) {
      return name + " (as the policies say)\n";
    }
    String override = Names.of(mode.getModeOverride());
    return override.equals(name)
        ? name + " (set by 'shunt mode'; undo with 'shunt mode policy')\n"
        : name + " (" + override + " was set, but is not possible: see 'shunt status')\n";
  }
}
