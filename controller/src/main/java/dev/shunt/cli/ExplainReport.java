package dev.shunt.cli;

import dev.shunt.v1.Connection;
import dev.shunt.v1.ExplainConnectionRequest;
import dev.shunt.v1.ExplainConnectionResponse;
import dev.shunt.v1.ExplainStep;

/** The explanation of one connection for people and for scripts. */
final class ExplainReport {
  private final Output out;
  private final String query;

  ExplainReport(Output out, String query) {
    this.out = out;
    this.query = query;
  }

  int write(NodeSession session) {
    ExplainConnectionResponse answer =
        session
            .node()
            .explainConnection(ExplainConnectionRequest.newBuilder().setConnection(query).build());
    out.result(MessageTree.of(answer), text(answer));
    return ExitCode.OK;
  }

  private String text(ExplainConnectionResponse answer) {
    StringBuilder text = new StringBuilder();
    text.append(end("connection", answer.getConnection()));
    text.append(answer.hasPeer() ? end("other end", answer.getPeer()) : "");
    text.append('\n');
    Table table =
        Table.of(Table.text("STEP"), Table.text("DONE"), Table.text("REASON"), Table.text(""));
    for (ExplainStep step : answer.getStepsList()) {
      String reason = Names.of(step.getReason());
      table.row(
          Names.of(step.getStep()),
          step.getReached() ? "yes" : "no",
          reason.equals("none") ? "" : reason,
          step.getText());
    }
    text.append(table.render()).append('\n');
    return text.append(out.paint().bold(answer.getSummary())).append('\n').toString();
  }

  private static String end(String name, Connection connection) {
    String place =
        connection.getCgroup().isEmpty()
            ? connection.getNamespace()
            : connection.getNamespace() + ", " + connection.getCgroup();
    return "%-10s %s -> %s (%s; socket %s)%n"
        .formatted(
            name,
            Addresses.local(connection),
            Addresses.remote(connection),
            place,
            Long.toUnsignedString(connection.getCookie()));
  }
}
