package dev.shunt.e2e.bench;

import dev.shunt.cli.CommandProvider;
import java.util.Collection;
import java.util.List;

/** Brings {@code shunt bench} to the command line. Main thread; keeps nothing. */
public final class BenchCommands implements CommandProvider {
  @Override
  public Collection<Object> commands() {
    return List.of(new BenchCommand());
  }
}
