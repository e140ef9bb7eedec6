package dev.shunt.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/**
 * {@code shunt rehearse}: runs the common commands against a stand-in, so that a class archive
 * (AppCDS) made from this run holds what they load: half of a command's start-up time. For the
 * launcher; hidden.
 */
@Command(
    name = "rehearse",
    hidden = true,
    description = "Load what the commands load, for the class archive. Talks to no node.")
public final class RehearseCommand implements Callable<Integer> {
  @Override
  public Integer call() throws Exception {
    Rehearsal.run();
    return ExitCode.OK;
  }
}
