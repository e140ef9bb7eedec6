package dev.shunt.cluster;

import dev.shunt.cli.CommandProvider;
import java.util.Collection;
import java.util.List;

/** Adds {@code shunt control-plane} and {@code shunt policy} to the command line. */
public final class ClusterCommandProvider implements CommandProvider {
  @Override
  public Collection<Object> commands() {
    return List.of(new ControlPlaneCommand(), new PolicyCommand());
  }
}
