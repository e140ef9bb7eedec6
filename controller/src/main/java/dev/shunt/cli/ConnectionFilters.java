package dev.shunt.cli;

import dev.shunt.v1.ListConnectionsRequest;
import dev.shunt.v1.Reason;
import dev.shunt.v1.Step;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** Filter options as a request. Stateless. */
final class ConnectionFilters {
  private ConnectionFilters() {}

  /** Where a connection is; 0 and empty mean any. */
  record Place(int port, String address, String namespace, String endpoint) {}

  /** How far it came, by name; empty means any; a limit of 0 means all. */
  record Stage(List<String> steps, List<String> reasons, int limit) {}

  /**
   * The request.
   *
   * @throws ParameterException for a value that no node takes; addresses are left to the node
   */
  static ListConnectionsRequest request(CommandSpec spec, Place place, Stage stage) {
    int port = new OptionValues(spec).port("--port", place.port());
    if (stage.limit() < 0) {
      throw wrong(spec, "--limit: " + stage.limit() + " (expected: 0 or more)");
    }
    return ListConnectionsRequest.newBuilder()
        .setPort(port)
        .setAddress(place.address())
        .setNamespace(place.namespace())
        .setEndpoint(place.endpoint())
        .addAllSteps(Names.parse(spec, "--step", stage.steps(), Step.values()))
        .addAllReasons(Names.parse(spec, "--reason", stage.reasons(), Reason.values()))
        .setLimit(stage.limit())
        .build();
  }

  private static ParameterException wrong(CommandSpec spec, String message) {
    return new ParameterException(spec.commandLine(), message);
  }
}
