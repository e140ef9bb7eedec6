package dev.shunt.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.shunt.cli.ShuntCommand;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;

/** Commands of a user against the node behind a socket, run in this process. Stateless. */
record NodeClient(String socket) {

  /** What the command prints; fails unless it exits as expected. */
  String run(int expected, String... words) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    List<String> all = new ArrayList<>(List.of(words));
    all.add(1, "--socket=" + socket);
    int code =
        ShuntCommand.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute(all.toArray(String[]::new));
    assertThat(code).as("%s: %s", all, err).isEqualTo(expected);
    return out.toString();
  }
}
