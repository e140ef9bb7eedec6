package dev.shunt.e2e.verify;

import dev.shunt.cli.CannotRunException;
import dev.shunt.cli.ExitCode;
import dev.shunt.datapath.libbpf.BpfException;
import dev.shunt.datapath.libbpf.LibbpfMissingException;
import dev.shunt.e2e.scene.AbortHook;
import dev.shunt.e2e.scene.SceneException;
import dev.shunt.e2e.scene.SceneSweep;
import dev.shunt.e2e.scene.SceneUnavailableException;
import dev.shunt.e2e.scene.Teardown;
import java.io.PrintWriter;
import java.util.function.ToIntFunction;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What every suite that builds scenes does around its cases: sweeps what killed runs left, removes
 * everything at the end or after a signal, tells a host that cannot run from a failure. One thread,
 * the command's.
 */
public final class SuiteFrame {
  private final CommandSpec command;

  /** A frame for {@code command}, which says on its standard error how far the suite is. */
  public SuiteFrame(CommandSpec command) {
    this.command = command;
  }

  /**
   * Runs a suite.
   *
   * @param suite returns its exit code; what it makes goes to the teardown
   * @return an {@link ExitCode}
   * @throws CannotRunException this host cannot run the suite
   */
  public int run(ToIntFunction<Teardown> suite) {
    Teardown teardown = new Teardown();
    AbortHook hook = AbortHook.install(command.name(), teardown::close);
    try {
      SceneSweep.removeLeftovers();
      return suite.applyAsInt(teardown);
    } catch (SceneUnavailableException | LibbpfMissingException | BpfException e) {
      throw new CannotRunException(String.valueOf(e.getMessage()), e);
    } catch (SceneException e) {
      if (!teardown.isClosed()) {
        say("shunt: " + e.getMessage());
      }
      return ExitCode.NEGATIVE;
    } finally {
      hook.close();
      teardown.close();
    }
  }

  /** Prints one line of progress at once. */
  public void say(String line) {
    PrintWriter err = command.commandLine().getErr();
    err.println(line);
    err.flush();
  }
}
