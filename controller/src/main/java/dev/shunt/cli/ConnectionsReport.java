package dev.shunt.cli;

import dev.shunt.v1.Connection;
import dev.shunt.v1.ListConnectionsRequest;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A list of connections for people and for scripts. */
final class ConnectionsReport {
  private final Output out;
  private final ListConnectionsRequest request;

  ConnectionsReport(Output out, ListConnectionsRequest request) {
    this.out = out;
    this.request = request;
  }

  int write(NodeSession session) {
    List<Connection> connections = new ArrayList<>();
    session.stream().listConnections(request).forEachRemaining(connections::add);
    out.result(document(connections), out.isText() ? text(connections) : "");
    return ExitCode.OK;
  }

  private Map<String, Object> document(List<Connection> connections) {
    Map<String, Object> document = new LinkedHashMap<>();
    if (!out.isText()) {
      document.put("connections", connections.stream().map(MessageTree::of).toList());
    }
    return document;
  }

  private static String text(List<Connection> connections) {
    Table table =
        Table.of(
            Table.text("NAMESPACE"),
            Table.text("LOCAL"),
            Table.text("REMOTE"),
            Table.text("STATE"),
            Table.text("STEP"),
            Table.text("REASON"),
            Table.number("AGE"),
            Table.number("REDIRECTED"),
            Table.number("BY TCP"),
            Table.text("ENDPOINT"),
            Table.number("COOKIE"));
    for (Connection connection : connections) {
      table.row(
          connection.getNamespace(),
          Addresses.local(connection),
          Addresses.remote(connection),
          connection.getTcpState(),
          Names.of(connection.getStep()),
          reason(connection),
          age(connection),
          Units.bytes(connection.getBytesRedirected()),
          Units.bytes(connection.getBytesPassed()),
          connection.getEndpoint(),
          Long.toUnsignedString(connection.getCookie()));
    }
    return table.render();
  }

  private static String reason(Connection connection) {
    String reason = Names.of(connection.getReason());
    return reason.equals("none") ? "-" : reason;
  }

  private static String age(Connection connection) {
    double nanos = connection.getAge().getSeconds() * 1e9 + connection.getAge().getNanos();
    return nanos == 0 ? "-" : Units.nanos(nanos);
  }
}
