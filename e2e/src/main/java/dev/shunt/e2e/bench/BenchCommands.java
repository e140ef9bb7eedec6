package dev.shunt.e2e.bench;

import dev.shunt.cli.CommandProvider;
import dev.shunt.e2e.bench.plane.NodesChildCommand;
import dev.shunt.e2e.bench.plane.PlaneChildCommand;
import java.util.Collection;
import java.util.List;

/**
 * Brings {@code shunt bench}, and the processes that it starts, to the command line. Main thread;
 * keeps nothing.
 */
public final class BenchCommands implements CommandProvider {
  @Override
  public Collection<Object> commands() {
    return List.of(new BenchCommand(), new PlaneChildCommand(), new NodesChildCommand());
  }
}
